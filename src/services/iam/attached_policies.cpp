// Managed policies on users, groups and roles: attach, detach, list; and permissions boundaries.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_manage-attach-detach.html
//
// Attaching writes the policy's counter in the same commit as the owner, so that deleting the policy cannot race with
// it. AWS managed policies cannot be deleted and have no counter.
#include <algorithm>
#include "protocol/iam/attach_group_policy.h"
#include "protocol/iam/attach_role_policy.h"
#include "protocol/iam/attach_user_policy.h"
#include "protocol/iam/delete_role_permissions_boundary.h"
#include "protocol/iam/delete_user_permissions_boundary.h"
#include "protocol/iam/detach_group_policy.h"
#include "protocol/iam/detach_role_policy.h"
#include "protocol/iam/detach_user_policy.h"
#include "protocol/iam/list_attached_group_policies.h"
#include "protocol/iam/list_attached_role_policies.h"
#include "protocol/iam/list_attached_user_policies.h"
#include "protocol/iam/put_role_permissions_boundary.h"
#include "protocol/iam/put_user_permissions_boundary.h"

#include "services/iam/aws_policies.h"
#include "services/iam/boundary.h"
#include "services/iam/owners.h"
#include "services/iam/paging.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

/// Attach words a policy that is missing otherwise than the rest of IAM does.
Result<const ManagedPolicy*> find_attachable(const At& at, const std::string& arn, Kind owner) {
  if (!is_policy_arn(arn)) return errors::invalid_policy_arn(arn);
  const ManagedPolicy* policy = visible_policy(at, arn);
  if (policy == nullptr) return errors::policy_not_attachable(arn);
  if (is_service_linked(*policy)) return errors::service_role_policy(owner);
  return policy;
}

void count_attachment(directory::Changes& changes, const ManagedPolicy& policy, bool attached) {
  if (policy.aws) return;
  ManagedPolicy counted = policy;
  if (attached) {
    ++counted.attachments;
  } else if (counted.attachments > 0) {  // a policy that was lost and made anew was counted from nothing
    --counted.attachments;
  }
  changes.update(counted);
}

template <class Owner, class Output, class Input>
Result<Outcome<Output>> attach(const At& at, const Input& in) {
  TRY(const auto* before, Owner::find_to_change(at, Owner::name(in)));
  TRY(const ManagedPolicy* policy, find_attachable(at, in.policy_arn, Owner::kKind));
  Outcome<Output> out;
  const auto& attached = before->attached_policies;
  if (std::find(attached.begin(), attached.end(), in.policy_arn) != attached.end()) return out;  // already there: fine
  if (attached.size() >= Owner::kAttached.limit) return errors::limit_exceeded(Owner::kAttached);
  typename Owner::Entity entity = *before;
  entity.attached_policies.push_back(in.policy_arn);
  out.changes.update(entity);
  count_attachment(out.changes, *policy, true);
  return out;
}

template <class Owner, class Output, class Input>
Result<Outcome<Output>> detach(const At& at, const Input& in) {
  TRY(const auto* before, Owner::find_to_change(at, Owner::name(in)));
  if (!is_policy_arn(in.policy_arn)) return errors::invalid_policy_arn(in.policy_arn);
  typename Owner::Entity entity = *before;
  auto& attached = entity.attached_policies;
  const auto found = std::find(attached.begin(), attached.end(), in.policy_arn);
  if (found == attached.end()) return errors::no_such_policy(in.policy_arn);
  attached.erase(found);
  Outcome<Output> out;
  out.changes.update(entity);
  if (const ManagedPolicy* policy = visible_policy(at, in.policy_arn)) count_attachment(out.changes, *policy, false);
  return out;
}

template <class Owner, class Output, class Input>
Result<Outcome<Output>> list(const At& at, const Input& in, std::string_view operation) {
  TRY(const auto* owner, Owner::find(at, Owner::name(in)));
  TRY(const Page page, page_of(in, operation));
  std::vector<const ManagedPolicy*> policies;
  for (const std::string& arn : owner->attached_policies) {
    const ManagedPolicy* policy = visible_policy(at, arn);
    if (policy != nullptr && under_path(in.path_prefix)(*policy)) policies.push_back(policy);
  }
  Outcome<Output> out;
  out.output.attached_policies.emplace();
  give_page(
      out.output, page, policies, [](const ManagedPolicy* p) { return list_key(*p); },
      [&](const ManagedPolicy* p) {
        out.output.attached_policies->push_back({p->name, p->arn()});
      });
  return out;
}

