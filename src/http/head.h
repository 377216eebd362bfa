// Reads the head of one request: the request line, the header lines and the empty line, all of it, once it is there.
//
// Beast's parser knows the grammar (RFC 9112, 3 and 5). What it leaves to its user is decided here: exactly one Host,
// one plain Content-Length, no transfer coding but `chunked`, never both, no CONNECT, and the forms of the target.
// Whatever could be framed in two ways is refused, also where the RFC would let a server guess.
#pragma once

#include <cstdint>
#include <string_view>

#include "http/limits.h"
#include "http/message.h"

namespace deputy::http {

/// What the head says about the bytes that follow it, and about the connection.
struct Framing {
  bool chunked = false;
  bool keep_alive = false;
  bool http10 = false;
  bool expects_continue = false;
  std::uint64_t content_length = 0;  // 0 if chunked, or if there is no body
};

/// `head` ends with the empty line. How long the body may be is for the parser to say. Fills method, target and headers of `request` (views into `head`) and `framing`.
/// kNone: accepted. INVARIANT: the target of an accepted request begins with '/' (tests/http/cases/requests.txt).
Refusal parse_head(std::string_view head, const Limits& limits, Request& request, Framing& framing);

}  // namespace deputy::http
