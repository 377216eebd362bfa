// Whether a bucket keeps former versions of its objects.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html, API_GetBucketVersioning.html
#pragma once

#include "protocol/s3/get_bucket_versioning.h"
#include "protocol/s3/put_bucket_versioning.h"
#include "services/operation.h"

namespace deputy::s3 {

/// Of the bucket's own account alone, whatever its policy says. Errors: NoSuchBucket, AccessDenied.
struct GetBucketVersioning : shapes::GetBucketVersioning {
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// The same. Further errors: IllegalVersioningConfigurationException, NotImplemented for MFA Delete, InvalidBucketState
/// where a replication configuration needs the versions.
struct PutBucketVersioning : shapes::PutBucketVersioning {
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::s3
