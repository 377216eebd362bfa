// Ranges of keys in the order of their bytes.
#pragma once

#include <string>
#include <string_view>

namespace deputy {

/// The first text after all that start with `prefix`; empty: there is none, the range is open upwards.
inline std::string end_of_prefix(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

}  // namespace deputy
