// S3 Block Public Access, of a bucket and of a whole account.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
#pragma once

#include "protocol/s3/delete_public_access_block.h"
#include "protocol/s3/get_public_access_block.h"
#include "protocol/s3/put_public_access_block.h"
#include "protocol/s3control/delete_public_access_block.h"
#include "protocol/s3control/get_public_access_block.h"
#include "protocol/s3control/put_public_access_block.h"
#include "services/operation.h"

namespace deputy::s3 {

using services::Accesses;
using services::At;
using services::Outcome;

/// Errors: NoSuchPublicAccessBlockConfiguration.
struct GetPublicAccessBlock : shapes::GetPublicAccessBlock {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

/// What is not said is false. Errors: InvalidRequest if nothing is.
struct PutPublicAccessBlock : shapes::PutPublicAccessBlock {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

struct DeletePublicAccessBlock : shapes::DeletePublicAccessBlock {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

// The same of an account, which S3 Control has: asked for on "*", of the account that x-amz-account-id names.

struct GetAccountPublicAccessBlock : s3control::shapes::GetPublicAccessBlock {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

struct PutAccountPublicAccessBlock : s3control::shapes::PutPublicAccessBlock {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

struct DeleteAccountPublicAccessBlock : s3control::shapes::DeletePublicAccessBlock {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

}  // namespace deputy::s3
