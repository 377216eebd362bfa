// Members that administer a service for the whole organization.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html
#include <algorithm>

#include "protocol/organizations/deregister_delegated_administrator.h"
#include "protocol/organizations/list_delegated_administrators.h"
#include "protocol/organizations/list_delegated_services_for_account.h"
#include "protocol/organizations/register_delegated_administrator.h"
#include "services/organizations/accounts.h"
#include "services/organizations/errors.h"
#include "services/organizations/paging.h"

namespace deputy::organizations {
namespace {

using directory::EnabledService;

/// Of one service, or of any: since when.
std::optional<Time> administers_since(const Membership& member, const std::optional<std::string>& principal) {
  std::optional<Time> since;
  for (const EnabledService& service : member.delegations) {
    if (principal && service.principal != *principal) continue;
    since = since ? std::min(*since, service.since) : service.since;
  }
  return since;
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_RegisterDelegatedAdministrator.html
struct RegisterDelegatedAdministrator : shapes::RegisterDelegatedAdministrator {
  static Result<Accesses> access(const At& at, const Input& in) {
    return for_service(on_id("organizations:RegisterDelegatedAdministrator", at, in.account_id), in.service_principal);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_management(at));
    TRY(const Membership* member, find_member(standing, in.account_id));
    if (standing.in->is_management(member->account)) {
      return errors::cannot_delegate_to_management_account();
    }
    if (directory::find_service(standing.organization().trusted_services, in.service_principal) == nullptr) {
      return errors::service_access_not_enabled();
    }
    const auto* account = at.snapshot.account(member->account);
    if (account != nullptr && account->account.suspended) return errors::cannot_delegate_to_suspended_account();
    if (directory::find_service(member->delegations, in.service_principal) != nullptr) {
      return errors::already_delegated();
    }
    Outcome<Output> out;
    Membership after = *member;
    after.delegations.push_back({in.service_principal, at.now});
    out.changes.update(after);
    out.changes.require_unchanged(standing.organization());  // the service is still trusted
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeregisterDelegatedAdministrator.html
struct DeregisterDelegatedAdministrator : shapes::DeregisterDelegatedAdministrator {
  static Result<Accesses> access(const At& at, const Input& in) {
    return for_service(on_id("organizations:DeregisterDelegatedAdministrator", at, in.account_id),
                       in.service_principal);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_management(at));
    TRY(const Membership* member, find_member(standing, in.account_id));
    Membership after = *member;
    const auto is_it = [&](const EnabledService& service) { return service.principal == in.service_principal; };
    if (std::erase_if(after.delegations, is_it) == 0) return errors::not_delegated();
    Outcome<Output> out;
    out.changes.update(after);
    return out;
  }
};

shapes::DelegatedAdministrator shown_administrator(const At& at, const OrganizationState& in, const Membership& member,
                                                   Time since) {
  shapes::Account account = shown(at, in, member);
  shapes::DelegatedAdministrator out;
  out.id = std::move(account.id);
  out.arn = std::move(account.arn);
  out.email = std::move(account.email);
  out.name = std::move(account.name);
  out.status = std::move(account.status);
  out.state = std::move(account.state);
  out.joined_method = std::move(account.joined_method);
  out.joined_timestamp = account.joined_timestamp;
  out.delegation_enabled_date = since;
  return out;
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedAdministrators.html
struct ListDelegatedAdministrators : shapes::ListDelegatedAdministrators {
  static Result<Accesses> access(const At&, const Input& in) {
    Accesses accesses = on_everything("organizations:ListDelegatedAdministrators");
    return in.service_principal ? for_service(std::move(accesses), *in.service_principal) : accesses;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:ListDelegatedAdministrators"));
    TRY(const Page page, page_of(in, "ListDelegatedAdministrators"));
    Outcome<Output> out;
    auto& administrators = out.output.delegated_administrators.emplace();
    give_page(
        out.output, page, standing.in->members,
        [&](const Membership& member) { return administers_since(member, in.service_principal).has_value(); },
        [&](const Membership& member) {
          const Time since = *administers_since(member, in.service_principal);
          administrators.push_back(shown_administrator(at, *standing.in, member, since));
        });
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedServicesForAccount.html
struct ListDelegatedServicesForAccount : shapes::ListDelegatedServicesForAccount {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_id("organizations:ListDelegatedServicesForAccount", at, in.account_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:ListDelegatedServicesForAccount"));
    TRY(const Page page, page_of(in, "ListDelegatedServicesForAccount"));
    TRY(const Membership* member, find_member(standing, in.account_id));
    if (member->delegations.empty()) return errors::not_delegated();
    directory::SortedMap<EnabledService> services;
    for (const EnabledService& service : member->delegations) {
      services.put(service.principal, std::make_shared<const EnabledService>(service));
    }
    Outcome<Output> out;
    auto& shown = out.output.delegated_services.emplace();
    give_page(out.output, page, services, kEvery, [&](const EnabledService& service) {
      shown.push_back({service.principal, service.since});
    });
    return out;
  }
};

}  // namespace

std::span<const Binding> delegated_administrator_bindings() {
  static constexpr Binding kBindings[] = {
      bind<RegisterDelegatedAdministrator>(),
      bind<DeregisterDelegatedAdministrator>(),
      bind<ListDelegatedAdministrators>(),
      bind<ListDelegatedServicesForAccount>(),
  };
  return kBindings;
}

}  // namespace deputy::organizations
