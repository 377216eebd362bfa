#include "base/unique_id.h"

#include <algorithm>
#include <array>

namespace deputy {

std::optional<UniqueId> UniqueId::parse(std::string_view text) {
  constexpr std::array<std::string_view, 6> prefixes = {"AIDA", "AROA", "AGPA", "ANPA", "ANVA", "AIPA"};
  constexpr std::size_t shortest = 16, longest = 128;  // the model's bounds; ours have 21 characters
  if (text.size() < shortest || text.size() > longest) return std::nullopt;
  if (std::find(prefixes.begin(), prefixes.end(), text.substr(0, 4)) == prefixes.end()) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); })) {
    return std::nullopt;
  }
  return UniqueId(std::string(text));
}

}  // namespace deputy
