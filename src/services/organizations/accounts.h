// How accounts show, and how they come and go: what several files of this room need.
#pragma once

#include "protocol/organizations/shapes.h"
#include "services/organizations/standing.h"

namespace deputy::organizations {

shapes::Account shown(const At& at, const OrganizationState& in, const Membership& member);

/// Deletes a few of those that nobody is shown any more: what makes a new one pays for it, so they do not pile up.
template <class Entity, class IsForgotten>
void forget_some(directory::Changes& changes, const directory::SortedMap<Entity>& entities, IsForgotten&& is_forgotten,
                 std::size_t at_once = 10) {
  std::size_t count = 0;
  entities.scan("", [&](std::string_view, const Entity& entity) {
    if (is_forgotten(entity)) {
      changes.erase(entity);
      ++count;
    }
    return count < at_once;
  });
}

bool is_open(const directory::Handshake& handshake, Time now);

/// Whether the organization may have one more account, its open invitations counted.
/// Error: ConstraintViolationException.
Result<void> check_place(const At& at, const OrganizationState& in);

/// How many of `all` were asked for within the last day.
template <class Entity>
std::uint32_t asked_today(const At& at, const directory::SortedMap<Entity>& all) {
  std::uint32_t count = 0;
  all.each([&](const Entity& entity) { count += entity.requested + std::chrono::hours(24) > at.now ? 1U : 0U; });
  return count;
}

/// A new place in an organization, from now on.
Membership membership(const At& at, const Organization& organization, const AccountId& account, bool created);

}  // namespace deputy::organizations
