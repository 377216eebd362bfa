// The S3 operations that Deputy binds: buckets, so that credentials are worth having.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
#pragma once

#include <span>

#include "services/operation.h"

namespace deputy::s3 {

std::span<const services::Binding> bindings();

}  // namespace deputy::s3
