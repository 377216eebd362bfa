// sts:AssumeRole: a principal becomes a role, in its own account or in another.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
#pragma once

#include "protocol/sts/assume_role.h"
#include "services/operation.h"

namespace deputy::sts {

using services::Accesses;
using services::At;
using services::Outcome;

struct AssumeRole : shapes::AssumeRole {
  /// Every permission this call needs, each asked of both accounts: tags and a source identity are permissions of their
  /// own [E-14, T-9, T-12]. A role that does not exist is asked for like one that trusts nobody [D-5].
  /// Errors: ValidationError (ARN), InvalidParameterValue (tags).
  static Result<Accesses> access(const At& at, const Input& in);

  /// The code of the caller's MFA device, if one came. Error: AccessDenied.
  static services::Proof prove(const At& at, const Input& in);

  /// Writes nothing: the token is the session, and any node can check it.
  /// Errors: ValidationError (duration, source identity), MalformedPolicyDocument, PackedPolicyTooLarge.
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

}  // namespace deputy::sts