/// Sets (or, with an empty ARN, removes) the boundary of an entity.
template <class Owner, class Output>
Result<Outcome<Output>> set_boundary(const At& at, std::string_view name, const std::string& arn) {
  TRY(const auto* before, Owner::find_to_change(at, name));
  if (!arn.empty()) TRY_VOID(find_boundary(at, arn));
  Outcome<Output> out;
  if (before->boundary == arn) return out;
  typename Owner::Entity entity = *before;
  entity.boundary = arn;
  out.changes.update(entity);
  count_boundary(out.changes, at, before->boundary, arn);
  return out;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html
struct AttachUserPolicy : shapes::AttachUserPolicy {
  static Accesses access(const At& at, const Input& in) {
    return {with_policy(UserOwner::on(action<"iam:AttachUserPolicy">(), at, in.user_name), in.policy_arn)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) { return attach<UserOwner, Output>(at, in); }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachUserPolicy.html
struct DetachUserPolicy : shapes::DetachUserPolicy {
  static Accesses access(const At& at, const Input& in) {
    return {with_policy(UserOwner::on(action<"iam:DetachUserPolicy">(), at, in.user_name), in.policy_arn)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) { return detach<UserOwner, Output>(at, in); }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedUserPolicies.html
struct ListAttachedUserPolicies : shapes::ListAttachedUserPolicies {
  static Accesses access(const At& at, const Input& in) {
    return {on_user(action<"iam:ListAttachedUserPolicies">(), at, in.user_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return list<UserOwner, Output>(at, in, "ListAttachedUserPolicies");
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachGroupPolicy.html
struct AttachGroupPolicy : shapes::AttachGroupPolicy {
  static Accesses access(const At& at, const Input& in) {
    return {with_policy(GroupOwner::on(action<"iam:AttachGroupPolicy">(), at, in.group_name), in.policy_arn)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) { return attach<GroupOwner, Output>(at, in); }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachGroupPolicy.html
struct DetachGroupPolicy : shapes::DetachGroupPolicy {
  static Accesses access(const At& at, const Input& in) {
    return {with_policy(GroupOwner::on(action<"iam:DetachGroupPolicy">(), at, in.group_name), in.policy_arn)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) { return detach<GroupOwner, Output>(at, in); }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedGroupPolicies.html
struct ListAttachedGroupPolicies : shapes::ListAttachedGroupPolicies {
  static Accesses access(const At& at, const Input& in) {
    return {on_group(action<"iam:ListAttachedGroupPolicies">(), at, in.group_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return list<GroupOwner, Output>(at, in, "ListAttachedGroupPolicies");
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
struct AttachRolePolicy : shapes::AttachRolePolicy {
  static Accesses access(const At& at, const Input& in) {
    return {with_policy(RoleOwner::on(action<"iam:AttachRolePolicy">(), at, in.role_name), in.policy_arn)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) { return attach<RoleOwner, Output>(at, in); }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html
struct DetachRolePolicy : shapes::DetachRolePolicy {
  static Accesses access(const At& at, const Input& in) {
    return {with_policy(RoleOwner::on(action<"iam:DetachRolePolicy">(), at, in.role_name), in.policy_arn)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) { return detach<RoleOwner, Output>(at, in); }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html
struct ListAttachedRolePolicies : shapes::ListAttachedRolePolicies {
  static Accesses access(const At& at, const Input& in) {
    return {on_role(action<"iam:ListAttachedRolePolicies">(), at, in.role_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return list<RoleOwner, Output>(at, in, "ListAttachedRolePolicies");
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html
struct PutUserPermissionsBoundary : shapes::PutUserPermissionsBoundary {
  static Accesses access(const At& at, const Input& in) {
    return {
        with_boundary(on_user(action<"iam:PutUserPermissionsBoundary">(), at, in.user_name), in.permissions_boundary)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return set_boundary<UserOwner, Output>(at, in.user_name, in.permissions_boundary);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPermissionsBoundary.html
struct DeleteUserPermissionsBoundary : shapes::DeleteUserPermissionsBoundary {
  static Accesses access(const At& at, const Input& in) {
    return {UserOwner::on(action<"iam:DeleteUserPermissionsBoundary">(), at, in.user_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return set_boundary<UserOwner, Output>(at, in.user_name, "");
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html
struct PutRolePermissionsBoundary : shapes::PutRolePermissionsBoundary {
  static Accesses access(const At& at, const Input& in) {
    return {
        with_boundary(on_role(action<"iam:PutRolePermissionsBoundary">(), at, in.role_name), in.permissions_boundary)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return set_boundary<RoleOwner, Output>(at, in.role_name, in.permissions_boundary);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html
struct DeleteRolePermissionsBoundary : shapes::DeleteRolePermissionsBoundary {
  static Accesses access(const At& at, const Input& in) {
    return {RoleOwner::on(action<"iam:DeleteRolePermissionsBoundary">(), at, in.role_name)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return set_boundary<RoleOwner, Output>(at, in.role_name, "");
  }
};

}  // namespace

std::span<const Binding> attached_policy_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<AttachUserPolicy>(),
      bind<DetachUserPolicy>(),
      bind<ListAttachedUserPolicies>(),
      bind<AttachGroupPolicy>(),
      bind<DetachGroupPolicy>(),
      bind<ListAttachedGroupPolicies>(),
      bind<AttachRolePolicy>(),
      bind<DetachRolePolicy>(),
      bind<ListAttachedRolePolicies>(),
      bind<PutUserPermissionsBoundary>(),
      bind<DeleteUserPermissionsBoundary>(),
      bind<PutRolePermissionsBoundary>(),
      bind<DeleteRolePermissionsBoundary>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
