// How users, groups and what several operations show of the others stand in answers: which member where (docs/wire.md,
// 5.6).
#pragma once

#include "directory/entities.h"
#include "protocol/iam/shapes.h"
#include "services/iam/lookup.h"

namespace deputy::iam {

/// In lists: without tags and permissions boundary.
shapes::User listed(const directory::User& user);
/// Of CreateUser and GetUser: tags and permissions boundary only if there are any.
shapes::User shown(const directory::User& user);
/// GetUser of the root user: no path, and no name unless the account has an alias.
shapes::User shown_root(const directory::Account& account);

shapes::Group shown(const directory::Group& group);

/// Who a role is and whom it trusts, no more: what all answers show of it.
shapes::Role identity_and_trust(const At& at, const Role& role);
/// There even if there is nothing in it.
shapes::RoleLastUsed shown_last_use(const At& at, const Role& role);

/// In lists: without tags; of the role inside its identity and trust alone.
shapes::InstanceProfile listed(const At& at, const directory::InstanceProfile& profile);
/// Those that hold the role.
std::vector<shapes::InstanceProfile> shown_instance_profiles(const At& at, const Role& role);

/// "v1"
std::string version_id(std::uint32_t number);
/// In lists: without its document.
shapes::PolicyVersion listed_version(const ManagedPolicy& policy, const directory::PolicyVersion& version);

}  // namespace deputy::iam
