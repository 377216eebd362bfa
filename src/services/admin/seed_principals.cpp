// Users, groups and roles of a seed, and what each has: policies, a boundary, memberships, keys, tags.
#include <algorithm>

#include "base/arn.h"
#include "protocol/iam/add_user_to_group.h"
#include "protocol/iam/attach_group_policy.h"
#include "protocol/iam/attach_role_policy.h"
#include "protocol/iam/attach_user_policy.h"
#include "protocol/iam/create_group.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_group_policy.h"
#include "protocol/iam/delete_role_permissions_boundary.h"
#include "protocol/iam/delete_role_policy.h"
#include "protocol/iam/delete_user_permissions_boundary.h"
#include "protocol/iam/delete_user_policy.h"
#include "protocol/iam/detach_group_policy.h"
#include "protocol/iam/detach_role_policy.h"
#include "protocol/iam/detach_user_policy.h"
#include "protocol/iam/put_group_policy.h"
#include "protocol/iam/put_role_permissions_boundary.h"
#include "protocol/iam/put_role_policy.h"
#include "protocol/iam/put_user_permissions_boundary.h"
#include "protocol/iam/put_user_policy.h"
#include "protocol/iam/remove_user_from_group.h"
#include "protocol/iam/tag_role.h"
#include "protocol/iam/tag_user.h"
#include "protocol/iam/untag_role.h"
#include "protocol/iam/untag_user.h"
#include "protocol/iam/update_assume_role_policy.h"
#include "protocol/iam/update_group.h"
#include "protocol/iam/update_role.h"
#include "protocol/iam/update_user.h"
#include "services/admin/errors.h"
#include "services/admin/seed_tags.h"
#include "services/admin/seeding.h"

namespace deputy::admin {

namespace api = iam::shapes;
using Done = Seeding::Done;

namespace {

/// What IAM calls the operations of a kind of principal, and where a snapshot has it.
struct Kind {
  std::string_view word;    // "role"
  std::string_view member;  // "RoleName"
  const protocol::Operation &put, &remove, &attach, &detach;
  const protocol::Operation *bound, *unbound;  // null: it has no boundary
};
const Kind kUser{"user",
                 "UserName",
                 api::PutUserPolicy::model,
                 api::DeleteUserPolicy::model,
                 api::AttachUserPolicy::model,
                 api::DetachUserPolicy::model,
                 &api::PutUserPermissionsBoundary::model,
                 &api::DeleteUserPermissionsBoundary::model};
const Kind kGroup{"group",
                  "GroupName",
                  api::PutGroupPolicy::model,
                  api::DeleteGroupPolicy::model,
                  api::AttachGroupPolicy::model,
                  api::DetachGroupPolicy::model,
                  nullptr,
                  nullptr};
const Kind kRole{"role",
                 "RoleName",
                 api::PutRolePolicy::model,
                 api::DeleteRolePolicy::model,
                 api::AttachRolePolicy::model,
                 api::DetachRolePolicy::model,
                 &api::PutRolePermissionsBoundary::model,
                 &api::DeleteRolePermissionsBoundary::model};

/// One principal of the seed.
struct One {
  Seeding& seeding;
  const Kind& kind;
  const AccountId& account;
  std::int64_t place;
  const std::string& name;

