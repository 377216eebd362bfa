// IAM users: create, get, list, rename, delete, and their tags.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users.html
#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_user.h"
#include "protocol/iam/get_user.h"
#include "protocol/iam/list_user_tags.h"
#include "protocol/iam/list_users.h"
#include "protocol/iam/tag_user.h"
#include "protocol/iam/untag_user.h"
#include "protocol/iam/update_user.h"
#include "services/iam/answers.h"
#include "services/iam/arns.h"
#include "services/iam/boundary.h"
#include "services/iam/errors.h"
#include "services/iam/holder.h"
#include "services/iam/paging.h"
#include "services/iam/places.h"
#include "services/iam/renames.h"
#include "services/iam/table.h"
#include "services/iam/tag_operations.h"
#include "services/iam/tags.h"

#include "base/arn.h"

namespace deputy::iam {
namespace {

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
struct CreateUser : shapes::CreateUser {
  /// Tags are a permission of their own.
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_users.html
  static Accesses access(const At& at, const Input& in) {
    const directory::Tags tags = request_tags(in.tags);
    const auto needs = [&](const policy::Action& action) {
      return with_tags(on_new(action, at, "user", in.path, in.user_name), tags);
    };
    Accesses all{with_boundary(needs(action<"iam:CreateUser">()), in.permissions_boundary.value_or(""))};
    if (!in.tags.empty()) all.push_back(needs(action<"iam:TagUser">()));
    return all;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const AccountState& account = account_of(at);
    if (is_taken(account.users, in.user_name)) return errors::already_exists(Kind::kUser, in.user_name);
    if (account.users.size() >= quotas::kUsersPerAccount.limit) {
      return errors::limit_exceeded(quotas::kUsersPerAccount);
    }
    User user;
    user.account = account.account.id;
    user.id = crypto::make_unique_id(at.entropy, "AIDA");
    user.path = in.path.value_or("/");
    user.name = in.user_name;
    user.created = at.now;
    TRY(user.tags, new_tags(in.tags, TagKeys::kIgnoreCase));
    if (in.permissions_boundary) {
      TRY_VOID(find_boundary(at, *in.permissions_boundary));
      user.boundary = *in.permissions_boundary;
    }
    Outcome<Output> out{.output = {.user = shown(user)}};
    out.changes.create(user);
    guard_place(out.changes, at, account.users.size(), quotas::kUsersPerAccount);
    count_boundary(out.changes, at, "", user.boundary);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
struct GetUser : shapes::GetUser {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_holder(action<"iam:GetUser">(), at, in.user_name);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    if (means_root(at, in.user_name)) return Outcome<Output>{{.user = shown_root(account_of(at).account)}};
    TRY(const std::string_view name, user_name_or_caller(at, in.user_name));
    TRY(const User* user, find_user(at, name));
    return Outcome<Output>{{.user = shown(*user)}};
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
struct ListUsers : shapes::ListUsers {
  static Accesses access(const At& at, const Input& in) {
    return {on_list(action<"iam:ListUsers">(), at, "user", in.path_prefix)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Page page, page_of(in, "ListUsers"));
    Outcome<Output> out;
    give_page(out.output, page, account_of(at).users, under_path(in.path_prefix),
              [&](const User& user) { out.output.users.push_back(listed(user)); });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html
struct UserNames {
  static constexpr auto on = on_user;
  static constexpr auto find = find_user;
  static constexpr auto all = &AccountState::users;
  static const std::string& name(const auto& in) { return in.user_name; }
  static const auto& new_name(const auto& in) { return in.new_user_name; }
  static Error taken(std::string_view name) { return errors::already_exists(Kind::kUser, name); }
};
using UpdateUser = Renaming<shapes::UpdateUser, UserNames>;

/// Why a user cannot be deleted yet, in AWS's order of questions; empty: it can.
std::string_view objection(const User& user) {
  if (!user.attached_policies.empty()) return errors::kDetachPolicies;
  if (!user.inline_policies.empty()) return errors::kDeletePolicies;
  if (!user.groups.empty()) return errors::kRemoveUsersFromGroup;
  if (!user.access_keys.empty()) return errors::kDeleteAccessKeys;
  if (user.login_profile) return errors::kDeleteLoginProfile;
  if (!user.mfa_devices.empty()) return errors::kDeleteMfaDevice;
  if (!user.signing_certificates.empty()) return errors::kDeleteSigningCertificate;
  if (!user.ssh_public_keys.empty() || !user.service_credentials.empty()) return errors::kRemoveReferencedObjects;
  return {};
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
struct DeleteUser : shapes::DeleteUser {
  static Accesses access(const At& at, const Input& in) {
    const User* user = user_named(at, in.user_name);
    return {with_boundary(on_user(action<"iam:DeleteUser">(), at, in.user_name), boundary_of(user))};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const User* user, find_user(at, in.user_name));
    if (const std::string_view first = objection(*user); !first.empty()) return errors::must_first(first);
    Outcome<Output> out;
    out.changes.erase(*user);
    count_boundary(out.changes, at, user->boundary, "");
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagUser.html
struct UserTags {
  static constexpr TagKeys kKeys = TagKeys::kIgnoreCase;
  static constexpr auto on = on_user;
  static constexpr auto find = find_user;
  static constexpr auto find_to_tag = find_user;
  static constexpr auto find_to_untag = find_user;
  static const std::string& name(const auto& in) { return in.user_name; }
};
using TagUser = Tagging<shapes::TagUser, UserTags>;
using UntagUser = Untagging<shapes::UntagUser, UserTags>;
using ListUserTags = TagListing<shapes::ListUserTags, UserTags>;

}  // namespace

std::span<const Binding> user_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<CreateUser>(), bind<GetUser>(), bind<ListUsers>(), bind<UpdateUser>(),
      bind<DeleteUser>(), bind<TagUser>(), bind<UntagUser>(), bind<ListUserTags>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
