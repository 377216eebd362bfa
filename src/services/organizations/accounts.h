// How accounts show, and how they come and go: what several files of this room need.
#pragma once

#include "protocol/organizations/shapes.h"
#include "services/organizations/standing.h"

namespace deputy::organizations {

/// In one organization. Ours: AWS begins with ten and raises it when asked.
inline constexpr std::uint32_t kMostAccounts = 10'000;

shapes::Account shown(const At& at, const OrganizationState& in, const Membership& member);

/// A new place in an organization, from now on.
Membership membership(const At& at, const Organization& organization, const AccountId& account, bool created);

}  // namespace deputy::organizations
