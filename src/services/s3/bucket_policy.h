// The policy of a bucket. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
#pragma once

#include <string_view>

#include "protocol/s3/delete_bucket_policy.h"
#include "protocol/s3/get_bucket_policy.h"
#include "protocol/s3/get_bucket_policy_status.h"
#include "protocol/s3/put_bucket_policy.h"
#include "services/operation.h"

namespace deputy::s3 {

using services::Accesses;
using services::At;
using services::Outcome;

/// Of a policy without white space.
inline constexpr std::size_t kMostPolicyBytes = 20480;

/// Errors: NoSuchBucketPolicy, MethodNotAllowed to other accounts, whatever they are allowed.
struct GetBucketPolicy : shapes::GetBucketPolicy {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

/// Errors: MalformedPolicy, PolicyTooLarge, AccessDenied where public policies are blocked, MethodNotAllowed.
struct PutBucketPolicy : shapes::PutBucketPolicy {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

struct DeleteBucketPolicy : shapes::DeleteBucketPolicy {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

/// Errors: NoSuchBucketPolicy.
struct GetBucketPolicyStatus : shapes::GetBucketPolicyStatus {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

}  // namespace deputy::s3
