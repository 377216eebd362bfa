// A session as bytes: what a session token seals (authn/session_token.h). The grammar is at the top of
// session_codec.cpp.
//
//   decode_session(encode_session(session)) == session
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "directory/session.h"

namespace deputy::authn {

/// `session` keeps the limits of the grammar; one that does not is refused when it comes back.
std::string encode_session(const directory::Session& session);

/// Nothing unless the bytes are exactly what encode_session makes. `compiled` stays null.
std::optional<directory::Session> decode_session(std::string_view bytes);

}  // namespace deputy::authn
