// Tokens with any claims: JSON Web Tokens (RFC 7519) in compact form, signed with RS256 or ES256.
//
//   Claims claims;
//   TRY_VOID(claims.add("sub", "repo:octo-org/octo-repo:ref:refs/heads/main"));
//   TRY_VOID(claims.add_json("email_verified", "true"));
//   std::string token = sign_token(claims, keys.rsa, key_id(keys.rsa));
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "crypto/key_pair.h"
#include "host/files.h"

namespace deputy::identity_provider {

/// Names with their values, in the order of arrival. What the values are is nobody's business here: wrong ones are what
/// many tests are about.
class Claims {
 public:
  static constexpr std::size_t kMost = 1000;
  static constexpr std::size_t kMaxBytes = 64 * 1024;  // of names and values together; AWS takes tokens of 20,000

  // Errors are sentences: a claim that is there already, no UTF-8, no JSON, too many.
  host::Outcome<void> add(std::string_view name, std::string_view text);
  host::Outcome<void> add_json(std::string_view name, std::string_view json);
  /// All members of a JSON object.
  host::Outcome<void> add_all(std::string_view object);

  [[nodiscard]] bool has(std::string_view name) const;
  /// False: there is no such claim.
  bool remove(std::string_view name);
  [[nodiscard]] std::string json() const;

 private:
  host::Outcome<void> put(std::string_view name, std::string value);

  std::vector<std::pair<std::string, std::string>> all_;  // name, value as JSON
  std::size_t bytes_ = 0;
};

/// What every token has, where the claims do not say otherwise: iss, iat and nbf, exp, jti.
host::Outcome<void> add_usual_claims(Claims& claims, std::string_view issuer, Time now, std::chrono::seconds life);

/// Of an RSA key with RS256, of a P-256 key with ES256. `key_id` is what the header says.
std::string sign_token(const Claims& claims, const crypto::KeyPair& key, std::string_view key_id);

}  // namespace deputy::identity_provider
