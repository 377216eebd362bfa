// Answers to calls of AWS services that Deputy has not: a client that asks for its tables reads "Deputy has no dynamodb"
// in the dialect that it understands, and not an error of S3 that it cannot take apart (docs/wire.md, section 2).
#pragma once

#include <optional>
#include <string_view>

#include "http/message.h"

namespace deputy::protocol {

/// Which absent service a request means: by the name that its credential scope has, or by an X-Amz-Target of a service
/// that is not here; whoever asks has looked for one of ours. Nothing: no service of AWS that anybody knows. Points into
/// the request.
/// `signed_for`: the service of the scope; empty: the request has none.
std::optional<std::string_view> absent_service(const http::Request& request, std::string_view signed_for);

/// NotImplemented 501, `Deputy has no <name>…`, as such a request's client parses errors: told by the request itself
/// (CBOR, JSON 1.0 and 1.1, query, EC2's XML), or else by what the service is known to speak (REST-XML, REST-JSON). Without
/// request id headers.
http::Response refuse_absent(const http::Request& request, std::string_view name, std::string_view request_id);

}  // namespace deputy::protocol
