// JSON Web Tokens in compact form (RFC 7515, RFC 7519), taken apart. Nothing here is believed: the signature is checked
// by whoever has the key (authn/federation/web_identity.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "authn/federation/json.h"

namespace deputy::authn {

struct Jwt {
  static constexpr std::size_t kMaxBytes = 20'000;  // AWS's limit of WebIdentityToken

  std::string signed_bytes;  // header and payload as sent, with the dot between
  std::string signature;
  std::string algorithm;  // of the header, whatever it says
  std::string key_id;     // empty: the header names none
  Json claims;            // an object

  /// Strict: three parts of canonical base64url without padding, two JSON objects, no extension that must be
  /// understood ("crit"). What the header says about where keys are (jku, jwk, x5u, x5c) is never looked at.
  static std::optional<Jwt> parse(std::string_view token);
};

}  // namespace deputy::authn
