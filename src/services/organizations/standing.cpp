#include "services/organizations/standing.h"

#include "services/organizations/errors.h"

namespace deputy::organizations {

Result<Standing> as_member(const At& at) {
  const OrganizationState* in = organization_of(at);
  if (in == nullptr) return errors::not_in_use();
  return Standing{in, at.caller.account->membership.get()};
}

Result<Standing> as_management(const At& at) {
  TRY(const Standing standing, as_member(at));
  if (!standing.is_management()) return errors::no_permission();
  return standing;
}

Result<Standing> as_delegate(const At& at, std::string_view action) {
  TRY(const Standing standing, as_member(at));
  if (way_in(at, action) == Way::kNone) return errors::no_permission();
  return standing;
}

Result<const Membership*> find_member(const Standing& standing, std::string_view account) {
  const Membership* member = standing.in->members.get(account);
  if (member == nullptr) return errors::no_such_account();
  return member;
}

Accesses on_everything(std::string_view action) { return on_arn(action, "*"); }

Accesses on_arn(std::string_view action, std::string arn) {
  return {{.action = policy::Action(action), .resource = std::move(arn), .owner = {}}};
}

namespace {

/// What an id names.
struct Named {
  std::string arn = "*";
  const directory::Tags* tags = nullptr;  // null: it is not there
};

Named named(const OrganizationState& in, std::string_view id) {
  const Organization& organization = in.organization;
  if (id == organization.root) return {organization.root_arn(), &organization.root_tags};
  if (const auto account = AccountId::parse(id)) {
    const Membership* member = in.members.get(id);
    return {organization.account_arn(*account), member != nullptr ? &member->tags : nullptr};
  }
  if (id.starts_with("ou-")) {
    directory::OrganizationalUnit unit;
    unit.organization = organization.id;
    unit.id = id;
    const auto* there = in.units.get(id);
    return {unit.arn(organization.management), there != nullptr ? &there->tags : nullptr};
  }
  if (const auto policy = in.shared_policy(id)) {
    return {policy->arn(organization.management), &policy->tags};  // the snapshot holds it, or the process
  }
  if (id.starts_with("rp-")) {
    const auto* there = in.delegation.get(directory::DelegationPolicy::key_name());
    if (there != nullptr && there->id == id) return {there->arn(organization.management), &there->tags};
  }
  return {};
}

}  // namespace

Accesses on_id(std::string_view action, const At& at, std::string_view id) {
  const OrganizationState* in = organization_of(at);
  if (in == nullptr) return on_everything(action);
  Named what = named(*in, id);
  Accesses accesses = on_arn(action, std::move(what.arn));
  accesses.front().resource_tags = what.tags;
  return accesses;
}

Accesses on_ids(std::string_view action, const At& at, std::initializer_list<std::string_view> ids) {
  Accesses all;
  for (const std::string_view id : ids) {
    for (auto& access : on_id(action, at, id)) all.push_back(std::move(access));
  }
  return all;
}

Accesses for_policy_type(Accesses accesses, std::string_view type) {
  for (auto& access : accesses) access.keys.emplace_back(policy::Key::kOrganizationsPolicyType, std::string(type));
  return accesses;
}

Accesses for_type_of(Accesses accesses, const At& at, std::string_view policy) {
  const OrganizationState* in = organization_of(at);
  const auto found = in != nullptr ? in->shared_policy(policy) : nullptr;
  return found != nullptr ? for_policy_type(std::move(accesses), name_of(found->type)) : accesses;
}

Accesses for_service(Accesses accesses, std::string_view principal) {
  accesses.front().keys.emplace_back(policy::Key::kOrganizationsServicePrincipal, std::string(principal));
  return accesses;
}

}  // namespace deputy::organizations
