#include "base/visible.h"

#include <algorithm>

#include "base/encoding.h"

namespace deputy {
namespace {

struct Span {
  char32_t first, last;
};
/// Sorted. Controls, and of Unicode's format characters and fillers all but the joiners and those that are drawn.
constexpr Span kHidden[] = {
    {0x0000, 0x001f},    // C0
    {0x007f, 0x009f},    // DEL, C1
    {0x00ad, 0x00ad},    // soft hyphen
    {0x034f, 0x034f},    // grapheme joiner
    {0x061c, 0x061c},    // Arabic letter mark
    {0x115f, 0x1160},    // Hangul fillers
    {0x17b4, 0x17b5},    // Khmer vowels that are not written
    {0x180b, 0x180f},    // Mongolian selectors and separator
    {0x200b, 0x200b},    // zero width space
    {0x200e, 0x200f},    // marks of direction
    {0x2028, 0x202e},    // separators of lines and paragraphs, embeddings, overrides
    {0x2060, 0x206f},    // word joiner, invisible operators, isolates
    {0x3164, 0x3164},    // Hangul filler
    {0xd800, 0xdfff},    // surrogates
    {0xfdd0, 0xfdef},    // noncharacters
    {0xfeff, 0xfeff},    // byte order mark
    {0xffa0, 0xffa0},    // half-width Hangul filler
    {0xfff0, 0xfffb},    // interlinear annotation
    {0xfffe, 0xffff},    // noncharacters
    {0x1bca0, 0x1bca3},  // shorthand controls
    {0x1d173, 0x1d17a},  // musical controls
    {0xe0000, 0xe0fff},  // tags, selectors
};

bool is_plain(char c) { return c >= 0x20 && c < 0x7f; }  // of ASCII, and seen

/// The next character: its bytes and whether it can be shown. Takes it off `rest`.
struct Character {
  std::string_view bytes;
  char32_t point;
  bool valid;  // UTF-8
};
Character take(std::string_view& rest) {
  const std::string_view before = rest;
  const char32_t point = next_code_point(rest);
  const std::string_view bytes = before.substr(0, before.size() - rest.size());
  return {bytes, point, point != 0xfffd || bytes.size() == 3};
}

}  // namespace

bool is_hidden(char32_t c) {
  if ((c & 0xfffe) == 0xfffe) return true;  // the last two of each plane
  const auto* const span = std::ranges::lower_bound(kHidden, c, {}, &Span::last);
  return span != std::end(kHidden) && span->first <= c;
}

bool has_hidden(std::string_view text) {
  if (std::ranges::all_of(text, is_plain)) return false;
  while (!text.empty()) {
    const Character c = take(text);
    if (!c.valid || is_hidden(c.point)) return true;
  }
  return false;
}

std::string_view cut(std::string_view text, std::size_t at_most) {
  if (text.size() <= at_most) return text;
  std::size_t end = at_most;
  const std::size_t least = at_most < 4 ? 0 : at_most - 4;  // a run that long is no UTF-8: it has no boundary
  while (end > least && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;
  return text.substr(0, end);
}

std::string visible(std::string_view text, std::size_t at_most) {
  constexpr std::string_view kCut = "…";
  if (text.size() <= at_most && std::ranges::all_of(text, is_plain)) return std::string(text);
  std::string out;
  out.reserve(std::min(text.size(), at_most));
  std::size_t fits = 0;  // of `out`, with the mark behind it
  while (!text.empty()) {
    const Character c = take(text);
    const std::string_view next = c.valid && !is_hidden(c.point) ? c.bytes : "?";
    if (out.size() + next.size() > at_most) {
      out.resize(fits);
      if (out.size() + kCut.size() <= at_most) out += kCut;
      return out;
    }
    out += next;
    if (out.size() + kCut.size() <= at_most) fits = out.size();
  }
  return out;
}

std::string visible_json(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    const Character c = take(json);
    if (!c.valid) {
      out += "\\ufffd";
    } else if (!is_hidden(c.point) || c.point == '\n') {
      out += c.bytes;
    } else if (c.point == '\t' || c.point == '\r') {
      out += ' ';  // JSON has them between values only
    } else {
      append_json_escape(out, c.point);
    }
  }
  return out;
}

}  // namespace deputy
