// The access control list of a bucket. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html
#pragma once

#include "protocol/s3/get_bucket_acl.h"
#include "protocol/s3/put_bucket_acl.h"
#include "services/s3/acl.h"

namespace deputy::s3 {

using services::Accesses;
using services::At;
using services::Outcome;

/// Errors: NoSuchBucket.
struct GetBucketAcl : shapes::GetBucketAcl {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

/// Errors: AccessControlListNotSupported, those of acl_of_request(), AccessDenied where public lists are blocked.
struct PutBucketAcl : shapes::PutBucketAcl {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

}  // namespace deputy::s3
