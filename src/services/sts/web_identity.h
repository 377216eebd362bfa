// sts:AssumeRoleWithWebIdentity: whoever holds a token of an OpenID Connect provider becomes a role that trusts it.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
#pragma once

#include "protocol/sts/assume_role_with_web_identity.h"
#include "services/operation.h"

namespace deputy::sts {

struct AssumeRoleWithWebIdentity : shapes::AssumeRoleWithWebIdentity {
  /// Errors: ValidationError (ARN), NotImplemented (ProviderId: access tokens of Login with Amazon and Facebook).
  static Result<services::Assertion> assertion(const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  /// Writes nothing. Errors: ValidationError (duration), MalformedPolicyDocument, PackedPolicyTooLarge.
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::sts
