// Finding what an operation names, or the error that says it is not there. Everything is of the caller's account: IAM
// has no operation that reaches into another one.
//
//   TRY(const User* user, find_user(at, in.user_name));     // never null
//
// Users are found by their name in any case (GetUser of "BOB" finds "Bob"), everything else as it is written. All names
// are taken in every spelling: `is_taken` asks that for Create and Update.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/encoding.h"
#include "base/result.h"
#include "directory/snapshot.h"
#include "services/operation.h"

namespace deputy::iam {

using directory::AccountState;
using directory::Group;
using directory::ManagedPolicy;
using directory::MfaDevice;
using directory::Role;
using directory::User;
using services::Access;
using services::Accesses;
using services::At;
using services::Binding;
using services::erased;
using services::Outcome;
using services::written;

/// The caller's. IAM asks every caller for a signature, so there is one.
inline const AccountState& account_of(const At& at) { return *at.caller.account; }

/// The user who has that name in whatever case; null if there is none. What is asked permission for, what is written and
/// what is answered are of the user, never of the name that was sent: a policy about "Bob" holds for "BOB" too.
const User* user_named(const At& at, std::string_view name);
Result<const User*> find_user(const At& at, std::string_view name);
Result<const Group*> find_group(const At& at, std::string_view name);
Result<const Role*> find_role(const At& at, std::string_view name);

/// Roles that belong to AWS's services (under /aws-service-role/) and to IAM Identity Center (/aws-reserved/) are
/// theirs to change. https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
bool is_protected_path(std::string_view path);
/// A role to be written. Errors: NoSuchEntity, UnmodifiableEntity.
Result<const Role*> find_changeable_role(const At& at, std::string_view name);
/// A role whose tags or description are to be written: those of service-linked roles, their account may change.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html
Result<const Role*> find_describable_role(const At& at, std::string_view name);

/// Whether a new entity of this name would collide with one that exists, in whatever case.
template <class Entity>
bool is_taken(const directory::SortedMap<Entity>& entities, std::string_view name) {
  return entities.get(ascii_lower(name)) != nullptr;
}

/// Null unless it is one of AWS's or of the caller's account: policies of other accounts cannot be seen.
const ManagedPolicy* visible_policy(const At& at, std::string_view arn);
/// Or ValidationError (no policy ARN), or NoSuchEntity.
Result<const ManagedPolicy*> find_policy(const At& at, std::string_view arn);
/// Under which lists sort it: unique among the policies that an account sees (its own first, then AWS's) and, other
/// than the ARN with its path, short enough for a Marker.
std::string list_key(const ManagedPolicy& policy);
/// Whether the text has the form of a managed policy's ARN: arn:aws:iam::<account id or aws>:policy/<path and name>.
bool is_policy_arn(std::string_view arn);

/// Null unless it is of the caller's account.
const MfaDevice* visible_mfa_device(const At& at, std::string_view serial_number);
Result<const MfaDevice*> find_mfa_device(const At& at, std::string_view serial_number);

/// The user that a call without UserName means: the caller, if it is a user. Otherwise ValidationError; what root means
/// by it, each operation knows. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
Result<std::string_view> user_name_or_caller(const At& at, const std::optional<std::string>& name);
/// Whether a call without UserName comes from the root user, and so means its account.
inline bool means_root(const At& at, const std::optional<std::string>& name) {
  return !name && at.caller.kind == directory::Caller::Kind::kRoot;
}

}  // namespace deputy::iam
