// How many accounts there may be: in one organization, and of all that the organizations of a server make. The second
// is what keeps the first: an account that leaves can begin an organization of its own, so no count by organization
// alone is a bound. What the operator makes counts in neither, unless it joins an organization.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
#pragma once

#include <cstdint>

namespace deputy::services {

struct AccountLimits {
  static constexpr std::uint32_t kInOrganization = 10;    // AWS's default
  static constexpr std::uint32_t kMadeByTenants = 500;    // ours
  static constexpr std::uint32_t kMostOfEither = 10'000;  // what an operator may set

  /// Accounts and open invitations of one organization.
  std::uint32_t in_organization = kInOrganization;
  /// Accounts that organizations made and that are still there, whatever organization they are in now.
  std::uint32_t made_by_tenants = kMadeByTenants;

  /// Requests for accounts, and invitations, that one organization may make in a day: as AWS's for invitations.
  static constexpr std::uint32_t kLeastADay = 20;
  [[nodiscard]] std::uint32_t a_day() const { return in_organization > kLeastADay ? in_organization : kLeastADay; }
};

}  // namespace deputy::services
