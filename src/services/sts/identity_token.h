// sts:GetWebIdentityToken: a principal gets a token by which it proves to others who it is.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html
#pragma once

#include "protocol/sts/get_web_identity_token.h"
#include "services/operation.h"

namespace deputy::sts {

struct GetWebIdentityToken : shapes::GetWebIdentityToken {
  /// Tags are a permission of their own. Errors: ValidationError (algorithm), InvalidParameterValue (tags).
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  /// Writes nothing. Errors: SessionDurationEscalation, OutboundWebIdentityFederationDisabled, JWTPayloadSizeExceeded.
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::sts
