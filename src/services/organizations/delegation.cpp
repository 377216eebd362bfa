#include "services/organizations/delegation.h"

#include <algorithm>

#include "base/encoding.h"
#include "directory/snapshot.h"
#include "services/organizations/errors.h"

namespace deputy::organizations {
namespace {

enum class Kind : std::uint8_t {
  kWrite,
  kRead,     // a delegated administrator of a service does it without the resource policy
  kMembers,  // any member does it, or anybody: the resource policy may name it, and opens nothing by that
};

struct Delegable {
  std::string_view action;
  Kind kind = Kind::kRead;
};

/// "Supported delegation policy actions" of the page above.
constexpr Delegable kDelegable[] = {
    {"organizations:AttachPolicy", Kind::kWrite},
    {"organizations:CreatePolicy", Kind::kWrite},
    {"organizations:DeletePolicy", Kind::kWrite},
    {"organizations:DescribeAccount"},
    {"organizations:DescribeCreateAccountStatus"},
    {"organizations:DescribeEffectivePolicy"},
    {"organizations:DescribeHandshake", Kind::kMembers},
    {"organizations:DescribeOrganization", Kind::kMembers},
    {"organizations:DescribeOrganizationalUnit"},
    {"organizations:DescribePolicy"},
    {"organizations:DescribeResourcePolicy"},
    {"organizations:DetachPolicy", Kind::kWrite},
    {"organizations:DisablePolicyType", Kind::kWrite},
    {"organizations:EnablePolicyType", Kind::kWrite},
    {"organizations:ListAccounts"},
    {"organizations:ListAccountsForParent"},
    {"organizations:ListAWSServiceAccessForOrganization"},
    {"organizations:ListChildren"},
    {"organizations:ListCreateAccountStatus"},
    {"organizations:ListDelegatedAdministrators"},
    {"organizations:ListDelegatedServicesForAccount"},
    {"organizations:ListHandshakesForAccount", Kind::kMembers},
    {"organizations:ListHandshakesForOrganization"},
    {"organizations:ListOrganizationalUnitsForParent"},
    {"organizations:ListParents"},
    {"organizations:ListPolicies"},
    {"organizations:ListPoliciesForTarget"},
    {"organizations:ListRoots"},
    {"organizations:ListTagsForResource"},
    {"organizations:ListTargetsForPolicy"},
    {"organizations:TagResource", Kind::kWrite},
    {"organizations:UntagResource", Kind::kWrite},
    {"organizations:UpdatePolicy", Kind::kWrite},
};

/// Reads that the resource policy cannot give, but a delegated administrator of a service has.
constexpr std::string_view kReadsOfAdministrators[] = {
    "organizations:ListAccountsWithInvalidEffectivePolicy",
    "organizations:ListEffectivePolicyValidationErrors",
};

const Delegable* find(std::string_view action) {
  const auto* found = std::ranges::find_if(
      kDelegable, [&](const Delegable& each) { return equals_ignoring_case(each.action, action); });
  return found == std::end(kDelegable) ? nullptr : found;
}

bool is_read(std::string_view action) {
  const Delegable* found = find(action);
  if (found != nullptr) return found->kind == Kind::kRead;
  return std::ranges::find(kReadsOfAdministrators, action) != std::end(kReadsOfAdministrators);
}

const directory::DelegationPolicy* policy_of(const directory::OrganizationState& in) {
  return in.delegation.get(directory::DelegationPolicy::key_name());
}

}  // namespace

Way way_in(const services::At& at, std::string_view action) {
  const auto* in = at.snapshot.organization_of(*at.caller.account);
  if (in == nullptr) return Way::kNone;
  const directory::Membership& member = *at.caller.account->membership;
  if (in->is_management(member.account)) return Way::kManagement;
  if (!member.delegations.empty() && is_read(action)) return Way::kDelegatedAdministrator;
  const Delegable* found = find(action);
  if (found == nullptr || found->kind == Kind::kMembers || policy_of(*in) == nullptr) return Way::kNone;
  return Way::kResourcePolicy;
}

services::Accesses by_way_in(const services::At& at, services::Accesses accesses) {
  for (services::Access& access : accesses) {
    if (!access.owner.empty() || way_in(at, access.action.name) != Way::kResourcePolicy) continue;
    const auto& in = *at.snapshot.organization_of(*at.caller.account);
    access.owner = in.organization.management;
    access.resource_policy = policy_of(in)->document.compiled();
    access.resource_kind = policy::ResourceKind::kGeneric;
    access.ungranted = errors::kNoPermission;
  }
  return accesses;
}

bool is_delegable(std::string_view action) { return find(action) != nullptr; }

}  // namespace deputy::organizations
