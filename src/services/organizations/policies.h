// Policies of an organization: what several files of this room need.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html
#pragma once

#include <memory>

#include "protocol/organizations/shapes.h"
#include "services/organizations/places.h"
#include "services/organizations/standing.h"

namespace deputy::organizations {

using directory::OrganizationPolicy;
using PolicyPtr = std::shared_ptr<const OrganizationPolicy>;

/// Error: InvalidInputException.
Result<directory::PolicyType> policy_type_of(std::string_view name);

/// One of the organization's own, or of AWS's. Error: PolicyNotFoundException.
Result<PolicyPtr> find_policy(const Standing& standing, std::string_view id);

shapes::PolicySummary shown_summary(const Organization& organization, const OrganizationPolicy& policy);

/// What a policy can be attached to, and what is.
struct PolicyTarget {
  std::string_view id;
  const char* type;                                          // "ACCOUNT"
  const std::vector<directory::AttachedPolicies>& attached;  // as it is recorded
};

/// All of an organization, read as a SortedMap is: in the order of their ids, which is that of accounts, units, the root.
class PolicyTargets {
 public:
  explicit PolicyTargets(const OrganizationState& in) : in_(in) {}

  /// `see(id, PolicyTarget)` from `from` on, until it returns false.
  template <class See>
  void scan(std::string_view from, See&& see) const {
    bool more = true;
    const auto next = [&](std::string_view id, const char* type, const auto& entity) {
      return more = see(id, PolicyTarget{id, type, entity.attached});
    };
    in_.members.scan(from, [&](std::string_view id, const auto& member) { return next(id, kAccount, member); });
    if (more) in_.units.scan(from, [&](std::string_view id, const auto& unit) { return next(id, kUnit, unit); });
    if (more && from <= in_.organization.root) next(in_.organization.root, kRoot, in_.organization);
  }

 private:
  const OrganizationState& in_;
};

bool is_attached(const OrganizationPolicy& policy, const PolicyTarget& target, const Organization& organization);

}  // namespace deputy::organizations
