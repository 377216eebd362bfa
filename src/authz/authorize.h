// May the caller do it? Gathers the policies that apply on both sides, builds the request context, asks policy::decide,
// and words a denial as AWS words it. docs/policy-evaluation.md: E-2 who takes part, K the context, D the wording.
#pragma once

#include <span>
#include <string_view>

#include "authz/access.h"
#include "base/error.h"
#include "base/result.h"
#include "base/time.h"
#include "directory/caller.h"

namespace deputy::authz {

/// How the request came. [K-5, K-6]
struct Circumstances {
  Time now;
  std::string_view source_ip;
  std::string_view user_agent;  // empty: none was sent
  std::string_view referer;     // empty: none was sent
  std::string_view region;      // aws:RequestedRegion
  bool secure = false;
};

/// Whose words a denial takes: S3 has its own, and says less to strangers [D-8, D-9].
enum class Wording : std::uint8_t { kStandard, kS3 };

/// Whether these credentials may call this operation at all, before any policy is asked [E-13, docs/wire.md 6.4].
/// `service` is the prefix of actions ("iam"), `operation` the API name.
Result<void> admit(std::string_view service, std::string_view operation, const directory::Caller& caller);

/// All of `accesses` under the policies of `snapshot`, or the AccessDenied of the first that is refused.
Result<void> authorize(const directory::Caller& caller, std::span<const Access> accesses, const Circumstances& how,
                       const directory::Snapshot& snapshot, Wording wording);

/// D-1 to D-3 for one refused access.
std::string denial(const directory::Caller& caller, const Access& access, const policy::Decision& decision,
                   Wording wording);

}  // namespace deputy::authz
