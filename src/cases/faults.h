// All faults of a policy document, where AWS tells the first: what is at fault is taken out or made good, and the rest looked
// at again.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deputy::cases {

/// The JSON text with the smallest part at `offset` replaced by blanks that can be missing without being missed: an element
/// of a list, a member of a condition, a Sid, at last the whole statement. Line ends stay, so that positions do. Nothing
/// if there is no such part, or if the text is no JSON.
std::optional<std::string> without_part_at(std::string_view text, std::size_t offset);

/// The text with the value of one member of a statement made good, and where that member stands.
struct Mended {
  std::string text;
  std::size_t begin = 0, end = 0;
};
/// Where nothing less than the statement can be missing, since what is at `offset` is all of its Effect, Action, Resource or
/// Principal: the text with another value there that is good in most policies; one for each such value that has room, so
/// that positions stay. Empty: none has, or less can be missing.
std::vector<Mended> mended_at(std::string_view text, std::size_t offset);

}  // namespace deputy::cases
