// sts:AssumeRoleWithSAML: whoever holds a fresh response of a SAML identity provider becomes a role that trusts it.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
#pragma once

#include "protocol/sts/assume_role_with_saml.h"
#include "services/operation.h"

namespace deputy::sts {

struct AssumeRoleWithSAML : shapes::AssumeRoleWithSAML {
  /// Error: ValidationError (ARN).
  static Result<services::Assertion> assertion(const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  /// Writes the assertion's id, so that it works once, on any node and after a restart. Errors: InvalidIdentityToken
  /// (it worked before), ValidationError (duration), MalformedPolicyDocument, PackedPolicyTooLarge.
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::sts
