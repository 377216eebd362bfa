// When objects of a bucket would expire or move to another storage class: kept and shown. Nothing expires or moves.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
#pragma once

#include "protocol/s3/delete_bucket_lifecycle.h"
#include "protocol/s3/get_bucket_lifecycle_configuration.h"
#include "protocol/s3/put_bucket_lifecycle_configuration.h"
#include "services/s3/configurations.h"
#include "services/s3/errors.h"

namespace deputy::s3 {

inline constexpr std::size_t kMostLifecycleRules = 1'000;
inline constexpr std::size_t kLongestRuleId = 255;

/// Of a rule that came without one, as S3 makes them up.
std::string made_up_rule_id(const services::At& at);

inline constexpr ConfigurationKind kLifecycle{"lifecycle", "s3:GetLifecycleConfiguration",
                                              "s3:PutLifecycleConfiguration", errors::no_such_lifecycle};

/// Both answer the smallest size of an object that moves, beside the rules.
struct PutBucketLifecycleConfiguration : shapes::PutBucketLifecycleConfiguration {
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};
struct GetBucketLifecycleConfiguration : Show<kLifecycle, shapes::GetBucketLifecycleConfiguration> {
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};
struct DeleteBucketLifecycle : shapes::DeleteBucketLifecycle {
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::s3
