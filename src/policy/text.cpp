#include "policy/text.h"

namespace deputy::policy {
namespace {

// À..Þ are C3 80..C3 9E in UTF-8, and à..þ C3 A0..C3 BE; × (97) and ÷ (B7) are no letters.
std::uint8_t folded(std::string_view text, std::size_t i) {
  const auto byte = static_cast<std::uint8_t>(lower(text[i]));
  const bool after_c3 = i > 0 && static_cast<std::uint8_t>(text[i - 1]) == 0xC3U;
  if (after_c3 && byte >= 0x80U && byte <= 0x9EU && byte != 0x97U) return byte + 0x20U;
  return byte;
}

}  // namespace

bool same_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && folded(a, i) != folded(b, i)) return false;
  }
  return true;
}

std::uint32_t hash_folded(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (std::size_t i = 0; i < text.size(); ++i) hash = (hash ^ folded(text, i)) * 16777619U;
  return hash;
}

std::string fold(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < text.size(); ++i) out[i] = static_cast<char>(folded(text, i));
  return out;
}

}  // namespace deputy::policy
