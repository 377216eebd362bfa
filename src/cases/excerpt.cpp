#include "cases/excerpt.h"

#include <algorithm>
#include <vector>

#include "base/encoding.h"
#include "base/visible.h"

namespace deputy::cases {
namespace {

constexpr std::size_t kMostShown = 100;  // characters of a line
constexpr std::size_t kBefore = 40;      // of them before the position, if the line is longer

/// One entry a character, each of which takes one column: what it looks like, and where it starts in the line.
struct Shown {
  std::string_view text;
  std::size_t offset;
};

std::vector<Shown> characters(std::string_view line) {
  std::vector<Shown> out;
  for (std::string_view rest = line; !rest.empty();) {
    const std::size_t offset = line.size() - rest.size();
    const char32_t c = next_code_point(rest);
    const std::string_view bytes = line.substr(offset, line.size() - rest.size() - offset);
    const bool is_none = c == 0xfffd && bytes.size() == 1;  // no UTF-8
    out.push_back({c == '\t' ? " " : is_none || is_hidden(c) ? "?" : bytes, offset});
  }
  return out;
}

/// Bytes of the JSON string that starts there, quotes included; 1 for everything else.
std::size_t extent(std::string_view rest) {
  if (rest.empty() || rest.front() != '"') return 1;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') return i + 1;
    if (rest[i] == '\\') ++i;
  }
  return rest.size();
}

}  // namespace

std::string excerpt(std::string_view source, const policy::Position& at) {
  const std::size_t offset = std::min<std::size_t>(at.offset, source.size());
  const std::size_t start = offset == 0 ? 0 : source.rfind('\n', offset - 1) + 1;  // npos + 1 is 0
  std::string_view line = source.substr(start, source.find('\n', offset) - start);
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::size_t column = offset - start;
  const std::size_t end = column + extent(line.substr(std::min(column, line.size())));

  const std::vector<Shown> all = characters(line);
  const auto position_of = [&](std::size_t byte) {
    return static_cast<std::size_t>(
        std::find_if(all.begin(), all.end(), [&](const Shown& s) { return s.offset >= byte; }) - all.begin());
  };
  const std::size_t caret = position_of(column);
  std::size_t first = 0;
  if (all.size() > kMostShown && caret > kBefore) first = std::min(caret - kBefore, all.size() - kMostShown);
  const std::size_t last = std::min(all.size(), first + kMostShown);

  const std::string number = std::to_string(at.line);
  const std::string gutter(std::max<std::size_t>(number.size(), 4), ' ');
  std::string out = gutter.substr(number.size()) + number + " | " + (first > 0 ? "…" : "");
  for (std::size_t i = first; i < last; ++i) out += all[i].text;
  out += last < all.size() ? "…\n" : "\n";
  out += gutter + " | " + std::string(caret - first + (first > 0 ? 1 : 0), ' ');
  const std::size_t covered = std::min(position_of(end), last);
  return out + std::string(std::max<std::size_t>(covered > caret ? covered - caret : 1, 1), '^') + "\n";
}

}  // namespace deputy::cases
