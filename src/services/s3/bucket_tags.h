// Tags, what S3 lets them be, and those of buckets.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-managing.html
#pragma once

#include <span>

#include "protocol/s3/delete_bucket_tagging.h"
#include "protocol/s3/get_bucket_tagging.h"
#include "protocol/s3/put_bucket_tagging.h"
#include "services/operation.h"

namespace deputy::s3 {

inline constexpr std::size_t kMostBucketTags = 50, kMostObjectTags = 10;

/// Who names tags; each has words of its own where one is refused.
enum class Tagging : std::uint8_t { kBucket, kObject, kNewBucket };

/// The tags, if they may be set. Keys differ by their case. Errors: InvalidTag, BadRequest for too many.
Result<directory::Tags> checked_tags(std::span<const shapes::Tag> tags, Tagging of);

/// Errors: NoSuchTagSet, also where an empty set was put.
struct GetBucketTagging : shapes::GetBucketTagging {
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};
struct PutBucketTagging : shapes::PutBucketTagging {
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};
struct DeleteBucketTagging : shapes::DeleteBucketTagging {
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::s3
