// Reading an object.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, API_HeadObject.html, API_GetObjectAttributes.html
#pragma once

#include "protocol/s3/get_object.h"
#include "protocol/s3/get_object_attributes.h"
#include "protocol/s3/head_object.h"
#include "services/operation.h"

namespace deputy::s3 {

/// s3:GetObject, or s3:GetObjectVersion of a named version; that there is none is for those to know who have
/// s3:ListBucket. Errors: NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed, PreconditionFailed, InvalidRange,
/// InvalidPartNumber, InvalidObjectState.
struct GetObject : shapes::GetObject {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// The same without bytes.
struct HeadObject : shapes::HeadObject {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// s3:GetObject and s3:GetObjectAttributes, or both of versions. [S-69, S-70, S-214]
struct GetObjectAttributes : shapes::GetObjectAttributes {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::s3
