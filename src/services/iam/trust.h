// Trust policies: whom they name is looked up when they are saved, in all accounts, and remembered by unique id; so a
// user or role that is deleted and created again under the same name does not regain access.
// docs/policy-evaluation.md, P-12, W-6, W-7; docs/wire.md, 5.3.
//
//   TRY(Trust trust, resolve_trust(at.snapshot, in.assume_role_policy_document));   // to store
//   answer.assume_role_policy_document = shown_trust(at.snapshot, role);            // to show
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/snapshot.h"

namespace deputy::iam {

/// What a role stores of its trust policy.
struct Trust {
  directory::PolicyText text;  // as written, but each user and role ARN replaced by the unique id
  std::vector<directory::ResolvedPrincipal> principals;
};

/// Errors: MalformedPolicyDocument (grammar; a principal that does not exist or cannot be one), LimitExceeded.
Result<Trust> resolve_trust(const directory::Snapshot& snapshot, std::string_view json);

/// The trust policy as it reads today: ids show as ARNs as long as their entity lives, and stay ids when it is gone.
std::string shown_trust(const directory::Snapshot& snapshot, const directory::Role& role);

}  // namespace deputy::iam
