// Where accounts are in their organization, and moving them.
// https://docs.aws.amazon.com/organizations/latest/userguide/move_account_to_ou.html
#include "protocol/organizations/list_accounts_for_parent.h"
#include "protocol/organizations/list_children.h"
#include "protocol/organizations/list_parents.h"
#include "protocol/organizations/move_account.h"
#include "services/organizations/accounts.h"
#include "services/organizations/errors.h"
#include "services/organizations/paging.h"
#include "services/organizations/places.h"

namespace deputy::organizations {
namespace {

shapes::Parent shown_parent(const Place& place) { return {place.id(), place.unit != nullptr ? kUnit : kRoot}; }

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListParents.html
struct ListParents : shapes::ListParents {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_id("organizations:ListParents", at, in.child_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:ListParents"));
    TRY([[maybe_unused]] const Page page, page_of(in, "ListParents"));  // a child has one parent
    Place parent{standing.in};
    if (const Membership* member = standing.in->members.get(in.child_id)) {
      parent = place_of(*standing.in, *member);
    } else if (const OrganizationalUnit* unit = standing.in->units.get(in.child_id)) {
      if (!unit->parent.empty()) parent.unit = standing.in->units.get(unit->parent);
    } else {
      return errors::no_such_child();
    }
    Outcome<Output> out;
    out.output.parents.emplace().push_back(shown_parent(parent));
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListChildren.html
struct ListChildren : shapes::ListChildren {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_id("organizations:ListChildren", at, in.parent_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:ListChildren"));
    TRY(const Page page, page_of(in, "ListChildren"));
    TRY(const Place parent, find_place(standing, in.parent_id, errors::no_such_parent()));
    Outcome<Output> out;
    auto& children = out.output.children.emplace();
    const auto is_child = [&](const auto& child) { return is_in(child, parent); };
    if (in.child_type == kAccount) {
      give_page(out.output, page, standing.in->members, is_child, [&](const Membership& member) {
        children.push_back({member.account.str(), kAccount});
      });
    } else {
      give_page(out.output, page, standing.in->units, is_child, [&](const OrganizationalUnit& unit) {
        children.push_back({unit.id, kUnit});
      });
    }
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsForParent.html
struct ListAccountsForParent : shapes::ListAccountsForParent {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_id("organizations:ListAccountsForParent", at, in.parent_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:ListAccountsForParent"));
    TRY(const Page page, page_of(in, "ListAccountsForParent"));
    TRY(const Place parent, find_place(standing, in.parent_id, errors::no_such_parent()));
    Outcome<Output> out;
    auto& accounts = out.output.accounts.emplace();
    give_page(
        out.output, page, standing.in->members, [&](const Membership& member) { return is_in(member, parent); },
        [&](const Membership& member) { accounts.push_back(shown(at, *standing.in, member)); });
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_MoveAccount.html
struct MoveAccount : shapes::MoveAccount {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_ids("organizations:MoveAccount", at, {in.account_id, in.source_parent_id, in.destination_parent_id});
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_management(at));
    TRY(const Membership* before, find_member(standing, in.account_id));
    TRY(const Place source, find_place(standing, in.source_parent_id, errors::no_such_source_parent()));
    TRY(const Place destination, find_place(standing, in.destination_parent_id, errors::no_such_destination_parent()));
    if (!is_in(*before, source)) return errors::no_such_account();  // what AWS says of an account that is elsewhere
    if (source.unit == destination.unit) return errors::duplicate_account();
    Membership member = *before;
    member.unit = destination.name_in_children();
    Outcome<Output> out;
    out.changes.update(member);
    if (destination.unit != nullptr) destination.touch(out.changes);
    return out;
  }
};

}  // namespace

std::span<const Binding> tree_bindings() {
  static constexpr Binding kBindings[] = {
      bind<ListParents>(),
      bind<ListChildren>(),
      bind<ListAccountsForParent>(),
      bind<MoveAccount>(),
  };
  return kBindings;
}

}  // namespace deputy::organizations
