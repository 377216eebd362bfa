// sts:GetFederationToken: a user (or root) hands a part of its own permissions to somebody it vouches for: a federated
// user, who has a name but no entity. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
#pragma once

#include "protocol/sts/get_federation_token.h"
#include "services/operation.h"

namespace deputy::sts {

struct GetFederationToken : shapes::GetFederationToken {
  /// sts:GetFederationToken on the federated user's ARN, and with tags sts:TagSession on it too [E-13, T-9]. Root needs
  /// neither; sessions are not admitted at all (authz/admit.cpp).
  /// Errors: InvalidParameterValue (tags).
  static Result<services::Accesses> access(const services::At& at, const Input& in);

  /// Writes nothing. Without a session policy the credentials are good for nothing but what a resource policy grants to
  /// the federated user by name [E-7, S-2]; that is not refused here, as AWS does not refuse it.
  /// Errors: MalformedPolicyDocument, ValidationError (policy ARNs), PackedPolicyTooLarge.
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::sts
