// Session policies: what a call passes to make its session smaller than the entity behind it. [S-1, S-4]
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "directory/session.h"
#include "directory/snapshot.h"
#include "protocol/sts/shapes.h"

namespace deputy::sts {

/// Puts the policies of a call into its session, whose account is set. The inline one is compiled here, so that a
/// document AWS would refuse is refused before a session carries it; managed ones are AWS's or of the session's
/// account. Errors: MalformedPolicyDocument, ValidationError (an ARN that names no policy).
Result<void> add_session_policies(const directory::Snapshot& snapshot, const std::optional<std::string>& policy,
                                  const std::vector<shapes::PolicyDescriptorType>& policy_arns,
                                  directory::Session& session);

/// A session policy as a session carries it: without its white space. Error: MalformedPolicyDocument.
Result<std::string> checked_session_policy(const std::string& json);

}  // namespace deputy::sts
