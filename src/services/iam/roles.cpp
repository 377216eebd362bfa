// IAM roles: create, get, list, change, delete, whom they trust, and their tags.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html
#include "protocol/iam/create_role.h"
#include "protocol/iam/delete_role.h"
#include "protocol/iam/get_role.h"
#include "protocol/iam/list_role_tags.h"
#include "protocol/iam/list_roles.h"
#include "protocol/iam/tag_role.h"
#include "protocol/iam/untag_role.h"
#include "protocol/iam/update_assume_role_policy.h"
#include "protocol/iam/update_role.h"
#include "protocol/iam/update_role_description.h"
#include "services/iam/answers.h"
#include "services/iam/arns.h"
#include "services/iam/boundary.h"
#include "services/iam/errors.h"
#include "services/iam/paging.h"
#include "services/iam/places.h"
#include "services/iam/signin_duration.h"
#include "services/iam/table.h"
#include "services/iam/tag_operations.h"
#include "services/iam/tags.h"
#include "services/iam/trust.h"

namespace deputy::iam {
namespace {

/// In lists: without last use, tags and boundary; the maximum duration and the description are there
/// (docs/wire.md, 5.6).
shapes::Role listed(const At& at, const Role& role) {
  shapes::Role out = identity_and_trust(at, role);
  if (!role.description.empty()) out.description = role.description;
  out.max_session_duration = static_cast<std::int32_t>(role.max_session_seconds);
  out.max_signin_session_duration = shown_signin_duration(role.max_signin_seconds);
  return out;
}

/// Of GetRole: everything, and RoleLastUsed even if there is nothing in it.
shapes::Role shown(const At& at, const Role& role) {
  shapes::Role out = listed(at, role);
  out.permissions_boundary = shown_boundary(role.boundary);
  out.tags = shown_tags(role.tags);
  out.role_last_used = shown_last_use(at, role);
  return out;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
struct CreateRole : shapes::CreateRole {
  static Accesses access(const At& at, const Input& in) {
    const directory::Tags tags = request_tags(in.tags);
    const auto needs = [&](const policy::Action& action) {
      return with_tags(on_new(action, at, "role", in.path, in.role_name), tags);
    };
    Accesses all{with_boundary(needs(action<"iam:CreateRole">()), in.permissions_boundary.value_or(""))};
    if (!in.tags.empty()) all.push_back(needs(action<"iam:TagRole">()));
    return all;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const AccountState& account = account_of(at);
    if (is_protected_path(in.path.value_or("/"))) return errors::reserved_role_path(*in.path);
    if (is_taken(account.roles, in.role_name)) return errors::already_exists(Kind::kRole, in.role_name);
    if (account.roles.size() >= quotas::kRolesPerAccount.limit) return errors::limit_exceeded(quotas::kRolesPerAccount);
    TRY(Trust trust, resolve_trust(at.snapshot, in.assume_role_policy_document));

    Role role;
    role.account = account.account.id;
    role.id = crypto::make_unique_id(at.entropy, "AROA");
    role.path = in.path.value_or("/");
    role.name = in.role_name;
    role.description = in.description.value_or("");
    role.created = at.now;
    if (in.max_session_duration) role.max_session_seconds = static_cast<std::uint32_t>(*in.max_session_duration);
    TRY_VOID(set_signin_duration(role.max_signin_seconds, in.max_signin_session_duration, std::nullopt));
    role.trust = std::move(trust.text);
    role.trust_principals = std::move(trust.principals);
    TRY(role.tags, new_tags(in.tags, TagKeys::kIgnoreCase));
    if (in.permissions_boundary) {
      TRY_VOID(find_boundary(at, *in.permissions_boundary));
      role.boundary = *in.permissions_boundary;
    }

    Outcome<Output> out;
    // Neither description nor duration, though both were given: GetRole has them (docs/wire.md, 5.6).
    shapes::Role& answer = out.output.role = identity_and_trust(at, role);
    answer.assume_role_policy_document = in.assume_role_policy_document;
    answer.permissions_boundary = shown_boundary(role.boundary);
    answer.tags = shown_tags(role.tags);
    out.changes.create(role);
    guard_place(out.changes, at, account.roles.size(), quotas::kRolesPerAccount);
    count_boundary(out.changes, at, "", role.boundary);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
struct GetRole : shapes::GetRole {
  static Accesses access(const At& at, const Input& in) { return {on_role(action<"iam:GetRole">(), at, in.role_name)}; }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Role* role, find_role(at, in.role_name));
    return Outcome<Output>{{.role = shown(at, *role)}};
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
struct ListRoles : shapes::ListRoles {
  static Accesses access(const At& at, const Input& in) {
    return {on_list(action<"iam:ListRoles">(), at, "role", in.path_prefix)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Page page, page_of(in, "ListRoles"));
    Outcome<Output> out;
    give_page(out.output, page, account_of(at).roles, under_path(in.path_prefix),
              [&](const Role& role) { out.output.roles.push_back(listed(at, role)); });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
struct UpdateRole : shapes::UpdateRole {
  /// And not the description alone, which is all that an account may change of a role of AWS's services.
  static bool changes_sessions(const Input& in) {
    return in.max_session_duration || in.max_signin_session_duration || in.reset_max_signin_session_duration;
  }

  static Accesses access(const At& at, const Input& in) {
    return {on_role(action<"iam:UpdateRole">(), at, in.role_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Role* before,
        changes_sessions(in) ? find_changeable_role(at, in.role_name) : find_describable_role(at, in.role_name));
    Role role = *before;
    TRY_VOID(set_signin_duration(role.max_signin_seconds, in.max_signin_session_duration,
                                 in.reset_max_signin_session_duration));
    if (in.description) role.description = *in.description;
    // Left out, both stay as they are; the API page says that the duration goes back to its default (docs/wire.md, 5.6).
    if (in.max_session_duration) role.max_session_seconds = static_cast<std::uint32_t>(*in.max_session_duration);
    return written<Output>(role);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRoleDescription.html
struct UpdateRoleDescription : shapes::UpdateRoleDescription {
  static Accesses access(const At& at, const Input& in) {
    return {on_role(action<"iam:UpdateRoleDescription">(), at, in.role_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Role* before, find_describable_role(at, in.role_name));
    Role role = *before;
    role.description = in.description;
    Outcome<Output> out{{.role = identity_and_trust(at, role)}};
    out.output.role->description = role.description;  // without the duration (docs/wire.md, 5.6)
    out.changes.update(role);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html
struct UpdateAssumeRolePolicy : shapes::UpdateAssumeRolePolicy {
  static Accesses access(const At& at, const Input& in) {
    return {on_role(action<"iam:UpdateAssumeRolePolicy">(), at, in.role_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Role* before, find_changeable_role(at, in.role_name));
    TRY(Trust trust, resolve_trust(at.snapshot, in.policy_document));
    Role role = *before;
    role.trust = std::move(trust.text);
    role.trust_principals = std::move(trust.principals);
    return written<Output>(role);
  }
};

/// Why a role cannot be deleted yet, in AWS's order of questions; empty: it can.
std::string_view objection(const Role& role) {
  if (role.instance_profiles > 0) return errors::kRemoveFromInstanceProfile;
  if (!role.attached_policies.empty()) return errors::kDetachPolicies;
  if (!role.inline_policies.empty()) return errors::kDeletePolicies;
  return {};
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
struct DeleteRole : shapes::DeleteRole {
  static Accesses access(const At& at, const Input& in) {
    const Role* role = at.snapshot.role(at.caller.account_id(), in.role_name);
    return {with_boundary(on_role(action<"iam:DeleteRole">(), at, in.role_name), boundary_of(role))};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Role* role, find_changeable_role(at, in.role_name));
    if (const std::string_view first = objection(*role); !first.empty()) return errors::must_first(first);
    Outcome<Output> out;
    out.changes.erase(*role);
    count_boundary(out.changes, at, role->boundary, "");
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html
struct RoleTags {
  static constexpr TagKeys kKeys = TagKeys::kIgnoreCase;
  static constexpr auto on = on_role;
  static constexpr auto find = find_role;
  static constexpr auto find_to_tag = find_describable_role;
  static constexpr auto find_to_untag = find_describable_role;
  static const std::string& name(const auto& in) { return in.role_name; }
};
using TagRole = Tagging<shapes::TagRole, RoleTags>;
using UntagRole = Untagging<shapes::UntagRole, RoleTags>;
using ListRoleTags = TagListing<shapes::ListRoleTags, RoleTags>;

}  // namespace

std::span<const Binding> role_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<CreateRole>(), bind<GetRole>(), bind<ListRoles>(), bind<UpdateRole>(),   bind<UpdateRoleDescription>(),
      bind<DeleteRole>(), bind<TagRole>(), bind<UntagRole>(), bind<ListRoleTags>(), bind<UpdateAssumeRolePolicy>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
