// May the caller do it? Gathers the policies that apply on both sides, builds the request context, asks policy::decide,
// and words a denial as AWS words it. docs/policy-evaluation.md: E-2 who takes part, K the context, D the wording.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "authz/access.h"
#include "base/error.h"
#include "base/result.h"
#include "base/time.h"
#include "directory/caller.h"
#include "policy/evaluate.h"

namespace deputy::authz {

class Ask;  // authz/ask.h: the same decision without its words, and who made it

/// How a request to S3 was signed: keys that every S3 action has.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
struct SignedForS3 {
  bool presigned = false;                // s3:authType
  std::optional<Time> signed_at;         // of presigned URLs: s3:signatureAge
  std::string_view content_sha256 = {};  // s3:x-amz-content-sha256, as sent; empty: none was sent
};

/// How the request came. [K-5, K-6]
struct Circumstances {
  Time now;
  std::string_view source_ip;
  std::string_view user_agent;  // empty: none was sent
  std::string_view referer;     // empty: none was sent
  std::string_view region;      // aws:RequestedRegion
  bool secure = false;
  std::string_view tls_version = {};   // "1.3"; empty: not over TLS, or over TLS that ended elsewhere
  std::optional<SignedForS3> s3 = {};  // of requests to S3
};

/// Whose words a denial takes: S3 has its own, and says less to strangers [D-8, D-9].
enum class Wording : std::uint8_t { kStandard, kS3 };

/// Whether these credentials may call this operation at all, before any policy is asked [E-13, docs/wire.md 6.4].
/// `service` is the prefix of actions ("iam"), `operation` the API name.
Result<void> admit(std::string_view service, std::string_view operation, const directory::Caller& caller);

/// All of `accesses` under the policies of `snapshot`, or the AccessDenied of the first that is refused. `facts`: if
/// asked for, what an administrator of the caller's account may know of that refusal; empty where nobody is to know.
/// `decision`: if asked for, of the access that was refused, or of the last; untouched where no policy was asked.
Result<void> authorize(const directory::Caller& caller, std::span<const Access> accesses, const Circumstances& how,
                       const directory::Snapshot& snapshot, Wording wording, std::string* facts = nullptr,
                       std::optional<policy::Decision>* decision = nullptr);

/// Whether the caller is of the owner's account, or of its organization: S3 tells nobody else why it refuses. [D-9]
bool is_of_the_same(const directory::Caller& caller, const AccountId& owner, const directory::Snapshot& snapshot);

/// Each of `accesses` by itself, all within one request's number of steps: nothing, or its AccessDenied, in their order.
/// For operations on many things of which some may be refused.
Result<std::vector<std::optional<Error>>> authorize_each(const directory::Caller& caller,
                                                         std::span<const Access> accesses, const Circumstances& how,
                                                         const directory::Snapshot& snapshot, Wording wording);

/// D-1 to D-3 for the access that `ask` refused last.
std::string denial(const directory::Caller& caller, const Access& access, const policy::Decision& decision,
                   Wording wording, const directory::Snapshot& snapshot, const Ask& ask);

/// The JSON of sts:DecodeAuthorizationMessage for the access that `ask` refused last, to a caller that has an account.
std::string denial_facts(const directory::Caller& caller, const Access& access, const policy::Decision& decision,
                         const Ask& ask);

}  // namespace deputy::authz
