#include "services/iam/boundary.h"

#include "services/iam/errors.h"

namespace deputy::iam {
namespace {

void count(directory::Changes& changes, const At& at, std::string_view arn, bool used) {
  const ManagedPolicy* policy = visible_policy(at, arn);
  if (policy == nullptr || policy->aws) return;
  ManagedPolicy counted = *policy;
  if (used) {
    ++counted.boundary_uses;
  } else if (counted.boundary_uses > 0) {
    --counted.boundary_uses;
  }
  changes.update(counted);
}

}  // namespace

Result<const ManagedPolicy*> find_boundary(const At& at, std::string_view arn) {
  if (!is_policy_arn(arn)) return errors::invalid_boundary_arn(arn);
  const ManagedPolicy* policy = visible_policy(at, arn);
  if (policy == nullptr) return errors::no_such_boundary(arn);
  return policy;
}

void count_boundary(directory::Changes& changes, const At& at, std::string_view before, std::string_view after) {
  if (before == after) return;
  if (!before.empty()) count(changes, at, before, false);
  if (!after.empty()) count(changes, at, after, true);
}

std::optional<shapes::AttachedPermissionsBoundary> shown_boundary(std::string_view arn) {
  if (arn.empty()) return std::nullopt;
  return shapes::AttachedPermissionsBoundary{"Policy", std::string(arn)};  // not the value of the model's enumeration
}

}  // namespace deputy::iam
