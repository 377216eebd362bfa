// sts:GetSessionToken: temporary credentials of the user that asks, for short-lived use, and for MFA: with the code
// of a device they carry it to every call.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
#pragma once

#include "protocol/sts/get_session_token.h"
#include "services/operation.h"

namespace deputy::sts {

struct GetSessionToken : shapes::GetSessionToken {
  /// The code of the caller's MFA device, if one came. Error: AccessDenied.
  static services::Proof prove(const services::At& at, const Input& in);
  /// None: users and root need no permission [E-13]; sessions are not admitted at all (authz/admit.cpp).
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::sts
