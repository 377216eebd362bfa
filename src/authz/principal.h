// The caller as policies know it: from what the directory holds to the fields of policy::Principal.
#pragma once

#include <string>

#include "directory/caller.h"
#include "policy/request.h"

namespace deputy::authz {

/// Borrows from the caller, and from `arn`, which is given the ARN that the caller does not hold: of a session's role, or
/// of the user behind a federated one.
policy::Principal principal_of(const directory::Caller& caller, std::string& arn);

}  // namespace deputy::authz
