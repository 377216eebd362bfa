// Answers on the wire: the body, headers and status of a reply or an error, in the dialect of the service that was
// called (docs/wire.md, section 1).
//
//   const ReplyContext context{.request_id = id, .extended_id = extended, .json = accepts_json(request)};
//   return encode_reply<AssumeRole>(output, context);
//   return encode_error(service(ServiceId::kIam), error, context);
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "http/message.h"
#include "protocol/operation.h"

namespace deputy::protocol {

/// What an answer carries beside its content.
struct ReplyContext {
  std::string_view request_id = {};   // IAM, STS, JSON: a lower-case UUID; S3: 16 upper-case base32 characters
  std::string_view extended_id = {};  // STS: x-amz-sts-extended-request-id; S3: x-amz-id-2 and HostId
  bool json = false;                  // a query service was asked for JSON (`accepts_json`)
  bool head = false;                  // S3: errors have no body
};

/// `output` is of the operation's Output type.
http::Response encode_reply(const Operation& operation, const void* output, const ReplyContext& context);

template <class Op>
http::Response encode_reply(const typename Op::Output& output, const ReplyContext& context) {
  return encode_reply(Op::model, &output, context);
}

/// An answer with nothing but the ids of the request.
http::Response encode_nothing(const Service& service, const ReplyContext& context);

http::Response encode_error(const Service& service, const Error& error, const ReplyContext& context);

/// The error of an operation that AWS has and Deputy has not. The code is our own: 501 NotImplemented.
Error not_implemented(const Operation& operation);

/// The name of the error's class in SDKs and in CloudTrail: "NoSuchEntityException" for NoSuchEntity.
std::string exception_name(const Service& service, const Error& error);

/// Whether a query service shall answer JSON: Accept names application/json.
bool accepts_json(const http::Request& request);

/// The value of x-amz-sts-extended-request-id; `unique` are eight random characters.
std::string sts_extended_id(std::string_view region, Time now, std::string_view unique);

}  // namespace deputy::protocol
