// Writes one answer: status line, the headers that the server owns, the handler's headers, the body.
#pragma once

#include <cstdint>
#include <string_view>

#include "http/message.h"
#include "http/outbox.h"

namespace deputy::http {

/// What the answer must know of its request and its connection.
struct AnswerContext {
  bool head_request = false;             // no body, but the Content-Length that it would have
  bool http10 = false;                   // keep-alive has to be said
  bool close = false;                    // this is the connection's last answer
  std::string_view date;                 // an HTTP date
  std::size_t longest_value = SIZE_MAX;  // of a header, in bytes
};

inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

/// Date, Connection, Content-Length and Transfer-Encoding are the server's: of these the handler's are left away,
/// except the Content-Length of an answer to HEAD (S3's HeadObject knows the size and does not load the object).
/// Control characters in values become blanks, so that no value can end its line; what is longer than the context says
/// is cut.
void write_answer(Outbox& out, Response&& response, const AnswerContext& context);

}  // namespace deputy::http
