// All faults of a policy document, where AWS tells the first: what is at fault is taken out, and the rest looked at again.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace deputy::cases {

/// The JSON text with the smallest part at `offset` replaced by blanks that can be missing without being missed: an element
/// of a list, a member of a condition, a Sid, at last the whole statement. Line ends stay, so that positions do. Nothing
/// if there is no such part, or if the text is no JSON.
std::optional<std::string> without_part_at(std::string_view text, std::size_t offset);

}  // namespace deputy::cases
