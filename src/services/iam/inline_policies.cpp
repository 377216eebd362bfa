// Inline policies of users, groups and roles: put, get, list, delete.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html#inline-policies
#include <algorithm>
#include "protocol/iam/delete_group_policy.h"
#include "protocol/iam/delete_role_policy.h"
#include "protocol/iam/delete_user_policy.h"
#include "protocol/iam/get_group_policy.h"
#include "protocol/iam/get_role_policy.h"
#include "protocol/iam/get_user_policy.h"
#include "protocol/iam/list_group_policies.h"
#include "protocol/iam/list_role_policies.h"
#include "protocol/iam/list_user_policies.h"
#include "protocol/iam/put_group_policy.h"
#include "protocol/iam/put_role_policy.h"
#include "protocol/iam/put_user_policy.h"

#include "services/iam/documents.h"
#include "services/iam/owners.h"
#include "services/iam/paging.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

using directory::InlinePolicy;

/// Where a policy of that name stands or would; names compare without case.
template <class Policies>
auto place_of(Policies& policies, std::string_view name) {
  return std::lower_bound(
      policies.begin(), policies.end(), ascii_lower(name),
      [](const InlinePolicy& p, const std::string& wanted) { return ascii_lower(p.name) < wanted; });
}
template <class Policies>
auto find_in(Policies& policies, std::string_view name) {
  const auto at = place_of(policies, name);
  return at != policies.end() && equals_ignoring_case(at->name, name) ? at : policies.end();
}

/// INVARIANT: an entity's inline policies are sorted by lower-cased name.
template <class Owner, class Output, class Input>
Result<Outcome<Output>> put(const At& at, const Input& in) {
  TRY(const auto* before, Owner::find_to_change(at, Owner::name(in)));
  TRY(directory::PolicyText document, inline_document(in.policy_document));
  typename Owner::Entity entity = *before;
  if (const auto found = find_in(entity.inline_policies, in.policy_name); found != entity.inline_policies.end()) {
    found->document = std::move(document);
  } else {
    entity.inline_policies.insert(place_of(entity.inline_policies, in.policy_name),
                                  {in.policy_name, std::move(document)});
  }
  TRY_VOID(check_inline_size(Owner::kKind, entity.name, entity.inline_policies));
  return written<Output>(entity);
}

template <class Owner, class Input>
Result<const InlinePolicy*> find_inline(const At& at, const Input& in) {
  TRY(const auto* owner, Owner::find(at, Owner::name(in)));
  const auto found = find_in(owner->inline_policies, in.policy_name);
  if (found == owner->inline_policies.end()) return errors::no_such_inline_policy(Owner::kKind, in.policy_name);
  return &*found;
}

template <class Owner, class Output, class Input>
Result<Outcome<Output>> remove(const At& at, const Input& in) {
  TRY(const auto* before, Owner::find_to_change(at, Owner::name(in)));
  typename Owner::Entity entity = *before;
  const auto found = find_in(entity.inline_policies, in.policy_name);
  if (found == entity.inline_policies.end()) return errors::no_such_inline_policy(Owner::kKind, in.policy_name);
  entity.inline_policies.erase(found);
  return written<Output>(entity);
}

