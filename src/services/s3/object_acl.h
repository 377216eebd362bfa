// The access control list of an object.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html, API_PutObjectAcl.html
#pragma once

#include "protocol/s3/get_object_acl.h"
#include "protocol/s3/put_object_acl.h"
#include "services/operation.h"

namespace deputy::s3 {

/// s3:GetObjectAcl, or s3:GetObjectVersionAcl. Errors: NoSuchKey, NoSuchVersion, MethodNotAllowed.
struct GetObjectAcl : shapes::GetObjectAcl {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// s3:PutObjectAcl, or s3:PutObjectVersionAcl. Errors: also AccessControlListNotSupported, those of acl_of_request(),
/// AccessDenied where public lists are blocked.
struct PutObjectAcl : shapes::PutObjectAcl {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::s3
