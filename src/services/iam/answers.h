// How users and groups stand in answers: which member where (docs/wire.md, 5.6).
#pragma once

#include "directory/entities.h"
#include "protocol/iam/shapes.h"

namespace deputy::iam {

/// In lists: without tags and permissions boundary.
shapes::User listed(const directory::User& user);
/// Of CreateUser and GetUser: tags and permissions boundary only if there are any.
shapes::User shown(const directory::User& user);
/// GetUser of the root user: no path, and no name unless the account has an alias.
shapes::User shown_root(const directory::Account& account);

shapes::Group shown(const directory::Group& group);

}  // namespace deputy::iam
