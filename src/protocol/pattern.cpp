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
  // INVARIANT: the first range begins at or below U+0080 (PatternTableTest.EveryPatternOfTheModelsCoversAllCharacters)
  return after[-1] >> 24;
}

}  // namespace

bool Pattern::matches(std::string_view utf8) const {
  const std::uint8_t* const class_of_ascii = ascii.data();  // one look-up a character, and policies are long
  const std::uint16_t* const table = next.data();
  std::uint32_t state = 1;
  while (!utf8.empty()) {
    std::size_t i = 0;
    for (; i < utf8.size(); ++i) {
      const auto byte = static_cast<unsigned char>(utf8.data()[i]);
      if (byte >= 0x80) break;
      state = table[state * classes + class_of_ascii[byte]];
      if (state == 0) return false;
    }
    utf8.remove_prefix(i);
    if (utf8.empty()) break;
    state = table[state * classes + class_of(*this, next_code_point(utf8))];
    if (state == 0) return false;
  }
  return accepts[state] != 0;
}

}  // namespace deputy::protocol
