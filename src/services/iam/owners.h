// Users, groups and roles as owners of policies: what the operations on inline and attached policies ask of all three.
// Each trait says how an owner is found, asked for and named, so that those operations are written once.
#pragma once

#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/lookup.h"
#include "services/iam/quotas.h"

namespace deputy::iam {

struct UserOwner {
  using Entity = User;
  static constexpr Kind kKind = Kind::kUser;
  static constexpr Quota kAttached = quotas::kPoliciesPerUser;
  template <class Input>
  static const std::string& name(const Input& in) {
    return in.user_name;
  }
  static Result<const User*> find(const At& at, std::string_view name) { return find_user(at, name); }
  /// To be written.
  static Result<const User*> find_to_change(const At& at, std::string_view name) { return find_user(at, name); }
  static Access on(const policy::Action& action, const At& at, std::string_view name) {
    return with_boundary(on_user(action, at, name), boundary_of(user_named(at, name)));
  }
};

struct GroupOwner {
  using Entity = Group;
  static constexpr Kind kKind = Kind::kGroup;
  static constexpr Quota kAttached = quotas::kPoliciesPerGroup;
  template <class Input>
  static const std::string& name(const Input& in) {
    return in.group_name;
  }
  static Result<const Group*> find(const At& at, std::string_view name) { return find_group(at, name); }
  static Result<const Group*> find_to_change(const At& at, std::string_view name) { return find_group(at, name); }
  static Access on(const policy::Action& action, const At& at, std::string_view name) {
    return on_group(action, at, name);
  }
};

struct RoleOwner {
  using Entity = Role;
  static constexpr Kind kKind = Kind::kRole;
  static constexpr Quota kAttached = quotas::kPoliciesPerRole;
  template <class Input>
  static const std::string& name(const Input& in) {
    return in.role_name;
  }
  static Result<const Role*> find(const At& at, std::string_view name) { return find_role(at, name); }
  static Result<const Role*> find_to_change(const At& at, std::string_view name) {
    return find_changeable_role(at, name);
  }
  static Access on(const policy::Action& action, const At& at, std::string_view name) {
    return with_boundary(on_role(action, at, name), boundary_of(at.snapshot.role(at.caller.account_id(), name)));
  }
};

}  // namespace deputy::iam
