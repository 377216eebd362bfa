// What an account that was deleted left behind in the store. Nobody sees it (a snapshot passes over what belongs to no
// account), but it would come back to life with the next account of the same id: users with working keys, too. So
// state/ deletes it before it serves, and again before an account is made.
//
//   for (const std::size_t i : leftovers(*snapshot, stored)) … delete stored[i] …
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "directory/snapshot.h"

namespace deputy::directory {

/// Which of `stored` (all that is stored, and what `snapshot` was made of) are nobody's: entities and buckets of
/// accounts that are not there, guards of access key ids and aliases that nobody has, last uses of what is gone.
std::vector<std::size_t> leftovers(const Snapshot& snapshot, std::span<const StoredChange> stored);

/// "account/<id>/", under which everything of an account but its buckets lies, if `key` is that of an account itself.
std::optional<std::string> prefix_of_account(std::string_view key);

}  // namespace deputy::directory
