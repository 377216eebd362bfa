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
  std::size_t buffers = 1'000'000'000;    // of all requests that are being read or answered: 503 to who needs more
  std::size_t connections = 10'000;       // further ones are closed at once
  std::chrono::seconds head_timeout{20};  // from the first byte of a request to the end of its head
  std::chrono::seconds body_timeout{60};  // between two reads of a body, or two writes of an answer
  std::chrono::seconds idle_timeout{75};  // between two requests
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
