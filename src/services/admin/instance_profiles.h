// What an EC2 instance is told of its instance profile: for the endpoint that `deputy workload` runs.
#pragma once

#include "protocol/admin/describe_instance_profile.h"
#include "services/operation.h"

namespace deputy::admin {

/// By account and name, or by the role inside: then the first that holds it.
/// Errors: ValidationException (neither), InstanceProfileNotFoundException.
struct DescribeInstanceProfile : shapes::DescribeInstanceProfile {
  static Result<services::Accesses> access(const services::At&, const Input&) { return services::Accesses{}; }
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::admin
