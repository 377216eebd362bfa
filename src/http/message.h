// HTTP/1.1 messages as the rest of Deputy sees them (RFC 9110, RFC 9112). No Asio, no Beast in this header.
#pragma once

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
  std::string_view body;            // transfer coding removed; content coding (aws-chunked) not
  std::string_view remote_address;  // "127.0.0.1" or "::1", without port
  bool secure = false;              // came over TLS; then:
  std::string_view tls_version;     // "TLSv1.3"
  std::string_view tls_cipher;      // "TLS_AES_256_GCM_SHA384"

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

/// What goes back. The server adds Date, Connection and Content-Length (or none for 1xx, 204, 304), and leaves the body
/// away where the request was HEAD.
struct Response {
  int status = 200;
  std::vector<std::pair<std::string_view, std::string>> headers;  // names are string literals
  std::string body;
  bool close = false;  // close the connection after this answer
};

}  // namespace deputy::http
