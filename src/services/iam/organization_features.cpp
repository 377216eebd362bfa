// Centralized root access: what the management account of an organization, or a delegated administrator for IAM, may do
// about the root users of its members. sts:AssumeRoot (services/sts/assume_root.cpp) goes by these two switches.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html
#include "protocol/iam/disable_organizations_root_credentials_management.h"
#include "protocol/iam/disable_organizations_root_sessions.h"
#include "protocol/iam/enable_organizations_root_credentials_management.h"
#include "protocol/iam/enable_organizations_root_sessions.h"
#include "protocol/iam/list_organizations_features.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

using directory::Organization;
using directory::OrganizationState;
using Switch = bool Organization::*;

constexpr const char* kIam = "iam.amazonaws.com";

/// The caller's organization, in which it administers root access.
/// Errors: OrganizationNotFoundException, AccountNotManagementOrDelegatedAdministratorException,
/// OrganizationNotInAllFeaturesModeException, ServiceAccessNotEnabledException.
Result<const OrganizationState*> find_administered(const At& at) {
  const OrganizationState* in = at.snapshot.organization_of(account_of(at));
  if (in == nullptr) return errors::no_organization();
  const bool may = in->is_management(at.caller.account_id()) ||
                   directory::find_service(account_of(at).membership->delegations, kIam) != nullptr;
  if (!may) return errors::not_root_access_administrator();
  if (!in->organization.all_features) return errors::organization_without_all_features();
  if (directory::find_service(in->organization.trusted_services, kIam) == nullptr) {
    return errors::service_access_not_enabled();
  }
  return in;
}

/// The same, for what the management account alone may do. Error: also CallerIsNotManagementAccountException.
Result<const OrganizationState*> find_managed(const At& at) {
  const OrganizationState* in = at.snapshot.organization_of(account_of(at));
  if (in != nullptr && !in->is_management(at.caller.account_id())) return errors::not_management_account();
  return find_administered(at);
}

template <class Output>
void show(const Organization& organization, Output& out) {
  out.organization_id = organization.id;
  auto& features = out.enabled_features.emplace();
  if (organization.root_credentials_management) features.emplace_back("RootCredentialsManagement");
  if (organization.root_sessions) features.emplace_back("RootSessions");
}

template <class Output>
Outcome<Output> turn(const Organization& before, Switch feature, bool on) {
  Outcome<Output> out;
  Organization after = before;
  after.*feature = on;
  if (before.*feature != on) out.changes.update(after);
  show(after, out.output);
  return out;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOrganizationsRootCredentialsManagement.html
struct EnableOrganizationsRootCredentialsManagement : shapes::EnableOrganizationsRootCredentialsManagement {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:EnableOrganizationsRootCredentialsManagement">())};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    TRY(const OrganizationState* in, find_managed(at));
    return turn<Output>(in->organization, &Organization::root_credentials_management, true);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DisableOrganizationsRootCredentialsManagement.html
struct DisableOrganizationsRootCredentialsManagement : shapes::DisableOrganizationsRootCredentialsManagement {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:DisableOrganizationsRootCredentialsManagement">())};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    TRY(const OrganizationState* in, find_administered(at));
    return turn<Output>(in->organization, &Organization::root_credentials_management, false);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOrganizationsRootSessions.html
struct EnableOrganizationsRootSessions : shapes::EnableOrganizationsRootSessions {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:EnableOrganizationsRootSessions">())};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    TRY(const OrganizationState* in, find_managed(at));
    return turn<Output>(in->organization, &Organization::root_sessions, true);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DisableOrganizationsRootSessions.html
struct DisableOrganizationsRootSessions : shapes::DisableOrganizationsRootSessions {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:DisableOrganizationsRootSessions">())};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    TRY(const OrganizationState* in, find_administered(at));
    return turn<Output>(in->organization, &Organization::root_sessions, false);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html
struct ListOrganizationsFeatures : shapes::ListOrganizationsFeatures {
  static Accesses access(const At&, const Input&) { return {on_everything(action<"iam:ListOrganizationsFeatures">())}; }
  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    TRY(const OrganizationState* in, find_administered(at));
    Outcome<Output> out;
    show(in->organization, out.output);
    return out;
  }
};

}  // namespace

std::span<const Binding> organization_feature_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<EnableOrganizationsRootCredentialsManagement>(),
      bind<DisableOrganizationsRootCredentialsManagement>(),
      bind<EnableOrganizationsRootSessions>(),
      bind<DisableOrganizationsRootSessions>(),
      bind<ListOrganizationsFeatures>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
