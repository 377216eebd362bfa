// Uploads in parts. The upload alone knows what the object will be: its headers, tags and list were checked when it began.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
#pragma once

#include "protocol/s3/abort_multipart_upload.h"
#include "protocol/s3/complete_multipart_upload.h"
#include "protocol/s3/create_multipart_upload.h"
#include "protocol/s3/list_parts.h"
#include "protocol/s3/upload_part.h"
#include "protocol/s3/upload_part_copy.h"
#include "services/operation.h"

namespace deputy::s3 {

/// Needs what PutObject needs. Errors: those of PutObject; InvalidRequest for checksums that cannot be. [S-124 to S-126]
struct CreateMultipartUpload : shapes::CreateMultipartUpload {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// s3:PutObject. Errors: NoSuchUpload, InvalidArgument, InvalidRequest, BadDigest. [S-127 to S-129]
struct UploadPart : shapes::UploadPart {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::BodyWanted> body(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// What reading the source needs, and s3:PutObject. [S-130, S-131, S-219]
struct UploadPartCopy : shapes::UploadPartCopy {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::BodyWanted> body(const services::At& at, const Input& in);
  static Result<std::optional<services::BodyCopied>> copied(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// s3:PutObject. Errors: NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall, InvalidRequest, BadDigest,
/// PreconditionFailed. [S-132 to S-142]
struct CompleteMultipartUpload : shapes::CompleteMultipartUpload {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// s3:AbortMultipartUpload. Error: NoSuchUpload.
struct AbortMultipartUpload : shapes::AbortMultipartUpload {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// s3:ListMultipartUploadParts. Error: NoSuchUpload. [S-144]
struct ListParts : shapes::ListParts {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::s3
