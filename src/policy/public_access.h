// Whether a bucket policy opens the bucket to the public, as S3 Block Public Access and GetBucketPolicyStatus have it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html ("The meaning of
// public")
#pragma once

#include <string_view>

#include "policy/document.h"

namespace deputy::policy {

/// Some statement allows everybody, and no condition of it pins the request to fixed values. Whom a statement names is
/// never the public, and what a Deny takes away again does not count.
bool is_public(const Document& document);
/// The same of a stored text; one that does not parse counts as public, since nobody knows what it says.
bool is_public(std::string_view text);

}  // namespace deputy::policy
