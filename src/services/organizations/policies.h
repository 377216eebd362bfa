// Policies of an organization: what several files of this room need.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html
#pragma once

#include <memory>

#include "protocol/organizations/shapes.h"
#include "services/organizations/standing.h"

namespace deputy::organizations {

using directory::OrganizationPolicy;
using PolicyPtr = std::shared_ptr<const OrganizationPolicy>;

/// Error: InvalidInputException.
Result<directory::PolicyType> policy_type_of(std::string_view name);

/// One of the organization's own, or of AWS's. Error: PolicyNotFoundException.
Result<PolicyPtr> find_policy(const Standing& standing, std::string_view id);

shapes::PolicySummary shown_summary(const Organization& organization, const OrganizationPolicy& policy);

/// Calls `see(id, type of target, attached policies as they are recorded)` for the root, each unit and each member.
template <class See>
void each_target(const OrganizationState& in, See&& see) {
  see(in.organization.root, "ROOT", in.organization.attached);
  in.units.each([&](const directory::OrganizationalUnit& unit) { see(unit.id, "ORGANIZATIONAL_UNIT", unit.attached); });
  in.members.each([&](const Membership& member) { see(member.account.str(), "ACCOUNT", member.attached); });
}

/// Whether it is attached to what records this.
bool is_attached(const Organization& organization, const std::vector<directory::AttachedPolicies>& recorded,
                 const OrganizationPolicy& policy);

}  // namespace deputy::organizations
