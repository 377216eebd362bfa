// HTTP/1.1 messages as the rest of Deputy sees them (RFC 9110, RFC 9112). No Asio, no Beast in this header.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.h"

namespace deputy::http {

/// In wire order, names as sent, values without surrounding white space. Repeats stay separate: SigV4 joins them.
struct Header {
  std::string_view name;
  std::string_view value;
};

/// One complete request. All views point into the connection's buffers and live until its Responder was called.
struct Request {
  std::string_view method;
  std::string_view target;  // as sent: path and query, percent escapes untouched
  std::vector<Header> headers;
  std::string_view body;                        // transfer coding removed; content coding (aws-chunked) not
  bool body_follows = false;                    // `body` is empty: it comes by Responder::receive
  std::optional<std::uint64_t> body_size = {};  // of one that follows; nothing: its end will tell
  std::string_view remote_address;              // "127.0.0.1" or "::1", without port
  bool secure = false;                          // came over TLS; then:
  std::string_view tls_version;                 // "TLSv1.3"
  std::string_view tls_cipher;                  // "TLS_AES_256_GCM_SHA384"

  /// The part of the target before the first '?'.
  [[nodiscard]] std::string_view path() const { return target.substr(0, target.find('?')); }
  /// The part after the first '?'; empty if there is none.
  [[nodiscard]] std::string_view query() const {
    const std::size_t mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  }
  /// The first header of that name, ignoring case; null if there is none.
  [[nodiscard]] const std::string_view* header(std::string_view name) const {
    for (const Header& h : headers) {
      if (equals_ignoring_case(h.name, name)) return &h.value;
    }
    return nullptr;
  }
};

/// Bytes of an answer that are not in memory. Read on the event loop of their connection, from the first to the last.
class Source {
 public:
  virtual ~Source() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;

  /// What lies in one file from `offset` on, to be sent without a copy. Descriptor -1: use read().
  struct Stretch {
    int descriptor = -1;
    std::uint64_t offset = 0;  // in the file
    std::uint64_t length = 0;
  };
  virtual Stretch stretch(std::uint64_t offset) = 0;
  /// Fills `into`, which does not reach beyond the end. False: the bytes cannot be had, and the connection ends.
  virtual bool read(std::uint64_t offset, std::span<char> into) = 0;
};

/// Takes a body as it comes. All on the event loop of its connection.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// The next bytes, transfer coding removed. False: these were taken, but no more for now (Responder::more).
  virtual bool take(std::string_view bytes) = 0;
  /// That was all of it.
  virtual void end() = 0;
  /// The rest will not come: the client went or was too slow, or what it sent is no body.
  enum class Broken : std::uint8_t { kGone, kSlow, kMalformed };
  virtual void broken(Broken why) = 0;
};

/// What goes back. The server adds Date, Connection and Content-Length (or none for 1xx, 204, 304), and leaves the body
/// away where the request was HEAD.
struct Response {
  int status = 200;
  std::vector<std::pair<std::string_view, std::string>> headers;  // names are string literals
  std::vector<std::pair<std::string, std::string>> named = {};    // … and those whose names are made
  std::string body;
  bool close = false;                   // close the connection after this answer
  std::shared_ptr<Source> source = {};  // set: this is the body, and `body` is empty
};

}  // namespace deputy::http
