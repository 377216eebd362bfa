// GetDelegatedAccessToken: trades a token that a partner was sent for credentials. Nobody is a partner here, so nobody was
// sent one. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetDelegatedAccessToken.html
#pragma once

#include "protocol/sts/get_delegated_access_token.h"
#include "services/operation.h"
#include "services/sts/errors.h"

namespace deputy::sts {

struct GetDelegatedAccessToken : shapes::GetDelegatedAccessToken {
  static services::Accesses access(const services::At&, const Input&) {
    return {{.action = policy::Action("sts:GetDelegatedAccessToken"), .resource = "*", .owner = {}}};
  }
  static Result<services::Outcome<Output>> execute(const services::At&, const Input&) {
    return errors::trade_in_token_expired();
  }
};

}  // namespace deputy::sts
