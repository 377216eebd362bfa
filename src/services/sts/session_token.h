// sts:GetSessionToken: temporary credentials of the user that asks, needed for MFA (not there yet) and short-lived use.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
#pragma once

#include "protocol/sts/get_session_token.h"
#include "services/operation.h"

namespace deputy::sts {

struct GetSessionToken : shapes::GetSessionToken {
  /// None: users and root need no permission [E-13]; sessions are not admitted at all (authz/admit.cpp).
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::sts
