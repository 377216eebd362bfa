// Which service is called, and which of its operations. AWS clients address Deputy by one endpoint for all services, so
// the credential scope says the service; unsigned requests are told by what they carry (docs/wire.md, section 2).
//
//   const Destination to = destination(request);
//   if (auto refused = refuse_early(to, request, …)) return *refused;    // what HTTP servers in front of AWS answer
//   … identify the caller …
//   TRY(Call call, find_operation(to, request));
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "http/message.h"
#include "protocol/operation.h"
#include "protocol/query.h"

namespace deputy::protocol {

struct Destination {
  ServiceId service = ServiceId::kS3;
  std::string_view region;  // of the credential scope, or of an AWS host name; empty: unknown. Points into the request.
  bool region_is_bound = false;  // by an AWS host name: a scope of another region is refused (docs/wire.md, 3.1 row 13)
  bool is_global = false;        // by a name of AWS's that names no region: sts.amazonaws.com
  std::string_view bucket = {};  // of the host name; as it was sent
  std::string_view absent = {};  // the service of AWS that was called and is not here: refuse_absent answers
};
/// Whether a name can be one of the `domains` below: labels of letters, digits and hyphens (RFC 1123, 2.1), and none of
/// AWS's or localhost, which have a meaning already.
bool can_be_domain(std::string_view name);

/// `domains`: whose names mean what AWS's mean (endpoint_of).
Destination destination(const http::Request& request, std::span<const std::string> domains = {});

/// What is answered before anybody looks at a signature: bad paths, methods and content types of the query services
/// (docs/wire.md, 3.1 rows 1 to 4), what is no JSON or names no operation of a JSON service (3.2), and headers too
/// large for S3 (3.3). Nothing: go on.
struct EarlyAnswer {
  http::Response response;          // without request id headers
  std::optional<Error> error = {};  // set: encode this instead
};
std::optional<EarlyAnswer> refuse_early(const Destination& to, const http::Request& request);

/// An operation that AWS knows, and where its parameters are.
struct Call {
  const Operation* operation = nullptr;
  std::optional<Parameters> parameters;  // query services
  std::string bucket, key;               // S3, decoded; empty: none
};
/// Errors: InvalidAction, MalformedQueryString, UnknownOperationException, MethodNotAllowed, … A request without an
/// Action is an `Error` without code, with status 302 and a detail Location: answered as a redirection.
Result<Call> find_operation(const Destination& to, const http::Request& request);

/// Fills and checks the Input of `call.operation`. Errors: MalformedInput, ValidationError, MalformedXML,
/// SerializationException, InvalidInputException.
Result<void> decode(const Call& call, const http::Request& request, void* input);

}  // namespace deputy::protocol
