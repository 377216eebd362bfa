// Which pages of other origins may use a bucket in a browser.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
#pragma once

#include "protocol/s3/delete_bucket_cors.h"
#include "protocol/s3/get_bucket_cors.h"
#include "protocol/s3/put_bucket_cors.h"
#include "services/cross_origin.h"
#include "services/s3/configurations.h"
#include "services/s3/errors.h"

namespace deputy::s3 {

inline constexpr std::size_t kMostCorsRules = 100;
/// Bytes of a CORS configuration: it is read for every request of a page of another origin.
inline constexpr std::size_t kMostCorsBytes = 64UL * 1024;

/// Bytes of a list that goes into one header of an answer, or comes in one of a preflight.
inline constexpr std::size_t kMostCorsHeaderBytes = 4'096;

inline constexpr ConfigurationKind kCors{"cors", "s3:GetBucketCORS", "s3:PutBucketCORS", errors::no_such_cors};

Result<void> check_cors(const services::At& at, const directory::Bucket& bucket, shapes::PutBucketCors::Input& in);

using GetBucketCors = Show<kCors, shapes::GetBucketCors>;
using PutBucketCors = Keep<kCors, shapes::PutBucketCors, check_cors>;
using DeleteBucketCors = Remove<kCors, shapes::DeleteBucketCors>;

/// By the first rule that the request fits. Errors of a preflight: BadRequest, AccessForbidden.
Result<services::CrossOriginHeaders> cross_origin(const directory::Snapshot& snapshot,
                                                  const services::CrossOriginRequest& request);

}  // namespace deputy::s3
