// Who am I, and whose key is this? Neither looks at anything but the credentials.
#pragma once

#include "protocol/sts/get_access_key_info.h"
#include "protocol/sts/get_caller_identity.h"
#include "services/operation.h"

namespace deputy::sts {

using services::Accesses;
using services::At;
using services::Outcome;

/// Needs no permission and cannot be denied [E-13].
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
struct GetCallerIdentity : shapes::GetCallerIdentity {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

/// The account is read off the key id; the key need not exist.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html
struct GetAccessKeyInfo : shapes::GetAccessKeyInfo {
  static Result<Accesses> access(const At& at, const Input& in);
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

}  // namespace deputy::sts
