// The tree of an organization: its root, its units, and what hangs there. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_ous.html
//
//   TRY(const Place parent, find_place(standing, in.parent_id, errors::no_such_parent()));
//   ... standing.in->units of which is_in(unit, parent)
//   parent.touch(out.changes);      // something hangs there now: so nobody deletes it at the same time
#pragma once

#include <string>
#include <string_view>

#include "directory/changes.h"
#include "protocol/organizations/shapes.h"
#include "services/organizations/standing.h"

namespace deputy::organizations {

using directory::OrganizationalUnit;

/// The root or a unit.
struct Place {
  const OrganizationState* in = nullptr;     // never null
  const OrganizationalUnit* unit = nullptr;  // null: the root

  [[nodiscard]] const std::string& id() const { return unit != nullptr ? unit->id : in->organization.root; }
  /// As what is in it names it: the root by nothing.
  [[nodiscard]] const std::string& name_in_children() const;
  /// "o-…/r-…/ou-…/"
  [[nodiscard]] const std::string& path() const;
  /// Units between it and the root, itself included.
  [[nodiscard]] std::size_t depth() const;

  /// Writes it unchanged, so that it cannot go, nor get something else of the same name, at the same time.
  void touch(directory::Changes& changes) const;
};

/// Error: `otherwise`.
Result<Place> find_place(const Standing& standing, std::string_view id, Error otherwise);
Place place_of(const OrganizationState& in, const Membership& member);

inline bool is_in(const OrganizationalUnit& unit, const Place& place) {
  return unit.parent == place.name_in_children();
}
inline bool is_in(const Membership& member, const Place& place) { return member.unit == place.name_in_children(); }

shapes::OrganizationalUnit shown(const OrganizationState& in, const OrganizationalUnit& unit);
shapes::Root shown_root(const Organization& organization);

inline constexpr const char *kRoot = "ROOT", *kUnit = "ORGANIZATIONAL_UNIT", *kAccount = "ACCOUNT";

}  // namespace deputy::organizations
