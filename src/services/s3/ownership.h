// Object Ownership: whose the objects of a bucket are that others write, and whether access control lists count.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
#pragma once

#include "protocol/s3/delete_bucket_ownership_controls.h"
#include "protocol/s3/get_bucket_ownership_controls.h"
#include "protocol/s3/put_bucket_ownership_controls.h"
#include "services/s3/acl.h"

namespace deputy::s3 {

using services::Accesses;
using services::At;
using services::Outcome;

/// "BucketOwnerPreferred"; empty for controls that were deleted.
std::string_view name_of(directory::ObjectOwnership ownership);
/// Nothing: no such word.
std::optional<directory::ObjectOwnership> ownership_named(std::string_view name);

/// Whose object it is that `writer` writes with these headers; empty: the anonymous user's. [S-173 to S-180]
AccountId owner_of_written(const directory::Bucket& bucket, const directory::Caller& writer, const AclHeaders& headers);
/// Whether a write with these headers may be made there. Errors: AccessControlListNotSupported. [S-174]
Result<void> check_acl_headers(const directory::Bucket& bucket, const AclHeaders& headers);

/// Errors: OwnershipControlsNotFoundError.
struct GetBucketOwnershipControls : shapes::GetBucketOwnershipControls {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

/// Errors: MalformedXML, InvalidBucketAclWithObjectOwnership.
struct PutBucketOwnershipControls : shapes::PutBucketOwnershipControls {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

struct DeleteBucketOwnershipControls : shapes::DeleteBucketOwnershipControls {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

}  // namespace deputy::s3
