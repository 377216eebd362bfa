// Outbound identity federation: tokens by which the principals of an account prove to others who they are, the keys
// that sign them, and the two documents by which anybody can check them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound.html
//
//   account.signing_keys.push_back(make_signing_key(vault, entropy, 0, now));      // when it is switched on
//   sign_identity_token(vault, *signing_key(account, now), algorithm, claims);     // a JWT
//   discovery_document(url), key_set(account);                                     // what <url>/.well-known/ serves
//
// Each account has keys of its own, as in AWS, so that a relying party which forgets to look at `iss` still takes no
// other account's tokens. They rotate as: published (`rotate_signing_keys`), known to relying parties (after kKnown),
// used; and they stay in the key set until the last token that they signed is over.
//
// INVARIANT: only public halves come out of here (IdentityTokenTest.OnlyPublicHalvesAreServed).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "crypto/random.h"
#include "crypto/signature.h"
#include "crypto/vault.h"
#include "directory/changes.h"
#include "directory/snapshot.h"

namespace deputy::authn {

/// A pair of keys signs for thirty days. AWS does not say how long its own do.
inline constexpr std::chrono::hours kSigningKeyLife{30 * 24};
/// Relying parties keep a key set for a day at most, unless they are told of a key that is not in it.
inline constexpr std::chrono::hours kKnown{24};

/// Under this path of the server lie the documents of all issuers; no bucket can have such a name.
inline constexpr std::string_view kIssuerPath = "/_deputy/oidc/";
inline constexpr std::string_view kDiscoveryPath = "/.well-known/openid-configuration";
inline constexpr std::string_view kKeySetPath = "/.well-known/jwks.json";

/// `iss`: behind the URL by which others reach the server ("https://deputy.example.com").
std::string issuer_url(std::string_view public_url, std::string_view issuer);

/// AWS takes none of its own tokens in AssumeRoleWithWebIdentity: they are for others. `issuer` is a provider's.
/// Error: InvalidIdentityToken.
Result<void> refuse_own_issuer(std::string_view issuer, std::string_view public_url);

/// Fresh keys, their private halves sealed for this account and number.
directory::SigningKey make_signing_key(const crypto::Vault& vault, crypto::Entropy& entropy, const AccountId& account,
                                       std::uint32_t number, Time now);
/// The one that signs now; null if the account has none.
const directory::SigningKey* signing_key(const directory::Account& account, Time now);

/// The keys of all accounts that are due to be published and deleted; mostly none.
directory::Changes rotate_signing_keys(const directory::Snapshot& snapshot, const crypto::Vault& vault,
                                       crypto::Entropy& entropy, Time now);

/// A JSON Web Token in compact form, RS256 or ES384; `claims` is JSON. Nothing if the vault does not open the key.
std::optional<std::string> sign_identity_token(const crypto::Vault& vault, const AccountId& account,
                                               const directory::SigningKey& key, crypto::SignatureAlgorithm algorithm,
                                               std::string_view claims);

/// What <url>/.well-known/openid-configuration and <url>/.well-known/jwks.json answer, member for member as AWS does.
std::string discovery_document(std::string_view url);
std::string key_set(const directory::Account& account);

}  // namespace deputy::authn