  [[nodiscard]] About about(std::string detail = {}) const {
    return {std::string(kind.word) + "/" + name, std::move(detail)};
  }
  template <class Fill>
  Done run(std::string member, const protocol::Operation& operation, Fill fill, std::string detail = {}) const {
    Request request;
    request.with(kind.member, name);
    fill(request);
    return seeding.run({place, std::move(member)}, account, operation, request, about(std::move(detail)));
  }
};

void put_policies(const One& one, const std::vector<shapes::SeedPolicy>& wanted,
                  const std::vector<directory::InlinePolicy>& there) {
  std::vector<std::string> gone;
  for (const auto& held : there) {
    const bool stays =
        std::any_of(wanted.begin(), wanted.end(), [&](const auto& p) { return p.policy_name == held.name; });
    if (!stays) gone.push_back(held.name);
  }
  if (one.seeding.prunes()) {
    for (const std::string& name : gone) {
      one.run(
          "Policies", one.kind.remove, [&](Request& r) { r.with("PolicyName", name); }, name);
    }
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const shapes::SeedPolicy& policy = wanted[i];
    one.run(
        element("Policies", i) + ".PolicyDocument", one.kind.put,
        [&](Request& r) { r.with("PolicyName", policy.policy_name).with("PolicyDocument", policy.policy_document); },
        policy.policy_name);
  }
}

void attach_policies(const One& one, const std::vector<std::string>& wanted, const std::vector<std::string>& there) {
  const auto arn_of = [](const std::string& arn) { return [&arn](Request& r) { r.with("PolicyArn", arn); }; };
  if (one.seeding.prunes()) {
    for (const std::string& held : there) {
      if (std::find(wanted.begin(), wanted.end(), held) != wanted.end()) continue;
      one.run("ManagedPolicyArns", one.kind.detach, arn_of(held), held);
    }
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (one.seeding.is_broken(wanted[i])) continue;
    one.run(element("ManagedPolicyArns", i), one.kind.attach, arn_of(wanted[i]), wanted[i]);
  }
}

void set_boundary(const One& one, const std::optional<std::string>& wanted, const std::string& there) {
  if (wanted && one.seeding.is_broken(*wanted)) return;
  if (wanted && *wanted != there) {
    one.run(
        "PermissionsBoundary", *one.kind.bound, [&](Request& r) { r.with("PermissionsBoundary", wanted); }, *wanted);
  } else if (!wanted && !there.empty() && one.seeding.prunes()) {
    one.run(
        "PermissionsBoundary", *one.kind.unbound, [](Request&) {}, there);
  }
}

/// What all three have. `find` gives the entity as it is now, which each step replaces.
template <class Wanted, class Find>
void give_policies(const One& one, const Wanted& wanted, Find find) {
  put_policies(one, all(wanted.policies), std::vector(find()->inline_policies));
  attach_policies(one, all(wanted.managed_policy_arns), std::vector(find()->attached_policies));
}

template <class Map>
auto find_in(const Map& map, const std::string& name) {
  return map.get(ascii_lower(name));
}

}  // namespace

void seed_group(Seeding& seeding, const AccountId& account, const shapes::SeedGroup& wanted) {
  seeding.step();
  const One one{seeding, kGroup, account, wanted.place, wanted.group_name};
  const auto broken = [&] { seeding.break_name(local_name(account, "group", wanted.group_name)); };
  if (wanted.broken.value_or(false)) return broken();
  const auto find = [&] { return find_in(seeding.account(account)->groups, wanted.group_name); };
  if (const directory::Group* there = find(); there == nullptr) {
    if (one.run("GroupName", api::CreateGroup::model, [&](Request& r) { r.with("Path", wanted.path); }) ==
        Done::kFailed) {
      return broken();
    }
  } else if (wanted.path && there->path != *wanted.path) {
    one.run("Path", api::UpdateGroup::model, [&](Request& r) { r.with("NewPath", wanted.path); });
  }
  give_policies(one, wanted, find);
}

namespace {

void join_groups(const One& one, const std::vector<std::string>& wanted) {
  Seeding& seeding = one.seeding;
  const auto run = [&](std::string member, const protocol::Operation& operation, const std::string& group) {
    one.run(
        std::move(member), operation, [&](Request& r) { r.with("GroupName", group); }, group);
  };
  if (seeding.prunes()) {
    std::vector<std::string> gone;
    const directory::AccountState& account = *seeding.account(one.account);
    for (const UniqueId& id : find_in(account.users, one.name)->groups) {
      const directory::Group* group = account.groups_by_id.get(id.str());
      if (group == nullptr || std::find(wanted.begin(), wanted.end(), group->name) != wanted.end()) continue;
      gone.push_back(group->name);
    }
    for (const std::string& name : gone) run("Groups", api::RemoveUserFromGroup::model, name);
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (seeding.is_broken(local_name(one.account, "group", wanted[i]))) continue;
    run(element("Groups", i), api::AddUserToGroup::model, wanted[i]);
  }
}

}  // namespace

void seed_user(Seeding& seeding, const AccountId& account, const shapes::SeedUser& wanted) {
  seeding.step();
  const One one{seeding, kUser, account, wanted.place, wanted.user_name};
  const auto broken = [&] { seeding.break_name(arn_in(account, "user", wanted.path, wanted.user_name)); };
  if (wanted.broken.value_or(false)) return broken();
  const auto find = [&] { return find_in(seeding.account(account)->users, wanted.user_name); };
  if (const directory::User* there = find(); there == nullptr) {
    const Done made = one.run("UserName", api::CreateUser::model,
                              [&](Request& r) { r.with("Path", wanted.path).tags(all(wanted.tags)); });
    if (made == Done::kFailed) return broken();
  } else {
    const directory::Tags tags = there->tags;
    if (wanted.path && there->path != *wanted.path) {
      one.run("Path", api::UpdateUser::model, [&](Request& r) { r.with("NewPath", wanted.path); });
    }
    seed_tags(seeding, {wanted.place, "Tags"}, account, {kUser.member, wanted.user_name, one.about()}, all(wanted.tags),
              tags, api::TagUser::model, api::UntagUser::model);
  }
  set_boundary(one, wanted.permissions_boundary, std::string(find()->boundary));
  join_groups(one, all(wanted.groups));
  give_policies(one, wanted, find);
  if (!all(wanted.access_keys).empty() || seeding.prunes()) {
    seed_access_keys(seeding, wanted.place, account, wanted.user_name, all(wanted.access_keys));
  }
}

namespace {

/// What a role is made with while whom it trusts is not there yet.
std::string placeholder_trust(const AccountId& account) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":")" + root_arn(account) +
         R"("},"Action":"sts:AssumeRole"}]})";
}

