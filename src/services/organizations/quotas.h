// How much there may be of what an organization has, but for its accounts (services/account_limits.h) and for policies,
// of which each type has its own limits (policy_types.h).
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
#pragma once

#include <cstddef>

namespace deputy::organizations::quotas {

inline constexpr std::size_t kUnits = 2'000;
inline constexpr std::size_t kDepth = 5;  // of units below the root
inline constexpr std::size_t kTags = 50;  // of one thing

}  // namespace deputy::organizations::quotas
