// The credential report: one row for the root user and for each user, of their passwords, keys and MFA devices.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
//
// INVARIANT: it tells that and when of credentials, nothing of what they are.
#pragma once

#include <string>

#include "services/iam/lookup.h"

namespace deputy::iam {

/// CSV with a row of names; rows end in a line feed, all but the last.
std::string credential_report(const At& at);

}  // namespace deputy::iam
