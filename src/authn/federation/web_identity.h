// Web identities: whether a token is one that a provider of the role's account issued, and what it says.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html; docs/wire.md, 6.3;
// docs/policy-evaluation.md, K-12 and T-13.
//
//   TRY(WebIdentity identity, read_web_identity(token, snapshot.account(owner), now));  // all but the signature
//   … the keys of identity.provider: authn/federation/issuer_keys.h …
//   TRY(directory::Caller caller, believe(std::move(identity), keys));
//
// INVARIANT: what a token says reaches no policy before believe() found its signature good. The checks before it spare
// a provider the question; they grant nothing.
#pragma once

#include <string_view>

#include "authn/federation/issuer_keys.h"
#include "authn/federation/jwt.h"
#include "base/error.h"
#include "base/result.h"
#include "base/time.h"
#include "directory/caller.h"

namespace deputy::authn {

struct WebIdentity {
  Jwt jwt;
  const directory::OidcProvider* provider;  // of the snapshot that was read
  directory::FederatedCall call;
};

/// `account`: of the role; null if there is none. Errors: InvalidIdentityToken, ExpiredTokenException.
Result<WebIdentity> read_web_identity(std::string_view token, const directory::AccountState* account, Time now);

/// Errors: InvalidIdentityToken, IDPCommunicationError.
Result<directory::Caller> believe(WebIdentity identity, const KeyAnswer& keys);

}  // namespace deputy::authn
