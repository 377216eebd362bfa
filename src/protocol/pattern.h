// The regular expressions of the models, as deterministic automata: tools/generate compiles them, so that a check costs
// one table look-up a character, whatever the text, and nothing can backtrack.
//
// The expressions are Java's and must match the whole text. As in Java, a code point above U+FFFF written as \u10000 in
// a model is U+1000 and a '0': AWS shows the same oddity (docs/wire.md, section 4).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace deputy::protocol {

struct Pattern {
  std::string_view text;                     // as in the model: errors print it
  std::span<const std::uint8_t, 128> ascii;  // the class of each ASCII character
  std::span<const std::uint32_t> ranges;     // class << 24 | first code point, ascending; the last runs to U+10FFFF
  std::span<const std::uint16_t> next;       // [state * classes + class]; state 0 never accepts, 1 is the start
  std::span<const std::uint8_t> accepts;     // by state
  std::uint32_t classes;

  /// Whether the whole of `text`, which is well-formed UTF-8, matches.
  [[nodiscard]] bool matches(std::string_view utf8) const;
};

}  // namespace deputy::protocol
