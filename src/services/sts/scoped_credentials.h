// GetScopedCredentials: the caller's own session again, with less permission, or less time.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
#pragma once

#include "protocol/sts/get_scoped_credentials.h"
#include "services/operation.h"

namespace deputy::sts {

struct GetScopedCredentials : shapes::GetScopedCredentials {
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::sts
