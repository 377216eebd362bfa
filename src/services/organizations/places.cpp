#include "services/organizations/places.h"

#include <algorithm>

namespace deputy::organizations {

const std::string& Place::name_in_children() const {
  static const std::string kTheRoot;
  return unit != nullptr ? unit->id : kTheRoot;
}

const std::string& Place::path() const {
  static const std::string kNone;
  const auto* place = in->places.get(id());
  return place != nullptr ? place->path : kNone;
}

std::size_t Place::depth() const {
  constexpr std::ptrdiff_t kOfRoot = 2;  // "o-…/r-…/"
  return static_cast<std::size_t>(std::count(path().begin(), path().end(), '/') - kOfRoot);
}

void Place::touch(directory::Changes& changes) const {
  unit != nullptr ? changes.update(*unit) : changes.update(in->organization);
}

Result<Place> find_place(const Standing& standing, std::string_view id, Error otherwise) {
  Place place{standing.in};
  if (id == standing.organization().root) return place;
  place.unit = standing.in->units.get(id);
  if (place.unit == nullptr) return otherwise;
  return place;
}

Place place_of(const OrganizationState& in, const Membership& member) {
  return {&in, member.unit.empty() ? nullptr : in.units.get(member.unit)};
}

shapes::OrganizationalUnit shown(const OrganizationState& in, const OrganizationalUnit& unit) {
  shapes::OrganizationalUnit out;
  out.id = unit.id;
  out.arn = unit.arn(in.organization.management);
  out.name = unit.name;
  out.path = Place{&in, &unit}.path();
  return out;
}

shapes::Root shown_root(const Organization& organization) {
  shapes::Root out;
  out.id = organization.root;
  out.arn = organization.root_arn();
  out.name = "Root";
  auto& types = out.policy_types.emplace();
  for (const auto& on : organization.policy_types) types.push_back({std::string(name_of(on.type)), "ENABLED"});
  return out;
}

}  // namespace deputy::organizations
