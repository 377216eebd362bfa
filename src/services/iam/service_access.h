// Which policies let whom reach which service: what ListPoliciesGrantingServiceAccess and the reports of last uses read
// out of policy documents.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "services/iam/lookup.h"

namespace deputy::iam {

/// A service whose calls this server sees.
struct KnownService {
  std::string_view space, name;  // "iam", "AWS Identity and Access Management"
};
/// By namespace.
std::span<const KnownService> known_services();

/// Whether some Allow of a policy reaches an action of the service. What else a policy says (Deny, conditions,
/// resources) is not asked.
bool grants_access(std::string_view document, std::string_view space);

/// What a call's Arn names, of the caller's account; one of the four.
struct AccessSubject {
  const User* user = nullptr;
  const Group* group = nullptr;
  const Role* role = nullptr;
  const ManagedPolicy* policy = nullptr;
};
/// Errors: InvalidInput (no such ARN), NoSuchEntity.
Result<AccessSubject> find_access_subject(const At& at, std::string_view arn);
/// The permission on what the ARN names, whether it is there or not.
Access on_access_subject(const policy::Action& action, const At& at, std::string_view arn);

/// A policy that binds the subject: its own, and of a user those of its groups. Boundaries are none of them.
struct BoundPolicy {
  std::string_view name, document;
  std::string arn;                          // of a managed one; empty: it is inline
  std::string_view owner_type, owner_name;  // of an inline one: "USER", "GROUP", "ROLE"
};
std::vector<BoundPolicy> policies_of(const At& at, const AccessSubject& subject);

}  // namespace deputy::iam
