#include "services/iam/arns.h"

#include <fmt/format.h>

#include "base/arn.h"

namespace deputy::iam {
namespace {

using policy::Action;

/// On an entity of the caller's account that may be missing.
template <class Entity>
Access on_entity(const Action& action, const At& at, std::string_view type, const Entity* entity,
                 std::string_view name) {
  return on_arn(action, entity != nullptr ? entity->arn() : iam_arn(at.caller.account_id(), type, "/", name));
}

}  // namespace

Access on_arn(const Action& action, std::string arn) { return {action, std::move(arn), AccountId()}; }
Access on_everything(const Action& action) { return on_arn(action, "*"); }

Access on_user(const Action& action, const At& at, std::string_view name) {
  const User* user = user_named(at, name);
  Access access = on_entity(action, at, "user", user, name);
  if (user != nullptr) access.resource_tags = &user->tags;
  return access;
}

Access on_group(const Action& action, const At& at, std::string_view name) {
  return on_entity(action, at, "group", at.snapshot.group(at.caller.account_id(), name), name);
}

Access on_role(const Action& action, const At& at, std::string_view name) {
  const Role* role = at.snapshot.role(at.caller.account_id(), name);
  Access access = on_entity(action, at, "role", role, name);
  if (role != nullptr) access.resource_tags = &role->tags;
  return access;
}

Access on_policy(const Action& action, const At& at, std::string_view arn) {
  Access access = on_arn(action, std::string(arn));
  if (const ManagedPolicy* policy = visible_policy(at, arn)) access.resource_tags = &policy->tags;
  return access;
}

Access on_mfa_device(const Action& action, const At& at, std::string_view serial_number) {
  Access access = on_arn(action, std::string(serial_number));
  if (const MfaDevice* device = visible_mfa_device(at, serial_number)) access.resource_tags = &device->tags;
  return access;
}

Access on_new(const Action& action, const At& at, std::string_view type, const std::optional<std::string>& path,
              std::string_view name) {
  return on_arn(action, iam_arn(at.caller.account_id(), type, path ? std::string_view(*path) : "/", name));
}

Access on_list(const Action& action, const At& at, std::string_view type,
               const std::optional<std::string>& path_prefix) {
  return on_arn(action, iam_arn(at.caller.account_id(), type, path_prefix ? std::string_view(*path_prefix) : "/", ""));
}

Access with_boundary(Access access, std::string_view arn) {
  if (!arn.empty()) access.keys.emplace_back(policy::Key::kPermissionsBoundary, arn);
  return access;
}

Access with_policy(Access access, std::string_view arn) {
  access.keys.emplace_back(policy::Key::kPolicyArn, arn);
  return access;
}

Access with_tags(Access access, directory::Tags tags) {
  access.request_tags = std::move(tags);
  return access;
}

Access with_tag_keys(Access access, std::vector<std::string> keys) {
  access.tag_keys = std::move(keys);
  return access;
}

}  // namespace deputy::iam
