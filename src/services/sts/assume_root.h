// sts:AssumeRoot: the management account of an organization, or its delegated administrator for IAM, does one task as
// the root user of a member. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html
#pragma once

#include "protocol/sts/assume_root.h"
#include "services/operation.h"

namespace deputy::sts {

struct AssumeRoot : shapes::AssumeRoot {
  /// Error: ValidationError (TargetPrincipal).
  static Result<services::Accesses> access(const services::At& at, const Input& in);

  /// Writes nothing. Error: AccessDenied, for everything that is not as it must be: the caller's standing, the target,
  /// the task, the features that IAM was told to enable.
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::sts
