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

Result<Standing> as_reader(const At& at) {
  TRY(const Standing standing, as_member(at));
  if (!standing.is_management() && standing.member->delegations.empty()) return errors::no_permission();
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

Accesses on_account(std::string_view action, const At& at, std::string_view account) {
  const OrganizationState* in = organization_of(at);
  const auto id = AccountId::parse(account);
  return on_arn(action, in != nullptr && id ? in->organization.account_arn(*id) : "*");
}

Accesses on_parent(std::string_view action, const At& at, std::string_view parent) {
  const OrganizationState* in = organization_of(at);
  return on_arn(action, in != nullptr && parent == in->organization.root ? in->organization.root_arn() : "*");
}

Accesses for_service(Accesses accesses, std::string_view principal) {
  accesses.front().keys.emplace_back(policy::Key::kOrganizationsServicePrincipal, std::string(principal));
  return accesses;
}

}  // namespace deputy::organizations
