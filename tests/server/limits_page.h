// The table of limits in docs/security.md, compared with the constants of the code.
//
//   | input | limit | where |
//   | the head of a request | 16 KiB | `http::Limits::head` in `src/http/limits.h` |
//   | headers; one of them  | 128; 8 KiB | `http::Limits::headers` and `http::Limits::header` in `src/http/limits.h` |
//
// or, of a shape,   | 64 characters | `emailType` in `models/admin.json` |
//
// The words are free. The figures of the second column stand in the order of the constants of the third; what is in
// parentheses is explanation. Units: bytes, KB, MB, GB, KiB, MiB, GiB; ms, s, minutes, hours, days; with any other
// word, or none, it is a number of things. 1970-01-01 is a day. A constant may be a member: `ns::kShares.waiting`.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace deputy::server {

struct Figure {
  enum class Kind : std::uint8_t { kCount, kBytes, kMilliseconds, kDays };
  Kind kind;
  std::uint64_t value;  // of a day: since 1970-01-01
  bool operator==(const Figure&) const = default;
};

/// A constant as the page names it, without `deputy::`.
struct Limit {
  std::string_view name;
  Figure figure;
};

inline Limit count(std::string_view name, std::uint64_t value) { return {name, {Figure::Kind::kCount, value}}; }
inline Limit bytes(std::string_view name, std::uint64_t value) { return {name, {Figure::Kind::kBytes, value}}; }
inline Limit time(std::string_view name, std::chrono::milliseconds value) {
  return {name, {Figure::Kind::kMilliseconds, static_cast<std::uint64_t>(value.count())}};
}
inline Limit day(std::string_view name, Time value) {
  const auto days = std::chrono::floor<std::chrono::days>(value).time_since_epoch().count();
  return {name, {Figure::Kind::kDays, static_cast<std::uint64_t>(days)}};
}

/// The figures of a cell: "16 KiB", "64; 8 of one account", "1970-01-01 to 9999-12-31".
std::vector<Figure> figures(std::string_view cell);

/// What is wrong between the page and the constants, a sentence each: a row without a constant, a constant that is not
/// in `limits` or not in the page or not in the header that the row names, a figure that differs.
std::vector<std::string> disagreements(std::string_view page, const std::vector<Limit>& limits,
                                       const std::string& root);

}  // namespace deputy::server
