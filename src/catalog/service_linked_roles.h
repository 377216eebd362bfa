// The roles that AWS's services make for themselves: one a service, of a name, a policy and a description that the
// service fixed. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
#pragma once

#include <span>
#include <string_view>

namespace deputy::catalog {

struct ServiceLinkedRole {
  std::string_view service;  // "autoscaling.amazonaws.com"
  std::string_view role;     // "AWSServiceRoleForAutoScaling"
  std::string_view policy;   // the AWS managed policy under aws-service-role/ that it has
  bool custom_suffix;        // whether an account may have several, told apart by a suffix
};

/// Those whose policies this server knows too (catalog/managed_policies.h).
std::span<const ServiceLinkedRole> service_linked_roles();

/// Null if that service has none, or none that is known here.
const ServiceLinkedRole* service_linked_role(std::string_view service);

}  // namespace deputy::catalog
