// Parts of a server's answer, as JSON has them; empty or 0 where there is none.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace deputy::cli {

/// `place`: the name of a member, or a path of them that begins with a slash (RFC 6901).
inline auto part(const simdjson::dom::element& answer, std::string_view place) {
  return place.starts_with('/') ? answer.at_pointer(place) : answer[place];
}
inline std::string text(const simdjson::dom::element& answer, std::string_view place) {
  std::string_view value;
  return part(answer, place).get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}
inline std::int64_t number(const simdjson::dom::element& answer, std::string_view place) {
  std::int64_t value = 0;
  return part(answer, place).get(value) == simdjson::SUCCESS ? value : 0;
}

}  // namespace deputy::cli