const directory::Role* find_role(const Seeding& seeding, const WantedRole& wanted) {
  return find_in(seeding.account(wanted.account)->roles, wanted.role->role_name);
}

One one_of(Seeding& seeding, const WantedRole& wanted) {
  return {seeding, kRole, wanted.account, wanted.role->place, wanted.role->role_name};
}

std::string arn_of(const WantedRole& wanted) {
  return arn_in(wanted.account, "role", wanted.role->path, wanted.role->role_name);
}

void break_role(Seeding& seeding, const WantedRole& wanted) {
  seeding.break_name(arn_of(wanted));
  seeding.break_name(local_name(wanted.account, "role", wanted.role->role_name));
}

Done create_role(Seeding& seeding, const WantedRole& wanted, std::string_view trust) {
  const shapes::SeedRole& role = *wanted.role;
  return one_of(seeding, wanted).run("AssumeRolePolicyDocument", api::CreateRole::model, [&](Request& r) {
    r.with("AssumeRolePolicyDocument", trust)
        .with("Path", role.path)
        .with("Description", role.description)
        .number("MaxSessionDuration", role.max_session_duration)
        .tags(all(role.tags));
  });
}

void update_trust(Seeding& seeding, const WantedRole& wanted) {
  one_of(seeding, wanted).run("AssumeRolePolicyDocument", api::UpdateAssumeRolePolicy::model, [&](Request& r) {
    r.with("PolicyDocument", wanted.role->assume_role_policy_document);
  });
}

/// Whether the sentence of a refusal says that whom the role trusts is not there.
bool is_missing_principal(const shapes::SeedFault& fault) {
  return fault.message.starts_with("Invalid principal in policy");
}

/// Makes those that are not there. Whom a role trusts may be another one of these: so round after round, and what is left
/// names each other or somebody who does not exist, which shows when all are there.
std::vector<WantedRole> create_roles(Seeding& seeding, std::vector<WantedRole> missing) {
  for (bool progress = true; progress && !missing.empty();) {
    progress = false;
    std::vector<WantedRole> waiting;
    for (const WantedRole& wanted : missing) {
      const std::size_t faults = seeding.faults();
      if (create_role(seeding, wanted, *wanted.role->assume_role_policy_document) != Done::kFailed) {
        progress = true;
      } else if (seeding.take_back(faults, is_missing_principal)) {
        waiting.push_back(wanted);
      } else {
        break_role(seeding, wanted);
      }
    }
    missing = std::move(waiting);
  }
  std::erase_if(missing, [&](const WantedRole& wanted) {
    if (create_role(seeding, wanted, placeholder_trust(wanted.account)) != Done::kFailed) return false;
    break_role(seeding, wanted);
    return true;
  });
  return missing;
}

void update_role(Seeding& seeding, const WantedRole& wanted) {
  const shapes::SeedRole& role = *wanted.role;
  const One one = one_of(seeding, wanted);
  const directory::Role& there = *find_role(seeding, wanted);
  const directory::Tags tags = there.tags;
  if (role.path && *role.path != there.path) {
    seeding.fault({role.place, "Path"}, errors::cannot_change("path", there.arn(), there.path));
  }
  if (role.description || role.max_session_duration) {
    one.run(role.max_session_duration ? "MaxSessionDuration" : "Description", api::UpdateRole::model, [&](Request& r) {
      r.with("Description", role.description).number("MaxSessionDuration", role.max_session_duration);
    });
  }
  update_trust(seeding, wanted);
  seed_tags(seeding, {role.place, "Tags"}, wanted.account, {kRole.member, role.role_name, one.about()}, all(role.tags),
            tags, api::TagRole::model, api::UntagRole::model);
}

}  // namespace

void seed_roles(Seeding& seeding, std::vector<WantedRole> roles) {
  std::vector<WantedRole> missing, there;
  for (const WantedRole& wanted : roles) {
    seeding.step();
    if (wanted.role->broken.value_or(false) || !wanted.role->assume_role_policy_document) {
      break_role(seeding, wanted);
    } else {
      (find_role(seeding, wanted) == nullptr ? missing : there).push_back(wanted);
    }
  }
  for (const WantedRole& wanted : create_roles(seeding, std::move(missing))) update_trust(seeding, wanted);
  for (const WantedRole& wanted : there) update_role(seeding, wanted);
  for (const WantedRole& wanted : roles) {
    const auto find = [&] { return find_role(seeding, wanted); };
    if (find() == nullptr || seeding.is_broken(arn_of(wanted))) continue;
    const One one = one_of(seeding, wanted);
    set_boundary(one, wanted.role->permissions_boundary, std::string(find()->boundary));
    give_policies(one, *wanted.role, find);
  }
}

}  // namespace deputy::admin
