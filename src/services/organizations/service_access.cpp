// Trusted access: which services of AWS may work in all accounts of the organization.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services.html
#include <algorithm>

#include "policy/principal_names.h"
#include "protocol/organizations/disable_aws_service_access.h"
#include "protocol/organizations/enable_aws_service_access.h"
#include "protocol/organizations/list_aws_service_access_for_organization.h"
#include "services/organizations/errors.h"
#include "services/organizations/paging.h"
#include "services/organizations/policy_types.h"
#include "services/organizations/standing.h"

namespace deputy::organizations {
namespace {

using directory::EnabledService;

Result<void> check_principal(std::string_view principal) {
  // Services have principals by which Organizations does not know them. Which it knows is written down nowhere in full,
  // so only what somebody was refused stands here: StackSets is member.org.stacksets.cloudformation.amazonaws.com.
  constexpr std::string_view kNotOfOrganizations[] = {"stacksets.cloudformation.amazonaws.com"};
  const bool unknown = std::ranges::find(kNotOfOrganizations, principal) != std::end(kNotOfOrganizations);
  if (!unknown && policy::is_service_principal(principal)) return {};
  return errors::unrecognized_service_principal();
}

Result<void> check_features(const Organization& organization) {
  if (organization.all_features) return {};
  return errors::not_all_features();
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnableAWSServiceAccess.html
struct EnableAWSServiceAccess : shapes::EnableAWSServiceAccess {
  static Result<Accesses> access(const At&, const Input& in) {
    return for_service(on_everything("organizations:EnableAWSServiceAccess"), in.service_principal);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_management(at));
    TRY_VOID(check_features(standing.organization()));
    TRY_VOID(check_principal(in.service_principal));
    Outcome<Output> out;
    Organization organization = standing.organization();
    if (directory::find_service(organization.trusted_services, in.service_principal) == nullptr) {
      organization.trusted_services.push_back({in.service_principal, at.now});
      out.changes.update(organization);
    }
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DisableAWSServiceAccess.html
struct DisableAWSServiceAccess : shapes::DisableAWSServiceAccess {
  static Result<Accesses> access(const At&, const Input& in) {
    return for_service(on_everything("organizations:DisableAWSServiceAccess"), in.service_principal);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_management(at));
    TRY_VOID(check_principal(in.service_principal));
    Organization organization = standing.organization();
    for (const auto& on : organization.policy_types) {
      if (facts_of(on.type).service_principal == in.service_principal) return errors::policy_type_of_service_enabled();
    }
    const auto is_it = [&](const EnabledService& service) { return service.principal == in.service_principal; };
    Outcome<Output> out;
    if (std::erase_if(organization.trusted_services, is_it) > 0) out.changes.update(organization);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAWSServiceAccessForOrganization.html
struct ListAWSServiceAccessForOrganization : shapes::ListAWSServiceAccessForOrganization {
  static Result<Accesses> access(const At&, const Input&) {
    return on_everything("organizations:ListAWSServiceAccessForOrganization");
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:ListAWSServiceAccessForOrganization"));
    TRY(const Page page, page_of(in, "ListAWSServiceAccessForOrganization"));
    directory::SortedMap<EnabledService> services;
    for (const EnabledService& service : standing.organization().trusted_services) {
      services.put(service.principal, std::make_shared<const EnabledService>(service));
    }
    Outcome<Output> out;
    auto& shown = out.output.enabled_service_principals.emplace();
    give_page(out.output, page, services, kEvery, [&](const EnabledService& service) {
      shown.push_back({service.principal, service.since});
    });
    return out;
  }
};

}  // namespace

std::span<const Binding> service_access_bindings() {
  static constexpr Binding kBindings[] = {
      bind<EnableAWSServiceAccess>(),
      bind<DisableAWSServiceAccess>(),
      bind<ListAWSServiceAccessForOrganization>(),
  };
  return kBindings;
}

}  // namespace deputy::organizations
