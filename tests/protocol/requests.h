// Requests for the tests of this room, made from a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace deputy::protocol {

/// "GET /path?query" with headers and a body; the views live as long as the arguments.
inline http::Request request(std::string_view line, std::vector<http::Header> headers = {},
                             std::string_view body = {}) {
  http::Request out;
  out.method = line.substr(0, line.find(' '));
  out.target = line.substr(out.method.size() + 1);
  out.headers = std::move(headers);
  out.body = body;
  return out;
}

/// The value of a response's header; "-" if it has none.
inline std::string header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (equals_ignoring_case(key, name)) return value;
  }
  return "-";
}

}  // namespace deputy::protocol
