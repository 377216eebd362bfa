// How much of a text of a stranger's goes into an answer. Internal to protocol/.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace deputy::protocol {

/// What the texts of one answer may have on the wire, escapes counted, whatever the dialect: one of them, and all.
class Allowance {
 public:
  Allowance(std::size_t each, std::size_t all) : each_(each), left_(all) {}

  /// The beginning of `text`, in whole characters, that is allowed; a text of ordinary length is returned as it is.
  /// Looks at no more of it than it returns.
  std::string_view take(std::string_view text);

 private:
  const std::size_t each_;
  std::size_t left_;
};

/// The beginning of `text` in at most `most` bytes and whole characters, and "..." if that is not all of it.
std::string excerpt(std::string_view text, std::size_t most);

}  // namespace deputy::protocol
