#include "protocol/pattern.h"

#include <algorithm>

#include "base/encoding.h"

namespace deputy::protocol {
namespace {

constexpr std::uint32_t kCodePoint = 0xFFFFFF;

std::uint32_t class_of(const Pattern& pattern, char32_t c) {
  const auto after =
      std::upper_bound(pattern.ranges.begin(), pattern.ranges.end(), static_cast<std::uint32_t>(c),
                       [](std::uint32_t code, std::uint32_t range) { return code < (range & kCodePoint); });
  return after[-1] >> 24;  // INVARIANT: the first range begins at or below U+0080 (PatternTest.EveryPatternOfTheModels)
}

}  // namespace

bool Pattern::matches(std::string_view utf8) const {
  std::uint32_t state = 1;
  while (!utf8.empty()) {
    const auto byte = static_cast<unsigned char>(utf8.front());
    std::uint32_t c = 0;
    if (byte < 0x80) {
      c = ascii[byte];
      utf8.remove_prefix(1);
    } else {
      c = class_of(*this, next_code_point(utf8));
    }
    state = next[state * classes + c];
    if (state == 0) return false;
  }
  return accepts[state] != 0;
}

}  // namespace deputy::protocol
