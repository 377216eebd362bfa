// What IAM's operations ask permission for: the ARN that policies see, with the facts of the entity that conditions
// see.
//
//   return Accesses{on_user(action<"iam:TagUser">(), at, in.user_name)};
//
// An entity that exists is asked for under its ARN, path included; one that does not, under the ARN without a path: AWS
// denies before it says that something is missing (docs/wire.md, 5.1). A new one is asked for under the path it will
// have.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "policy/keys.h"
#include "policy/request.h"
#include "services/iam/lookup.h"

namespace deputy::iam {

/// The text of a template argument.
template <std::size_t kSize>
struct Literal {
  char text[kSize];
  consteval Literal(const char (&literal)[kSize]) {  // NOLINT(google-explicit-constructor)
    std::copy_n(literal, kSize, text);
  }
};

/// An action whose hashes are computed once.
template <Literal kName>
const policy::Action& action() {
  static const policy::Action kAction{std::string_view(kName.text)};
  return kAction;
}

/// On "*": the action has no resource type. [D-3]
Access on_everything(const policy::Action& action);
/// On an ARN, without facts about what it names.
Access on_arn(const policy::Action& action, std::string arn);
Access on_user(const policy::Action& action, const At& at, std::string_view name);
Access on_group(const policy::Action& action, const At& at, std::string_view name);
Access on_role(const policy::Action& action, const At& at, std::string_view name);
/// On a managed policy; its tags, if it is visible.
Access on_policy(const policy::Action& action, const At& at, std::string_view arn);
/// On a virtual MFA device; its tags, if it is one of the caller's account.
Access on_mfa_device(const policy::Action& action, const At& at, std::string_view serial_number);
/// On an entity to be created or renamed to: "user", "group", "role", "policy" or "mfa" under `path` ("/" if absent).
Access on_new(const policy::Action& action, const At& at, std::string_view type, const std::optional<std::string>& path,
              std::string_view name);
/// On all of a type under a path prefix: `iam:ListUsers` on arn:aws:iam::A:user/ [D-3]
Access on_list(const policy::Action& action, const At& at, std::string_view type,
               const std::optional<std::string>& path_prefix);

/// iam:PermissionsBoundary: what the request asks for, else what hangs on the entity; absent if neither. [K-11]
Access with_boundary(Access access, std::string_view arn);
/// iam:PolicyARN: the managed policy of the request. [K-11]
Access with_policy(Access access, std::string_view arn);
/// aws:RequestTag/… and aws:TagKeys. [K-9]
Access with_tags(Access access, directory::Tags tags);
Access with_tag_keys(Access access, std::vector<std::string> keys);

/// The boundary of an entity; empty if it is missing or has none.
template <class Entity>
std::string_view boundary_of(const Entity* entity) {
  return entity != nullptr ? std::string_view(entity->boundary) : std::string_view();
}

}  // namespace deputy::iam
