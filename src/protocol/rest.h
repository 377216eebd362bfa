// S3's REST: which operation a method, path and query mean, and where its members travel (docs/wire.md, 1.3 and 2).
#pragma once

#include "base/error.h"
#include "base/result.h"
#include "protocol/route.h"

namespace deputy::protocol {

/// Bucket and key of a request: by virtual host (bucket.s3.<region>.amazonaws.com, bucket.localhost) or by path.
/// Error: InvalidURI for a broken escape.
struct S3Path {
  std::string bucket, key;
};
Result<S3Path> s3_path(const http::Request& request);

/// Errors: InvalidURI, MethodNotAllowed.
Result<Call> find_rest_operation(const Service& s3, const http::Request& request);

/// Errors: InvalidArgument, MalformedXML, ValidationError.
Result<void> decode_rest(const Call& call, const http::Request& request, void* input);

}  // namespace deputy::protocol
