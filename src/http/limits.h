// What a stranger may cost us, and the statuses with which the server itself refuses.
#pragma once

#include <chrono>
#include <cstddef>

namespace deputy::http {

/// Sizes in bytes. A limit is the largest value that is still served. What is said to whoever goes beyond is AWS's
/// (docs/wire.md, 1.1): 400 and no body for a head, not 414 or 431.
struct Limits {
  std::size_t head = 16 * 1024;           // request line and headers, and trailers: 400
  std::size_t headers = 128;              // their number: 400
  std::size_t body = 10'000'000;          // AWS: 413 with an empty body (docs/wire.md, 1.1)
  std::size_t streamed_from = 8 * 1024;   // a larger body is handed on as it comes, where the handler takes it so
  std::size_t buffers = 100'000'000;      // of all bodies and answers together: who is slowest gives way, else 503
  std::size_t answer_header = 8 * 1024;   // one value; what is longer is cut
  std::size_t connections = 10'000;       // or as many as there are descriptors for (descriptors.h); see places.h
  std::chrono::seconds head_timeout{20};  // from the first byte of a request to the end of its head
  std::chrono::seconds body_timeout{60};  // between two reads of a body, or two writes of an answer
  std::chrono::seconds idle_timeout{75};  // between two requests
  std::chrono::seconds grace{20};         // a body that comes, or an answer that is read, for longer than this
  std::size_t pace = 4096;                // moves at least so many bytes a second on the whole: else 408, or the end
};

/// Why a request never reaches the handler. The values are the statuses that the client sees.
enum class Refusal : int {
  kNone = 0,
  kBadRequest = 400,
  kTimeout = 408,
  kBodyTooLarge = 413,
  kExpectationFailed = 417,
  kNotImplemented = 501,
  kUnavailable = 503,
  kVersionNotSupported = 505,
};

}  // namespace deputy::http
