// Which policies hang on an entity, each with where it comes from: the one walk for everybody who asks that.
//
//   each_policy(user, account, [&](const PolicyOrigin& policy) {        // its own, then those of its groups
//     if (const std::string* text = policy.text(snapshot)) read(*text);
//     return true;                                                      // go on
//   });
//
// INVARIANT: the order is that of the entity, so the number of a policy in a walk names it as long as the snapshot lives
// (PoliciesTest.TheOrderIsThatOfTheEntity). Nothing here allocates, and nothing is looked up before it is asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "directory/session.h"
#include "directory/snapshot.h"

namespace deputy::directory {

/// One policy and whose it is. Borrows from the snapshot, or from the session.
struct PolicyOrigin {
  enum class Place : std::uint8_t {
    kInline,
    kAttached,
    kBoundary,
    kSessionDocument,  // passed when the session was made
    kSessionArn,       // a managed policy that was passed then; read at each request [S-4]
    kLostGroup,        // stands for all policies of a group that cannot be found: `reference` is its id
  };

  Place place = Place::kInline;
  // Whose; of a group's policies the group, whoever is in it. One of the four:
  const User* user = nullptr;
  const Group* group = nullptr;
  const Role* role = nullptr;
  const Session* session = nullptr;

  const InlinePolicy* inlined = nullptr;  // kInline
  std::string_view reference = {};        // the ARN of a managed policy

  [[nodiscard]] bool is_managed() const {
    return place == Place::kAttached || place == Place::kBoundary || place == Place::kSessionArn;
  }
  /// Null: it is no managed policy, or there is none of its ARN any more, or it cannot be read.
  [[nodiscard]] const ManagedPolicy* managed(const Snapshot& snapshot) const;
  /// What is evaluated, as it was written: of a managed policy its default version [L-16]. Null: nobody knows.
  [[nodiscard]] const std::string* text(const Snapshot& snapshot) const;
  /// The same compiled. AWS's own policies are compiled when this is first asked.
  [[nodiscard]] const policy::CompiledPolicy* compiled(const Snapshot& snapshot) const;

  /// The name of an inline policy, the ARN of a managed one; empty for a session's document.
  [[nodiscard]] std::string_view name() const { return inlined != nullptr ? inlined->name : reference; }
  /// The version of a managed policy that is evaluated; nothing: no version, or nobody knows.
  [[nodiscard]] std::optional<std::uint32_t> version(const Snapshot& snapshot) const;
  /// The ARN of whose it is; of a session's, whose session that is, says the caller (directory/caller.h): empty here.
  [[nodiscard]] std::string owner_arn() const;
};

namespace detail {
inline void set_owner(PolicyOrigin& origin, const User& user) { origin.user = &user; }
inline void set_owner(PolicyOrigin& origin, const Group& group) { origin.group = &group; }
inline void set_owner(PolicyOrigin& origin, const Role& role) { origin.role = &role; }
}  // namespace detail

/// What a user, group or role has itself: inline policies, then attached ones. `see(origin)` until it returns false;
/// whether it never did.
template <class Entity, class See>
bool each_own_policy(const Entity& entity, See&& see) {
  PolicyOrigin origin;
  detail::set_owner(origin, entity);
  for (const InlinePolicy& policy : entity.inline_policies) {
    origin.inlined = &policy;
    if (!see(std::as_const(origin))) return false;
  }
  origin.inlined = nullptr;
  origin.place = PolicyOrigin::Place::kAttached;
  for (const std::string& arn : entity.attached_policies) {
    origin.reference = arn;
    if (!see(std::as_const(origin))) return false;
  }
  return true;
}

/// All that give a user permissions: its own, then those of its groups. [E-2]
template <class See>
bool each_policy(const User& user, const AccountState& account, See&& see) {
  if (!each_own_policy(user, see)) return false;
  for (const UniqueId& id : user.groups) {
    const Group* group = account.groups_by_id.get(id.str());
    if (group != nullptr) {
      if (!each_own_policy(*group, see)) return false;
    } else {
      PolicyOrigin lost{.place = PolicyOrigin::Place::kLostGroup, .user = &user};
      lost.reference = id.str();
      if (!see(std::as_const(lost))) return false;
    }
  }
  return true;
}

/// The boundary of a user or role; nothing: it has none.
template <class Entity>
std::optional<PolicyOrigin> boundary_of(const Entity& entity) {
  if (entity.boundary.empty()) return std::nullopt;
  PolicyOrigin origin{.place = PolicyOrigin::Place::kBoundary};
  detail::set_owner(origin, entity);
  origin.reference = entity.boundary;
  return origin;
}

/// What was passed when a session was made: its document, then the ARNs. [S-1]
template <class See>
bool each_policy(const Session& session, See&& see) {
  PolicyOrigin origin{.place = PolicyOrigin::Place::kSessionDocument, .session = &session};
  const bool has_document = session.policy.has_value() || session.compiled != nullptr;
  if (has_document && !see(std::as_const(origin))) return false;
  origin.place = PolicyOrigin::Place::kSessionArn;
  for (const std::string& arn : session.policy_arns) {
    origin.reference = arn;
    if (!see(std::as_const(origin))) return false;
  }
  return true;
}

}  // namespace deputy::directory
