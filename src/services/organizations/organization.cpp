// The organization itself, and its root.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org.html
#include "protocol/organizations/create_organization.h"
#include "protocol/organizations/delete_organization.h"
#include "protocol/organizations/describe_organization.h"
#include "protocol/organizations/list_roots.h"
#include "services/organizations/accounts.h"
#include "services/organizations/errors.h"
#include "services/organizations/paging.h"
#include "services/organizations/places.h"

namespace deputy::organizations {
namespace {

constexpr const char *kAll = "ALL", *kBilling = "CONSOLIDATED_BILLING";

shapes::Organization shown(const At& at, const Organization& organization) {
  shapes::Organization out;
  out.id = organization.id;
  out.arn = organization.arn();
  out.feature_set = organization.all_features ? kAll : kBilling;
  out.master_account_arn = organization.account_arn(organization.management);
  out.master_account_id = organization.management.str();
  const auto* management = at.snapshot.account(organization.management);
  if (management != nullptr && !management->account.email.empty()) {
    out.master_account_email = management->account.email;
  }
  // What could be enabled on the root, not what is; AWS names this one type to the present day.
  auto& types = out.available_policy_types.emplace();
  if (organization.all_features) types.push_back({"SERVICE_CONTROL_POLICY", "ENABLED"});
  return out;
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateOrganization.html
struct CreateOrganization : shapes::CreateOrganization {
  static Result<Accesses> access(const At&, const Input&) { return on_everything("organizations:CreateOrganization"); }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    if (at.caller.account->membership != nullptr) return errors::already_in_organization();
    Organization organization;
    organization.id = crypto::make_lower_id(at.entropy, "o-", 10);
    organization.root = crypto::make_lower_id(at.entropy, "r-", 4);
    organization.management = at.caller.account_id();
    organization.all_features = in.feature_set.value_or(kAll) == kAll;
    organization.created = at.now;
    Outcome<Output> out;
    out.output.organization = shown(at, organization);
    out.changes.create(organization);
    out.changes.create(membership(at, organization, organization.management, false));
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html
struct DescribeOrganization : shapes::DescribeOrganization {
  static Result<Accesses> access(const At&, const Input&) {
    return on_everything("organizations:DescribeOrganization");
  }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    TRY(const Standing standing, as_member(at));
    Outcome<Output> out;
    out.output.organization = shown(at, standing.organization());
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeleteOrganization.html
struct DeleteOrganization : shapes::DeleteOrganization {
  static Result<Accesses> access(const At&, const Input&) { return on_everything("organizations:DeleteOrganization"); }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    TRY(const Standing standing, as_management(at));
    if (standing.organization().accounts > 1) return errors::organization_not_empty();
    Outcome<Output> out;
    out.changes.erase(standing.organization());
    out.changes.erase(*standing.member);
    // What one day can leave behind goes with it, so that who makes and deletes organizations fills nothing; more is
    // nobody's from now on (directory/leftovers.h).
    const auto every = [](const auto&) { return true; };
    forget_some(out.changes, standing.in->handshakes, every, services::AccountLimits::kLeastADay);
    forget_some(out.changes, standing.in->creations, every, services::AccountLimits::kLeastADay);
    forget_some(out.changes, standing.in->units, every);
    forget_some(out.changes, standing.in->policies, every);
    forget_some(out.changes, standing.in->delegation, every);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListRoots.html
struct ListRoots : shapes::ListRoots {
  static Result<Accesses> access(const At&, const Input&) { return on_everything("organizations:ListRoots"); }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:ListRoots"));
    TRY([[maybe_unused]] const Page page, page_of(in, "ListRoots"));  // there is one
    Outcome<Output> out;
    out.output.roots.emplace().push_back(shown_root(standing.organization()));
    return out;
  }
};

}  // namespace

std::span<const Binding> organization_bindings() {
  static constexpr Binding kBindings[] = {
      bind<CreateOrganization>(),
      bind<DescribeOrganization>(),
      bind<DeleteOrganization>(),
      bind<ListRoots>(),
  };
  return kBindings;
}

}  // namespace deputy::organizations
