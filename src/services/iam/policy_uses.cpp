#include "services/iam/policy_uses.h"

#include <string_view>

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
    for (const std::string& arn : entity.attached_policies) {
      if (is_of_aws(arn)) ++of_aws_[arn].attachments;
    }
  };
  const auto bounded = [&](const auto& entity) {
    if (is_of_aws(entity.boundary)) ++of_aws_[entity.boundary].boundaries;
  };
  account_.groups.each(attached);
  account_.users.each([&](const directory::User& user) { attached(user), bounded(user); });
  account_.roles.each([&](const directory::Role& role) { attached(role), bounded(role); });
  looked_through_ = true;
}

}  // namespace deputy::iam
