#include "protocol/excerpt.h"

#include <algorithm>

namespace deputy::protocol {
namespace {

/// The most bytes that any dialect writes for one: "\u0001" of a control, "&quot;" of a quotation mark. What is no
/// UTF-8 becomes a replacement character.
std::size_t cost_of(char c) {
  const auto byte = static_cast<unsigned char>(c);
  const bool plain =
      (byte >= 0x20 && byte < 0x7f && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'' && c != '\\');
  return plain ? 1 : byte < 0x80 ? 6 : 3;
}

std::string_view whole_characters(std::string_view text, std::size_t size) {
  if (size >= text.size()) return text;
  std::size_t end = size;
  while (end > 0 && size - end < 3 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

std::string_view Allowance::take(std::string_view text) {
  const std::size_t most = std::min(each_, left_);
  std::size_t cost = 0, end = 0;
  while (end < text.size() && cost + cost_of(text[end]) <= most) cost += cost_of(text[end++]);
  left_ -= cost;
  return whole_characters(text, end);
}

std::string excerpt(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  return std::string(whole_characters(text, most)) + "...";
}

}  // namespace deputy::protocol