template <class Owner, class Output, class Input>
Result<Outcome<Output>> list(const At& at, const Input& in, std::string_view operation) {
  TRY(const auto* owner, Owner::find(at, Owner::name(in)));
  TRY(const Page page, page_of(in, operation));
  Outcome<Output> out;
  give_page(
      out.output, page, owner->inline_policies, [](const InlinePolicy& p) { return ascii_lower(p.name); },
      [&](const InlinePolicy& p) { out.output.policy_names.push_back(p.name); });
  return out;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html
struct PutUserPolicy : shapes::PutUserPolicy {
  static Accesses access(const At& at, const Input& in) {
    return {UserOwner::on(action<"iam:PutUserPolicy">(), at, in.user_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) { return put<UserOwner, Output>(at, in); }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPolicy.html
struct DeleteUserPolicy : shapes::DeleteUserPolicy {
  static Accesses access(const At& at, const Input& in) {
    return {UserOwner::on(action<"iam:DeleteUserPolicy">(), at, in.user_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) { return remove<UserOwner, Output>(at, in); }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html
struct GetUserPolicy : shapes::GetUserPolicy {
  static Accesses access(const At& at, const Input& in) {
    return {on_user(action<"iam:GetUserPolicy">(), at, in.user_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const InlinePolicy* found, find_inline<UserOwner>(at, in));
    return Outcome<Output>{{user_named(at, in.user_name)->name, found->name, found->document.text()}};
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html
struct ListUserPolicies : shapes::ListUserPolicies {
  static Accesses access(const At& at, const Input& in) {
    return {on_user(action<"iam:ListUserPolicies">(), at, in.user_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return list<UserOwner, Output>(at, in, "ListUserPolicies");
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutGroupPolicy.html
struct PutGroupPolicy : shapes::PutGroupPolicy {
  static Accesses access(const At& at, const Input& in) {
    return {GroupOwner::on(action<"iam:PutGroupPolicy">(), at, in.group_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) { return put<GroupOwner, Output>(at, in); }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroupPolicy.html
struct DeleteGroupPolicy : shapes::DeleteGroupPolicy {
  static Accesses access(const At& at, const Input& in) {
    return {GroupOwner::on(action<"iam:DeleteGroupPolicy">(), at, in.group_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) { return remove<GroupOwner, Output>(at, in); }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroupPolicy.html
struct GetGroupPolicy : shapes::GetGroupPolicy {
  static Accesses access(const At& at, const Input& in) {
    return {on_group(action<"iam:GetGroupPolicy">(), at, in.group_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const InlinePolicy* found, find_inline<GroupOwner>(at, in));
    return Outcome<Output>{{in.group_name, found->name, found->document.text()}};
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupPolicies.html
struct ListGroupPolicies : shapes::ListGroupPolicies {
  static Accesses access(const At& at, const Input& in) {
    return {on_group(action<"iam:ListGroupPolicies">(), at, in.group_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return list<GroupOwner, Output>(at, in, "ListGroupPolicies");
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
struct PutRolePolicy : shapes::PutRolePolicy {
  static Accesses access(const At& at, const Input& in) {
    return {RoleOwner::on(action<"iam:PutRolePolicy">(), at, in.role_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) { return put<RoleOwner, Output>(at, in); }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html
struct DeleteRolePolicy : shapes::DeleteRolePolicy {
  static Accesses access(const At& at, const Input& in) {
    return {RoleOwner::on(action<"iam:DeleteRolePolicy">(), at, in.role_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) { return remove<RoleOwner, Output>(at, in); }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html
struct GetRolePolicy : shapes::GetRolePolicy {
  static Accesses access(const At& at, const Input& in) {
    return {on_role(action<"iam:GetRolePolicy">(), at, in.role_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const InlinePolicy* found, find_inline<RoleOwner>(at, in));
    return Outcome<Output>{{in.role_name, found->name, found->document.text()}};
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html
struct ListRolePolicies : shapes::ListRolePolicies {
  static Accesses access(const At& at, const Input& in) {
    return {on_role(action<"iam:ListRolePolicies">(), at, in.role_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return list<RoleOwner, Output>(at, in, "ListRolePolicies");
  }
};

}  // namespace

std::span<const Binding> inline_policy_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<PutUserPolicy>(),  bind<DeleteUserPolicy>(),  bind<GetUserPolicy>(),  bind<ListUserPolicies>(),
      bind<PutGroupPolicy>(), bind<DeleteGroupPolicy>(), bind<GetGroupPolicy>(), bind<ListGroupPolicies>(),
      bind<PutRolePolicy>(),  bind<DeleteRolePolicy>(),  bind<GetRolePolicy>(),  bind<ListRolePolicies>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
