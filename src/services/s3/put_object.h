// Writing an object, and taking it away.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, API_DeleteObject.html, API_DeleteObjects.html
#pragma once

#include "protocol/s3/delete_object.h"
#include "protocol/s3/delete_objects.h"
#include "protocol/s3/put_object.h"
#include "services/operation.h"

namespace deputy::s3 {

/// s3:PutObject; s3:PutObjectTagging with tags; s3:PutObjectAcl with a list; s3:GetObject with If-Match. [S-110, S-216]
/// Errors: NoSuchBucket, those of object_input.h, AccessControlListNotSupported, BadDigest, PreconditionFailed.
struct PutObject : shapes::PutObject {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::BodyWanted> body(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// s3:DeleteObject, or s3:DeleteObjectVersion of a named version. Deleting what is not there succeeds. [S-80, S-101]
/// Errors: NoSuchBucket, InvalidArgument, PreconditionFailed, NotImplemented.
struct DeleteObject : shapes::DeleteObject {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// The same for each of up to 1,000 keys, which are allowed or refused one by one. [S-81 to S-85]
/// Errors of the request: NoSuchBucket, MalformedXML.
struct DeleteObjects : shapes::DeleteObjects {
  static constexpr bool kDecidesEach = true;
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::s3
