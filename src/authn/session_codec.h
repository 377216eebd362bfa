// A session as bytes: what a session token seals (authn/session_token.h). The grammar is at the top of
// session_codec.cpp.
//
//   decode_session(encode_session(session)) == session
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "directory/session.h"

namespace deputy::authn {

/// Limits of the grammar that what identity providers say could exceed (SessionTokens::fits).
inline constexpr std::size_t kLongestPair = 4096, kMostFederatedKeys = 200;
/// Of GetScopedCredentials: policies that narrow a session one after the other.
inline constexpr std::size_t kMostScopedPolicies = 3;
/// MinimumSessionTokenSize is 4096 at most.
inline constexpr std::size_t kMostPadding = 4096;

/// `session` keeps the limits of the grammar; one that does not is refused when it comes back.
std::string encode_session(const directory::Session& session);

/// Nothing unless the bytes are exactly what encode_session makes. `compiled` stays null.
std::optional<directory::Session> decode_session(std::string_view bytes);

}  // namespace deputy::authn
