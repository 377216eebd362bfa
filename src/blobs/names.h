// Names of blobs: a letter that says in which form the bytes lie, and 32 random hex digits. Nothing that a client chose is
// in them, and none is given twice, so a name on a disk or at another store leads nowhere but to its bytes.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/encoding.h"
#include "crypto/random.h"

namespace deputy::blobs {

enum class Form : char {
  kPlain = 'p',   // the bytes themselves
  kSealed = 's',  // sealed under the vault (sealed.h)
};

inline constexpr std::size_t kNameBytes = 16;

inline std::string make_name(crypto::Entropy& entropy, Form form) {
  return static_cast<char>(form) + hex(entropy.bytes(kNameBytes));
}

inline bool is_name(std::string_view name) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return name.size() == 1 + 2 * kNameBytes && (name[0] == 'p' || name[0] == 's') &&
         std::all_of(name.begin() + 1, name.end(), is_digit);
}

inline bool is_sealed(std::string_view name) { return name.starts_with(static_cast<char>(Form::kSealed)); }

}  // namespace deputy::blobs
