// S3's REST: which operation a method, path and query mean, and where its members travel (docs/wire.md, 1.3, 2 and 7).
#pragma once

#include "base/error.h"
#include "base/result.h"
#include "protocol/route.h"

namespace deputy::protocol {

/// Bucket and key of a request: by virtual host (bucket.s3.<region>.amazonaws.com, bucket.localhost) or by path.
/// Error: InvalidURI for a broken escape, or a key without a bucket.
struct S3Path {
  std::string bucket, key;
};
Result<S3Path> s3_path(const http::Request& request, std::string_view host_bucket);

/// What stands in a path for the label `name` of a template: "arn:aws:s3:::b" for "resourceArn" of
/// "/v20180820/tags/{resourceArn+}"; as it was sent. Nothing: the path is not of that template, or it has no such label.
std::optional<std::string_view> path_label(std::string_view uri, std::string_view path, std::string_view name);

/// The decoded query. Error: InvalidURI.
Result<Parameters> s3_query(const http::Request& request);

/// The operation whose marks (Operation::marks) the request all has, and of those the one with most.
/// Errors: InvalidURI, MethodNotAllowed.
Result<Call> find_rest_operation(const Destination& to, const http::Request& request);

/// S3 has no constraint clauses; what can be told from the shape alone is refused in S3's words. Errors:
/// InvalidArgument, MalformedXML, MissingRequestBodyError, InvalidBucketOwnerAWSAccountID.
Result<void> decode_rest(const Call& call, const http::Request& request, void* input);

}  // namespace deputy::protocol
