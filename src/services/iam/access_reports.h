// Reports of last uses as jobs: who generated one, and where it is found again. Nothing is computed beforehand: a report
// is ready at once, and says what is known when it is read.
#pragma once

#include <string>
#include <string_view>

#include "directory/usage.h"
#include "services/iam/errors.h"
#include "services/iam/lookup.h"

namespace deputy::iam {

/// Keeps a new report in the caller's account, where the oldest gives way. The job's id.
std::string keep_report(const At& at, directory::Changes& changes, directory::AccessReport report);

/// The caller's own: the same user, or the same session, and no other. Error: NoSuchEntity.
Result<const directory::AccessReport*> find_report(const At& at, std::string_view job, bool organization);

/// Uses are reported for so long.
inline constexpr std::chrono::hours kUsesReported{400 * 24};

/// A user's or role's last use of a service; null: none, or too long ago. `uses`: of Usage.
const directory::ServiceUse* use_of(const std::optional<directory::LastUse>& uses, std::string_view space, Time now);

}  // namespace deputy::iam
