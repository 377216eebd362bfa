// What S3 operations share: finding a bucket, asking for it, S3's errors (docs/wire.md, 7).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/operation.h"

namespace deputy::s3 {

/// The region whose buckets need no LocationConstraint, and whose constraint is shown as none.
inline constexpr std::string_view kClassicRegion = "us-east-1";

/// What buckets of eu-west-1 may be made with instead, and what GetBucketLocation then shows.
inline constexpr std::string_view kEurope = "EU", kRegionOfEurope = "eu-west-1";

/// Where a bucket is: of one that was made in "EU", eu-west-1.
inline std::string_view region_of(const directory::Bucket& bucket) {
  return bucket.region == kEurope ? kRegionOfEurope : std::string_view(bucket.region);
}

/// `action` on the bucket. For a bucket that nobody has, the caller's own permission decides between "no such bucket"
/// and "access denied".
services::Access bucket_access(const services::At& at, std::string_view action, std::string_view bucket);

/// Errors: NoSuchBucket; AccessDenied if `expected_owner` is given and is not the owner.
Result<const directory::Bucket*> find_bucket(const services::At& at, std::string_view name,
                                             const std::optional<std::string>& expected_owner);

/// What an operation on one bucket asks for, once the bucket is known to be there and to be whose the caller thinks: a
/// bucket that nobody has is NoSuchBucket for everybody, as in S3.
Result<services::Accesses> on_bucket(const services::At& at, std::string_view action, std::string_view bucket,
                                     const std::optional<std::string>& expected_owner);
template <class Input>
Result<services::Accesses> on_bucket(const services::At& at, std::string_view action, const Input& in) {
  return on_bucket(at, action, in.bucket, in.expected_bucket_owner);
}

/// 64 hex digits that stand for an account in S3's own answers; made from the account id, so the same everywhere.
std::string canonical_user_id(const AccountId& account);

/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
bool is_valid_bucket_name(std::string_view name);

}  // namespace deputy::s3
