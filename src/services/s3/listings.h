// What a bucket holds, a page at a time: keys, versions, uploads.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html, API_ListObjects.html, API_ListObjectVersions.html,
// API_ListMultipartUploads.html
#pragma once

#include "protocol/s3/list_multipart_uploads.h"
#include "protocol/s3/list_object_versions.h"
#include "protocol/s3/list_objects.h"
#include "protocol/s3/list_objects_v2.h"
#include "services/operation.h"

namespace deputy::s3 {

/// s3:ListBucket with s3:prefix, s3:delimiter and s3:max-keys. Errors: NoSuchBucket, InvalidArgument.
struct ListObjectsV2 : shapes::ListObjectsV2 {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// The same in its first form.
struct ListObjects : shapes::ListObjects {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// s3:ListBucketVersions, with the same keys. Errors: the same.
struct ListObjectVersions : shapes::ListObjectVersions {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// s3:ListBucketMultipartUploads. Errors: the same.
struct ListMultipartUploads : shapes::ListMultipartUploads {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::s3
