#include "services/iam/policy_uses.h"

#include <string_view>

#include "directory/policies.h"

namespace deputy::iam {
namespace {

bool is_of_aws(std::string_view arn) { return arn.starts_with("arn:aws:iam::aws:"); }

}  // namespace

Uses PolicyUses::of(const directory::ManagedPolicy& policy) {
  if (!policy.aws) {
    return {static_cast<std::int32_t>(policy.attachments), static_cast<std::int32_t>(policy.boundary_uses)};
  }
  if (!looked_through_) look_through();
  const auto found = of_aws_.find(policy.arn());
  return found == of_aws_.end() ? Uses{} : found->second;
}

void PolicyUses::look_through() {
  const auto attached = [&](const auto& entity) {
    directory::each_own_policy(entity, [&](const directory::PolicyOrigin& policy) {
      if (policy.is_managed() && is_of_aws(policy.reference)) ++of_aws_[std::string(policy.reference)].attachments;
      return true;
    });
  };
  const auto bounded = [&](const auto& entity) {
    const auto boundary = directory::boundary_of(entity);
    if (boundary && is_of_aws(boundary->reference)) ++of_aws_[std::string(boundary->reference)].boundaries;
  };
  account_.groups.each(attached);
  account_.users.each([&](const directory::User& user) { attached(user), bounded(user); });
  account_.roles.each([&](const directory::Role& role) { attached(role), bounded(role); });
  looked_through_ = true;
}

}  // namespace deputy::iam
