// Byte classes of the HTTP grammar (RFC 9110, 5.5 and 5.6.2).
#pragma once

#include <array>
#include <string_view>

namespace deputy::http {

inline constexpr std::array<bool, 256> kTokenBytes = [] {
  std::array<bool, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = table[c - 'a' + 'A'] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

/// A byte of a method or a header name.
constexpr bool is_token_byte(char c) { return kTokenBytes[static_cast<unsigned char>(c)]; }
/// A byte of a header value: no control but the tab.
constexpr bool is_value_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
}

}  // namespace deputy::http
