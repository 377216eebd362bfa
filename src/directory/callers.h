// Who somebody is today: the caller behind a long-term key, a session or an ARN, bound to one snapshot. Who has proved
// to be it is for others to say: a signature (authn/), or the operator's word (server/).
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"
#include "directory/caller.h"

namespace deputy::directory {

/// The owner of a long-term key: a user, or root.
Caller caller_of(const KeyOwner& owner);

/// The caller behind a session; nothing if what it was issued for is gone. GetSessionToken's sessions follow their user
/// through a change of name; a role's end when the role does, and another of the same name is another; root's end with
/// the account, and another of the same number is another.
std::optional<Caller> caller_of(const Snapshot& snapshot, const SessionPtr& session);

/// The principal that an ARN names: a user, root, or a session of a role (arn:aws:sts::…:assumed-role/role/session), which
/// is one as its credentials would make it at `now`, without tags, policies or MFA. Nothing: there is none.
std::optional<Caller> caller_named(const Snapshot& snapshot, std::string_view arn, Time now);

}  // namespace deputy::directory
