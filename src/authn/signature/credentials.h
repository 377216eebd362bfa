// From an access key id and a session token to a caller and the secret that must have signed, and from a secret to the
// key of a day, region and service.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "authn/session_token.h"
#include "authn/signature/sigv4.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "crypto/vault.h"
#include "directory/caller.h"

namespace deputy::authn {

/// Why credentials are refused, in the order in which AWS looks (docs/wire.md, 3.1 rows 14 and 15, 3.3).
enum class CredentialFault : std::uint8_t {
  kUnknownKey,      // nobody issued it, it is inactive, or its user is gone
  kTokenMissing,    // a temporary key alone
  kTokenMalformed,  // no token of this server
  kTokenForeign,    // a token, but of another key
  kTokenExpired,
  kTokenFromFuture,  // made later than now: the clock went back, and nobody knows by how much it was wrong before
  kIssuerGone,       // the role, user or account behind the session was deleted, perhaps created again; or the account
                     // left the organization that assumed its root
};

/// Credentials that exist. Nothing says yet that the caller holds them: that is the signature's to prove.
struct Candidate {
  directory::Caller caller;
  const directory::AccessKey* long_term = nullptr;  // null for a session
  std::string session_secret;                       // empty for long-term keys
};

/// `token`: as sent; nothing or empty if there was none. It is looked at for temporary keys only.
Result<Candidate, CredentialFault> find_candidate(const directory::Snapshot& snapshot, const SessionTokens& tokens,
                                                  std::string_view access_key_id, std::optional<std::string_view> token,
                                                  Time now);

/// The derived key for the credential's scope, remembered a thread. Nothing if the vault cannot open the secret.
std::optional<crypto::HmacKey> signing_key(const crypto::Vault& vault, const Candidate& candidate,
                                           const Credential& credential);

}  // namespace deputy::authn
