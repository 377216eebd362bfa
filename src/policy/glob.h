// Wildcard patterns: `*` matches any run of characters, `?` exactly one. [M-1]
//
// A pattern is kept as the pieces between its stars. Matching compares the first piece with the front of the text and
// the last with its end, and finds the others from left to right; the leftmost place is always good enough, because a
// star follows. Finding a piece costs at most a constant number of steps a byte (GlobTest.StepsAreLinear), and one more
// for each 64 characters of a piece with `?`. How many globs a decision matches has its bound in work.h: who counts has
// `add(steps)` and `spent()`, and once that is true no answer means anything.
//
// Text is UTF-8 and `?` stands for one character, not one byte.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "policy/text.h"

namespace deputy::policy {

/// Where in a long piece with `?` each byte may stand: a row of bits for each byte that occurs.
struct PieceBits {
  std::size_t words = 0;                   // of 64 characters of the piece each
  std::array<std::uint16_t, 256> rows{};   // the row of a byte; row 0, of bytes that do not occur, holds the `?` alone
  const std::uint64_t* masks = nullptr;    // row after row, the `?` in all of them
  const std::uint64_t* literal = nullptr;  // the same without the `?`
};

/// What stands between two stars; not empty.
struct Piece {
  const char* text = nullptr;
  std::uint32_t length = 0;
  const std::uint8_t* any = nullptr;  // 1 where `?` stands in `text`; null: nowhere
  const PieceBits* bits = nullptr;    // of a piece with `?` that is longer than a machine word
  [[nodiscard]] bool is_any(std::size_t i) const { return any != nullptr && any[i] != 0; }
};

struct Glob {
  const Piece* pieces = nullptr;
  std::uint32_t count = 0;
  bool open_front = false;  // begins with a star
  bool open_back = false;   // ends with one
};

/// Why a pattern did not match: at its front, or behind its first star, in which case no later start can match either.
enum class Fit : std::uint8_t { kYes, kNotFront, kNotRest };

/// Counts nothing and never ends: for whoever has a bound of his own. A decision passes its Work.
struct NoCount {
  static void add(std::size_t) {}
  static bool spent() { return false; }
};

namespace glob_detail {

inline constexpr std::size_t kNowhere = std::string_view::npos;
/// No document that AWS takes holds a longer piece; one that an embedder lets in is searched byte by byte.
inline constexpr std::size_t kMostWords = 131072 / 64;

/// What a search or comparison by the C library costs in steps: the call, and sixteen bytes at a time.
inline std::size_t steps_of_library(std::size_t bytes) { return 2 + bytes / 16; }

/// Where the piece ends if it stands at `at`.
template <class Count>
std::size_t match_at(const Piece& piece, std::string_view text, std::size_t at, Count& count) {
  if (piece.any == nullptr) {
    count.add(steps_of_library(piece.length));
    if (text.size() - at < piece.length || std::memcmp(text.data() + at, piece.text, piece.length) != 0)
      return kNowhere;
    return at + piece.length;
  }
  for (std::size_t i = 0; i < piece.length; ++i) {
    count.add(1);
    if (at >= text.size()) return kNowhere;
    if (piece.any[i] != 0) {
      at += character_length(text, at);
    } else if (text[at++] != piece.text[i]) {
      return kNowhere;
    }
  }
  return at;
}

/// Where the piece starts if it ends at the end of the text.
template <class Count>
std::size_t match_back(const Piece& piece, std::string_view text, std::size_t from, Count& count) {
  std::size_t at = text.size();
  if (piece.any == nullptr) {
    if (at - from < piece.length) return kNowhere;
    return match_at(piece, text, at - piece.length, count) == kNowhere ? kNowhere : at - piece.length;
  }
  for (std::size_t i = piece.length; i-- > 0;) {
    count.add(1);
    if (at <= from) return kNowhere;
    --at;
    if (piece.any[i] != 0) {
      std::size_t start = at;
      while (start > from && at - start < 3 && (static_cast<std::uint8_t>(text[start]) & 0xC0U) == 0x80U) --start;
      if (start + character_length(text, start) == at + 1) at = start;
    } else if (text[at] != piece.text[i]) {
      return kNowhere;
    }
  }
  return at;
}

/// Shift-And: bit i of `state` says that the piece's first i + 1 characters end here. One step a byte, whatever the
/// piece.
template <class Count>
std::size_t find_in_bits(const Piece& piece, std::string_view text, std::size_t from, Count& count) {
  std::array<std::uint64_t, 256> here{};
  count.add(here.size() / 4 + piece.length);
  std::uint64_t any = 0;
  for (std::size_t i = 0; i < piece.length; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    if (piece.is_any(i)) {
      any |= bit;
    } else {
      here[static_cast<std::uint8_t>(piece.text[i])] |= bit;
    }
  }
  const std::uint64_t done = std::uint64_t{1} << (piece.length - 1);
  std::uint64_t state = 0;
  for (std::size_t at = from; at < text.size();) {
    // A `?` takes a whole character at its first byte; its other bytes pass only under literal bytes of the piece.
    const std::size_t length = character_length(text, at);
    std::uint64_t next = (state << 1U | 1U) & here[static_cast<std::uint8_t>(text[at])];
    const std::uint64_t took_character = (state << 1U | 1U) & any;
    for (std::size_t i = 1; i < length; ++i) next = next << 1U & here[static_cast<std::uint8_t>(text[at + i])];
    state = next | took_character;
    at += length;
    if ((state & done) == 0) continue;
    count.add(at - from);
    return at;
  }
  count.add(text.size() - from);
  return kNowhere;
}

/// The same for a piece of many words: so many steps a byte. Its own frame: no other search needs that much stack.
template <class Count>
[[gnu::noinline]] std::size_t find_in_words(const Piece& piece, std::string_view text, std::size_t from, Count& count) {
  const PieceBits& bits = *piece.bits;
  const std::size_t words = bits.words;
  std::array<std::uint64_t, kMostWords> state;  // the first `words` are used
  std::array<std::uint64_t, kMostWords> took_character;
  std::fill_n(state.begin(), words, 0);
  const std::size_t last = (piece.length - 1) / 64;
  const std::uint64_t done = std::uint64_t{1} << (piece.length - 1) % 64;
  // One byte on: each bit of the state moves up, `carry` comes in at the bottom.
  const auto step = [&](std::uint64_t carry, char byte, const std::uint64_t* masks) {
    count.add(words);
    const std::uint64_t* row = masks + bits.rows[static_cast<std::uint8_t>(byte)] * words;
    for (std::size_t w = 0; w < words; ++w) {
      const std::uint64_t moved = state[w] << 1U | carry;
      carry = state[w] >> 63U;
      state[w] = moved & row[w];
    }
  };
  for (std::size_t at = from; at < text.size() && !count.spent();) {
    const std::size_t length = character_length(text, at);
    if (length == 1) {
      step(1, text[at], bits.masks);
    } else {
      // A `?` takes the whole character at its first byte; its other bytes pass only under literal bytes of the piece.
      count.add(words);
      std::uint64_t carry = 1;
      for (std::size_t w = 0; w < words; ++w) {
        took_character[w] = (state[w] << 1U | carry) & bits.masks[w];  // row 0: the `?` alone
        carry = state[w] >> 63U;
      }
      step(1, text[at], bits.literal);
      for (std::size_t i = 1; i < length; ++i) step(0, text[at + i], bits.literal);
      for (std::size_t w = 0; w < words; ++w) state[w] |= took_character[w];
    }
    at += length;
    if ((state[last] & done) != 0) return at;
  }
  return kNowhere;
}

/// Where the leftmost occurrence at or after `from` ends.
template <class Count>
std::size_t find(const Piece& piece, std::string_view text, std::size_t from, Count& count) {
  constexpr std::size_t kBits = 64;
  constexpr std::size_t kShort = 4;  // so few steps a byte are fine as they are
  if (piece.any == nullptr) {
    // Nearly always the first byte tells: try that, but never for more than a few steps a byte.
    std::size_t budget = 2 * (text.size() - from) + kBits;
    while (text.size() - from >= piece.length) {
      const void* hit = std::memchr(text.data() + from, piece.text[0], text.size() - from - piece.length + 1);
      if (hit == nullptr) {
        count.add(steps_of_library(text.size() - from));
        return kNowhere;
      }
      const auto start = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
      count.add(steps_of_library(start - from));
      if (const std::size_t end = match_at(piece, text, start, count); end != kNowhere) return end;
      from = start + 1;
      if (budget < piece.length) break;
      budget -= piece.length;
    }
    if (text.size() - from < piece.length) return kNowhere;
    if (piece.length > kBits) {
      // Needles over 256 bytes are searched by the two-way algorithm; glibc may compare shorter ones at every byte.
      count.add((text.size() - from) * (1 + std::min<std::size_t>(piece.length, 256) / 32));
      const void* hit = memmem(text.data() + from, text.size() - from, piece.text, piece.length);
      if (hit == nullptr) return kNowhere;
      return static_cast<std::size_t>(static_cast<const char*>(hit) - text.data()) + piece.length;
    }
  }
  if (piece.bits != nullptr) return find_in_words(piece, text, from, count);
  if (piece.length > kShort && piece.length <= kBits) return find_in_bits(piece, text, from, count);
  for (std::size_t at = from; at < text.size() && !count.spent(); at += character_length(text, at)) {
    if (const std::size_t end = match_at(piece, text, at, count); end != kNowhere) return end;
  }
  return kNowhere;
}

}  // namespace glob_detail

template <class Count>
Fit match(const Glob& glob, std::string_view text, Count& count) {
  using namespace glob_detail;
  if (count.spent()) return Fit::kNotRest;
  if (glob.count == 0) return glob.open_front || text.empty() ? Fit::kYes : Fit::kNotFront;
  std::size_t at = 0;
  const Piece* piece = glob.pieces;
  const Piece* end = glob.pieces + glob.count;
  if (!glob.open_front) {
    at = match_at(*piece++, text, 0, count);
    if (at == kNowhere) return Fit::kNotFront;
    if (piece == end && !glob.open_back) return at == text.size() ? Fit::kYes : Fit::kNotFront;
  }
  if (!glob.open_back && piece != end) {
    const std::size_t start = match_back(*--end, text, at, count);
    if (start == kNowhere) return Fit::kNotRest;
    text = text.substr(0, start);
  }
  for (; piece != end; ++piece) {
    at = find(*piece, text, at, count);
    if (at == kNowhere) return Fit::kNotRest;
  }
  return Fit::kYes;
}

template <class Count>
bool matches(const Glob& glob, std::string_view text, Count& count) {
  return match(glob, text, count) == Fit::kYes;
}
inline bool matches(const Glob& glob, std::string_view text) {
  NoCount none;
  return matches(glob, text, none);
}

}  // namespace deputy::policy
