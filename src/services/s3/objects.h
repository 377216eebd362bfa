// Objects: there are none yet (README: what is not built), so every bucket lists as empty, truthfully.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
#pragma once

#include "protocol/s3/list_objects_v2.h"
#include "services/operation.h"

namespace deputy::s3 {

/// s3:ListBucket with s3:prefix, s3:delimiter and s3:max-keys. Errors: NoSuchBucket, InvalidArgument.
struct ListObjectsV2 : shapes::ListObjectsV2 {
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::s3
