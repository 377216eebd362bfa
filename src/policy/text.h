// How policies compare text without regard to case: ASCII and the Latin letters up to U+00FF, the characters that a
// document may hold [L-14]; and the hashes over such text that the index uses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace deputy::policy {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// Where the first `*` or `?` stands, or with `variables` the first `$`; npos: nowhere.
inline std::size_t find_special(std::string_view text, bool variables) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '*' || c == '?' || (variables && c == '$')) return i;
  }
  return std::string_view::npos;
}

/// Equal but for the case of letters. [C-5, C-7]
bool same_ignoring_case(std::string_view a, std::string_view b);

/// The same text for all texts that are `same_ignoring_case`.
std::string fold(std::string_view text);

/// FNV-1a over the bytes, ASCII letters lower-cased: equal for texts that differ in the case of ASCII letters only.
constexpr std::uint32_t hash_ignoring_case(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(lower(c))) * 16777619U;
  return hash;
}

/// The same for all texts that are `same_ignoring_case`. FNV-1a.
std::uint32_t hash_folded(std::string_view text);

/// Bytes of the character that starts at `text[at]`; 1 for a byte that starts none.
inline std::size_t character_length(std::string_view text, std::size_t at) {
  const auto continues = [&](std::size_t i) {
    return i < text.size() && (static_cast<std::uint8_t>(text[i]) & 0xC0U) == 0x80U;
  };
  const auto lead = static_cast<std::uint8_t>(text[at]);
  if (lead < 0xC0U) return 1;
  const std::size_t length = lead < 0xE0U ? 2 : lead < 0xF0U ? 3 : 4;
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues(at + i)) return 1;
  }
  return length;
}

}  // namespace deputy::policy
