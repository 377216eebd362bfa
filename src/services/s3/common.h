// What S3 operations share: finding a bucket, asking for it and for what is in it, S3's errors (docs/wire.md, 7).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/operation.h"
#include "services/s3/acl.h"

namespace deputy::s3 {

/// The region whose buckets need no LocationConstraint, and whose constraint is shown as none.
inline constexpr std::string_view kClassicRegion = "us-east-1";

/// What buckets of eu-west-1 may be made with instead, and what GetBucketLocation then shows.
inline constexpr std::string_view kEurope = "EU", kRegionOfEurope = "eu-west-1";

/// Where a bucket is: of one that was made in "EU", eu-west-1.
inline std::string_view region_of(const directory::Bucket& bucket) {
  return bucket.region == kEurope ? kRegionOfEurope : std::string_view(bucket.region);
}

/// `action` on the bucket, with all that decides on its side: its policy, its access control list, what of them S3
/// Block Public Access leaves.
services::Access bucket_access(const services::At& at, std::string_view action, std::string_view bucket);
/// The same once it is clear that the bucket exists and is of the expected owner, which nobody needs a permission to
/// learn: what operations ask for. Errors: those of find_bucket(). [S-11, S-18]
Result<services::Access> bucket_access(const services::At& at, std::string_view action, std::string_view bucket,
                                       const std::optional<std::string>& expected_owner);

/// An object that is there, as far as it says who may touch it. Borrowed.
struct ObjectFacts {
  AccountId owner;                         // whose it is by its writer; empty: the anonymous user's
  const AccessControlList* acl = nullptr;  // null: private
  const directory::Tags* tags = nullptr;   // s3:ExistingObjectTag, where the action sees it
};

/// `action` on an object of the bucket. `existing` is the object, or the version, that the action is about; null: none is
/// there, as for a first write. Whose object it is decides which policies can allow it: [S-178, S-179, S-187, S-244]
/// - of the bucket owner (always, where bucket owners are enforced): as for the bucket itself;
/// - of another account: reading it and its ACL is that account's to allow, by the object's ACL; the bucket's policy can
///   only deny. Deleting and tagging it stays the bucket owner's.
services::Access object_access(const services::At& at, std::string_view action, std::string_view bucket,
                               std::string_view key, const ObjectFacts* existing);

/// What blocks public access to the bucket: its own setting, or its account's. [S-189]
directory::PublicAccessBlock effective_block(const directory::Snapshot& snapshot, const directory::Bucket& bucket);
/// Whether the caller is neither of the account nor a service of AWS.
bool is_outsider(const directory::Caller& caller, const AccountId& account);
/// Whether a list may be put on something of the bucket's. `action` and `resource` stand in the refusal. Errors:
/// AccessDenied. [S-191]
Result<void> check_public_acl(const services::At& at, const directory::Bucket& bucket, std::string_view action,
                              std::string_view resource, const std::optional<AccessControlList>& acl);

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

/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
bool is_valid_bucket_name(std::string_view name);

}  // namespace deputy::s3
