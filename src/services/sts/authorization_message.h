// sts:DecodeAuthorizationMessage: what stands behind a refusal, for those of the account who may know.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
//
// IAM, STS and S3 hand out no such messages in AWS (EC2 does), so neither does Deputy unless it was started with
// --encoded-messages: then every refusal by a policy carries one, worded as EC2 words it (server/run.cpp).
#pragma once

#include "protocol/sts/decode_authorization_message.h"
#include "services/operation.h"

namespace deputy::sts {

struct DecodeAuthorizationMessage : shapes::DecodeAuthorizationMessage {
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  /// Errors: InvalidAuthorizationMessageException: not a message of this server, of another account, or a day old.
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::sts
