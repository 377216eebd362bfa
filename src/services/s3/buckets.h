// Buckets: one namespace over all accounts. Each operation follows its page under
// https://docs.aws.amazon.com/AmazonS3/latest/API/ (API_ListBuckets.html, API_CreateBucket.html, …).
#pragma once

#include "protocol/s3/create_bucket.h"
#include "protocol/s3/delete_bucket.h"
#include "protocol/s3/get_bucket_location.h"
#include "protocol/s3/head_bucket.h"
#include "protocol/s3/list_buckets.h"
#include "services/operation.h"

namespace deputy::s3 {

using services::Accesses;
using services::At;
using services::Outcome;

/// s3:ListAllMyBuckets on arn:aws:s3:::* [M-12]; answers the buckets of the caller's account by name.
struct ListBuckets : shapes::ListBuckets {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

/// Asks for s3:PutBucketAcl, too, with an access control list, and for s3:PutBucketOwnershipControls with an ownership.
/// Errors: InvalidBucketName, InvalidLocationConstraint, IllegalLocationConstraintException, BucketAlreadyExists,
/// BucketAlreadyOwnedByYou (outside us-east-1, and of another ownership; else the owner gets a success there),
/// InvalidBucketAclWithObjectOwnership, InvalidBucketAclWithBlockPublicAccessError.
struct CreateBucket : shapes::CreateBucket {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

/// Errors: NoSuchBucket.
struct DeleteBucket : shapes::DeleteBucket {
  static objects::Looks looks(const At& at, const Input& in);
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

/// Asks for s3:ListBucket, as S3 does. Errors: NoSuchBucket.
struct HeadBucket : shapes::HeadBucket {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

/// Errors: NoSuchBucket.
struct GetBucketLocation : shapes::GetBucketLocation {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

}  // namespace deputy::s3
