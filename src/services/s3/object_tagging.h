// Tags of objects.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html, …
#pragma once

#include "protocol/s3/delete_object_tagging.h"
#include "protocol/s3/get_object_tagging.h"
#include "protocol/s3/put_object_tagging.h"
#include "services/operation.h"

namespace deputy::s3 {

/// s3:GetObjectTagging, or s3:GetObjectVersionTagging. Errors: NoSuchKey, NoSuchVersion, MethodNotAllowed.
struct GetObjectTagging : shapes::GetObjectTagging {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// s3:PutObjectTagging, or s3:PutObjectVersionTagging. Errors: also InvalidTag, BadRequest.
struct PutObjectTagging : shapes::PutObjectTagging {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// s3:DeleteObjectTagging, or s3:DeleteObjectVersionTagging. Errors: those of GetObjectTagging.
struct DeleteObjectTagging : shapes::DeleteObjectTagging {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::s3
