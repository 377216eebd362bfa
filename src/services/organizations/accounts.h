// How accounts show, and how they come and go: what several files of this room need.
#pragma once

#include "protocol/organizations/shapes.h"
#include "services/organizations/standing.h"

namespace deputy::organizations {

/// In one organization. Ours: AWS begins with ten and raises it when asked.
inline constexpr std::uint32_t kMostAccounts = 10'000;

shapes::Account shown(const At& at, const OrganizationState& in, const Membership& member);

/// Deletes a few of those that nobody is shown any more: what makes a new one pays for it, so they do not pile up.
template <class Entity, class IsForgotten>
void forget_some(directory::Changes& changes, const directory::SortedMap<Entity>& entities,
                 IsForgotten&& is_forgotten) {
  constexpr std::size_t kAtOnce = 10;
  std::size_t count = 0;
  entities.scan("", [&](std::string_view, const Entity& entity) {
    if (is_forgotten(entity)) {
      changes.erase(entity);
      ++count;
    }
    return count < kAtOnce;
  });
}

/// A new place in an organization, from now on.
Membership membership(const At& at, const Organization& organization, const AccountId& account, bool created);

}  // namespace deputy::organizations
