// SAML responses: whether one was signed by a provider of the role's account, for AWS, now, and what it says.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html; docs/wire.md, 6.3;
// docs/policy-evaluation.md, K-13 and T-13.
//
//   TRY(directory::Caller caller, believe_saml(text, provider, {role_arn, provider_arn}, now));
//
// INVARIANT: everything that the caller gets was signed (authn/federation/saml_signature.h).
#pragma once

#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "base/time.h"
#include "directory/caller.h"

namespace deputy::authn {

/// What a call of AssumeRoleWithSAML asks for.
struct SamlClaim {
  std::string_view role_arn, provider_arn;
};

/// `text`: base64, as sent. `provider`: that the ARN names; null if there is none. Errors: InvalidIdentityToken,
/// ExpiredTokenException, AccessDenied (the assertion names other roles), NotImplemented (no libxmlsec1 here).
Result<directory::Caller> believe_saml(std::string_view text, const directory::SamlProvider* provider,
                                       const SamlClaim& claim, Time now);

}  // namespace deputy::authn
