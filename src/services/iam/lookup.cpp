#include "services/iam/lookup.h"

#include "base/arn.h"
#include "services/iam/errors.h"

namespace deputy::iam {

using directory::Caller;

const User* user_named(const At& at, std::string_view name) {
  const AccountState* account = at.snapshot.account(at.caller.account_id());
  return account == nullptr ? nullptr : account->users.get(ascii_lower(name));
}

Result<const User*> find_user(const At& at, std::string_view name) {
  const User* user = user_named(at, name);
  if (user == nullptr) return errors::no_such_entity(Kind::kUser, name);
  return user;
}

Result<const Group*> find_group(const At& at, std::string_view name) {
  const Group* group = at.snapshot.group(at.caller.account_id(), name);
  if (group == nullptr) return errors::no_such_entity(Kind::kGroup, name);
  return group;
}

Result<const Role*> find_role(const At& at, std::string_view name) {
  const Role* role = at.snapshot.role(at.caller.account_id(), name);
  if (role == nullptr) return errors::no_such_entity(Kind::kRole, name);
  return role;
}

bool is_protected_path(std::string_view path) {
  return path.starts_with("/aws-service-role/") || path.starts_with("/aws-reserved/");
}

Result<const Role*> find_changeable_role(const At& at, std::string_view name) {
  TRY(const Role* role, find_role(at, name));
  if (is_protected_path(role->path)) return errors::protected_role(role->name);
  return role;
}

Result<const Role*> find_describable_role(const At& at, std::string_view name) {
  TRY(const Role* role, find_role(at, name));
  if (role->path.starts_with("/aws-reserved/")) return errors::protected_role(role->name);
  return role;
}

const ManagedPolicy* visible_policy(const At& at, std::string_view arn) {
  const ManagedPolicy* policy = at.snapshot.policy_by_arn(arn);
  return policy != nullptr && (policy->aws || policy->account == at.caller.account_id()) ? policy : nullptr;
}

Result<const ManagedPolicy*> find_policy(const At& at, std::string_view arn) {
  if (!is_policy_arn(arn)) return errors::invalid_policy_arn(arn);
  const ManagedPolicy* policy = visible_policy(at, arn);
  if (policy == nullptr) return errors::no_such_policy(arn);
  return policy;
}

std::string list_key(const ManagedPolicy& policy) { return (policy.aws ? "aws/" : "/") + policy.name; }

bool is_policy_arn(std::string_view text) {
  constexpr std::string_view kType = "policy/";
  const auto arn = Arn::split(text);
  return arn && arn->partition == "aws" && arn->service == "iam" && arn->region.empty() &&
         (arn->account == "aws" || AccountId::parse(arn->account)) && arn->resource.starts_with(kType) &&
         arn->resource.size() > kType.size();
}

const MfaDevice* visible_mfa_device(const At& at, std::string_view serial_number) {
  const MfaDevice* device = at.snapshot.mfa_device(serial_number);
  return device != nullptr && device->account == at.caller.account_id() ? device : nullptr;
}

Result<const MfaDevice*> find_mfa_device(const At& at, std::string_view serial_number) {
  const MfaDevice* device = visible_mfa_device(at, serial_number);
  if (device == nullptr) return errors::no_such_mfa_device(serial_number);
  return device;
}

Result<std::string_view> user_name_or_caller(const At& at, const std::optional<std::string>& name) {
  if (name) return std::string_view(*name);
  if (at.caller.kind != Caller::Kind::kUser) return errors::user_name_needed();
  return std::string_view(at.caller.user->name);
}

}  // namespace deputy::iam
