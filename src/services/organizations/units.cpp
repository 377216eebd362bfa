// Organizational units. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_ous.html
#include "crypto/random.h"
#include "protocol/organizations/create_organizational_unit.h"
#include "protocol/organizations/delete_organizational_unit.h"
#include "protocol/organizations/describe_organizational_unit.h"
#include "protocol/organizations/list_organizational_units_for_parent.h"
#include "protocol/organizations/update_organizational_unit.h"
#include "services/organizations/errors.h"
#include "services/organizations/paging.h"
#include "services/organizations/places.h"
#include "services/organizations/quotas.h"
#include "services/organizations/tags.h"

namespace deputy::organizations {
namespace {

Result<const OrganizationalUnit*> find_unit(const Standing& standing, std::string_view id) {
  const OrganizationalUnit* unit = standing.in->units.get(id);
  if (unit == nullptr) return errors::no_such_unit();
  return unit;
}

/// Error: DuplicateOrganizationalUnitException.
Result<void> check_name(const Place& parent, std::string_view name) {
  bool taken = false;
  parent.in->units.each([&](const OrganizationalUnit& unit) { taken |= is_in(unit, parent) && unit.name == name; });
  if (taken) return errors::duplicate_unit();
  return {};
}

Place parent_of(const Standing& standing, const OrganizationalUnit& unit) {
  return {standing.in, unit.parent.empty() ? nullptr : standing.in->units.get(unit.parent)};
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateOrganizationalUnit.html
struct CreateOrganizationalUnit : shapes::CreateOrganizationalUnit {
  static Result<Accesses> access(const At& at, const Input& in) {
    return with_tags(on_id("organizations:CreateOrganizationalUnit", at, in.parent_id), in.tags);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_management(at));
    TRY(const Place parent, find_place(standing, in.parent_id, errors::no_such_parent()));
    TRY_VOID(check_name(parent, in.name));
    if (parent.depth() >= quotas::kDepth) return errors::too_deep();
    if (standing.in->units.size() >= quotas::kUnits) return errors::too_many_units();
    OrganizationalUnit unit;
    TRY(unit.tags, merge_tags({}, in.tags));
    unit.organization = standing.organization().id;
    const std::string of_root = standing.organization().root.substr(std::string_view("r-").size());
    unit.id = crypto::make_lower_id(at.entropy, "ou-" + of_root + "-", 8);
    unit.parent = parent.name_in_children();
    unit.name = in.name;

    Outcome<Output> out;
    out.output.organizational_unit = shown(*standing.in, unit);
    out.output.organizational_unit->path = parent.path() + unit.id + "/";
    out.changes.create(unit);
    out.changes.update(standing.organization());  // units are counted, and the names of those in the root
    if (parent.unit != nullptr) parent.touch(out.changes);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_UpdateOrganizationalUnit.html
struct UpdateOrganizationalUnit : shapes::UpdateOrganizationalUnit {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_id("organizations:UpdateOrganizationalUnit", at, in.organizational_unit_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_management(at));
    TRY(const OrganizationalUnit* before, find_unit(standing, in.organizational_unit_id));
    OrganizationalUnit unit = *before;
    Outcome<Output> out;
    if (in.name && *in.name != unit.name) {
      const Place parent = parent_of(standing, unit);
      TRY_VOID(check_name(parent, *in.name));
      unit.name = *in.name;
      out.changes.update(unit);
      parent.touch(out.changes);
    }
    out.output.organizational_unit = shown(*standing.in, unit);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeleteOrganizationalUnit.html
struct DeleteOrganizationalUnit : shapes::DeleteOrganizationalUnit {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_id("organizations:DeleteOrganizationalUnit", at, in.organizational_unit_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_management(at));
    TRY(const OrganizationalUnit* unit, find_unit(standing, in.organizational_unit_id));
    const Place place{standing.in, unit};
    bool empty = true;
    standing.in->units.each([&](const OrganizationalUnit& other) { empty = empty && !is_in(other, place); });
    standing.in->members.each([&](const Membership& member) { empty = empty && !is_in(member, place); });
    if (!empty) return errors::unit_not_empty();
    Outcome<Output> out;
    out.changes.erase(*unit);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganizationalUnit.html
struct DescribeOrganizationalUnit : shapes::DescribeOrganizationalUnit {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_id("organizations:DescribeOrganizationalUnit", at, in.organizational_unit_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:DescribeOrganizationalUnit"));
    TRY(const OrganizationalUnit* unit, find_unit(standing, in.organizational_unit_id));
    Outcome<Output> out;
    out.output.organizational_unit = shown(*standing.in, *unit);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListOrganizationalUnitsForParent.html
struct ListOrganizationalUnitsForParent : shapes::ListOrganizationalUnitsForParent {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_id("organizations:ListOrganizationalUnitsForParent", at, in.parent_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:ListOrganizationalUnitsForParent"));
    TRY(const Page page, page_of(in, "ListOrganizationalUnitsForParent"));
    TRY(const Place parent, find_place(standing, in.parent_id, errors::no_such_parent()));
    Outcome<Output> out;
    auto& units = out.output.organizational_units.emplace();
    give_page(
        out.output, page, standing.in->units, [&](const OrganizationalUnit& unit) { return is_in(unit, parent); },
        [&](const OrganizationalUnit& unit) { units.push_back(shown(*standing.in, unit)); });
    return out;
  }
};

}  // namespace

std::span<const Binding> unit_bindings() {
  static constexpr Binding kBindings[] = {
      bind<CreateOrganizationalUnit>(),   bind<UpdateOrganizationalUnit>(),         bind<DeleteOrganizationalUnit>(),
      bind<DescribeOrganizationalUnit>(), bind<ListOrganizationalUnitsForParent>(),
  };
  return kBindings;
}

}  // namespace deputy::organizations
