// UpdateUser, UpdateGroup and UpdateServerCertificate: an entity gets a new name, a new path, or both.
//
//   struct UserNames {
//     static constexpr auto on = on_user;                // asked for as it is
//     static constexpr auto find = find_user;
//     static constexpr auto all = &AccountState::users;  // among which the new name must be free
//     static const std::string& name(const auto& in) { return in.user_name; }
//     static const auto& new_name(const auto& in) { return in.new_user_name; }
//     static Error taken(std::string_view name) { return errors::already_exists(Kind::kUser, name); }
//   };
//   using UpdateUser = Renaming<shapes::UpdateUser, UserNames>;
#pragma once

#include <string>
#include <utility>

#include "services/iam/arns.h"
#include "services/iam/tag_operations.h"

namespace deputy::iam {

template <class Shape, class Named>
struct Renaming : Shape {
  using typename Shape::Input;
  using typename Shape::Output;

  template <class Entity>
  static Entity renamed(Entity entity, const Input& in) {
    if (in.new_path) entity.path = *in.new_path;
    if (const auto& name = Named::new_name(in)) entity.name = *name;
    return entity;
  }

  /// On the entity as it is and as it will be.
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users_rename.html
  static Accesses access(const At& at, const Input& in) {
    const policy::Action& update = action_of<Shape>();
    Accesses all{Named::on(update, at, Named::name(in))};
    if (const auto before = Named::find(at, Named::name(in))) {
      std::string after = renamed(**before, in).arn();
      if (after != all[0].resource) all.push_back(on_arn(update, std::move(after)));
    }
    return all;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const auto* before, Named::find(at, Named::name(in)));
    const auto after = renamed(*before, in);
    if (!equals_ignoring_case(before->name, after.name) && is_taken(account_of(at).*Named::all, after.name)) {
      return Named::taken(after.name);
    }
    Outcome<Output> out;
    out.changes.rename(*before, after);
    return out;
  }
};

}  // namespace deputy::iam
