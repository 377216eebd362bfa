// IAM groups and who is in them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html
//
// Membership lives in the user; the group counts its members in the same commit, so that deleting a group cannot race
// with somebody joining it.
#include "protocol/iam/add_user_to_group.h"
#include "protocol/iam/create_group.h"
#include "protocol/iam/delete_group.h"
#include "protocol/iam/get_group.h"
#include "protocol/iam/list_groups.h"
#include "protocol/iam/list_groups_for_user.h"
#include "protocol/iam/remove_user_from_group.h"
#include "protocol/iam/update_group.h"
#include "services/iam/answers.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/paging.h"
#include "services/iam/places.h"
#include "services/iam/renames.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

bool is_member(const User& user, const Group& group) {
  return std::find(user.groups.begin(), user.groups.end(), group.id) != user.groups.end();
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateGroup.html
struct CreateGroup : shapes::CreateGroup {
  static Accesses access(const At& at, const Input& in) {
    return {on_new(action<"iam:CreateGroup">(), at, "group", in.path, in.group_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const AccountState& account = account_of(at);
    if (is_taken(account.groups, in.group_name)) return errors::already_exists(Kind::kGroup, in.group_name);
    if (account.groups.size() >= quotas::kGroupsPerAccount.limit)
      return errors::limit_exceeded(quotas::kGroupsPerAccount);
    Group group;
    group.account = account.account.id;
    group.id = crypto::make_unique_id(at.entropy, "AGPA");
    group.path = in.path.value_or("/");
    group.name = in.group_name;
    group.created = at.now;
    Outcome<Output> out{.output = {.group = shown(group)}};
    out.changes.create(group);
    guard_place(out.changes, at, account.groups.size(), quotas::kGroupsPerAccount);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroup.html
struct GetGroup : shapes::GetGroup {
  static Accesses access(const At& at, const Input& in) {
    return {on_group(action<"iam:GetGroup">(), at, in.group_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Group* group, find_group(at, in.group_name));
    TRY(const Page page, page_of(in, "GetGroup"));
    Outcome<Output> out{.output = {.group = shown(*group)}};
    give_page(
        out.output, page, account_of(at).users, [&](const User& user) { return is_member(user, *group); },
        [&](const User& user) { out.output.users.push_back(listed(user)); });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroups.html
struct ListGroups : shapes::ListGroups {
  static Accesses access(const At& at, const Input& in) {
    return {on_list(action<"iam:ListGroups">(), at, "group", in.path_prefix)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Page page, page_of(in, "ListGroups"));
    Outcome<Output> out;
    give_page(out.output, page, account_of(at).groups, under_path(in.path_prefix),
              [&](const Group& group) { out.output.groups.push_back(shown(group)); });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateGroup.html
struct GroupNames {
  static constexpr auto on = on_group;
  static constexpr auto find = find_group;
  static constexpr auto all = &AccountState::groups;
  static const std::string& name(const auto& in) { return in.group_name; }
  static const auto& new_name(const auto& in) { return in.new_group_name; }
  static Error taken(std::string_view name) { return errors::already_exists(Kind::kGroup, name); }
};
using UpdateGroup = Renaming<shapes::UpdateGroup, GroupNames>;

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html
struct DeleteGroup : shapes::DeleteGroup {
  static Accesses access(const At& at, const Input& in) {
    return {on_group(action<"iam:DeleteGroup">(), at, in.group_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Group* group, find_group(at, in.group_name));
    if (group->members > 0) return errors::must_first(errors::kRemoveUsersFromGroup);
    if (!group->attached_policies.empty()) return errors::must_first(errors::kDetachPolicies);
    if (!group->inline_policies.empty()) return errors::must_first(errors::kDeletePolicies);
    return erased<Output>(*group);
  }
};

/// Writes a user's groups and the group's count.
directory::Changes change_membership(User user, Group group, bool joins) {
  if (joins) {
    user.groups.push_back(group.id);
    ++group.members;
  } else {
    std::erase(user.groups, group.id);
    if (group.members > 0) --group.members;
  }
  directory::Changes changes;
  changes.update(user);
  changes.update(group);
  return changes;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddUserToGroup.html
struct AddUserToGroup : shapes::AddUserToGroup {
  static Accesses access(const At& at, const Input& in) {
    return {on_group(action<"iam:AddUserToGroup">(), at, in.group_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Group* group, find_group(at, in.group_name));
    TRY(const User* user, find_user(at, in.user_name));
    Outcome<Output> out;
    if (is_member(*user, *group)) return out;
    if (user->groups.size() >= quotas::kGroupsPerUser.limit) return errors::limit_exceeded(quotas::kGroupsPerUser);
    out.changes = change_membership(*user, *group, true);
    return out;
  }
};

// Adding a member and removing somebody who is none both succeed and change nothing (docs/wire.md, 5.2).
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveUserFromGroup.html
struct RemoveUserFromGroup : shapes::RemoveUserFromGroup {
  static Accesses access(const At& at, const Input& in) {
    return {on_group(action<"iam:RemoveUserFromGroup">(), at, in.group_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Group* group, find_group(at, in.group_name));
    TRY(const User* user, find_user(at, in.user_name));
    Outcome<Output> out;
    if (is_member(*user, *group)) out.changes = change_membership(*user, *group, false);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupsForUser.html
struct ListGroupsForUser : shapes::ListGroupsForUser {
  static Accesses access(const At& at, const Input& in) {
    return {on_user(action<"iam:ListGroupsForUser">(), at, in.user_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const User* user, find_user(at, in.user_name));
    TRY(const Page page, page_of(in, "ListGroupsForUser"));
    Outcome<Output> out;
    give_page(
        out.output, page, account_of(at).groups, [&](const Group& group) { return is_member(*user, group); },
        [&](const Group& group) { out.output.groups.push_back(shown(group)); });
    return out;
  }
};

}  // namespace

std::span<const Binding> group_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<CreateGroup>(), bind<GetGroup>(),       bind<ListGroups>(),          bind<UpdateGroup>(),
      bind<DeleteGroup>(), bind<AddUserToGroup>(), bind<RemoveUserFromGroup>(), bind<ListGroupsForUser>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
