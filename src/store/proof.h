// That an entry is what was written there, and nothing that a disk, an editor or another server made of it: a keyed
// digest of its key, its revision and its value beside it. store/ keeps and compares; who opens it has the key.
#pragma once

#include <array>
#include <functional>
#include <string_view>

#include "store/store.h"

namespace deputy::store {

using Proof = std::array<char, 32>;

/// Thread-safe. Empty: nothing is proven, and every entry is believed (stores of tests).
using Prove = std::function<Proof(std::string_view key, Revision revision, std::string_view value)>;

/// What a data folder was found to hold, for whoever has to find the key that proves it.
struct Found {
  bool anything = false;  // something was ever written here
  bool proven = false;    // its entries carry proofs; those of a former format do not, and are believed once
  std::function<Result<std::vector<Entry>>(std::string_view prefix)> scan;  // without a look at proofs
};
/// Error: why the folder is not to be opened.
using Vouch = std::function<Result<Prove>(const Found&)>;

}  // namespace deputy::store
