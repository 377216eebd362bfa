// The limits of store.h, checked the same way by every store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/store.h"

namespace deputy::store {

/// How many past revisions an embedded store keeps for watch; older ones are kCompacted.
inline constexpr std::uint64_t kHistory = 1024;

/// kTooLarge, with the limit in the message.
Result<void> check(const Commit& commit);

/// Keys and values together, what kMaxCommitBytes bounds.
std::size_t bytes(const Commit& commit);

/// The first key after all that start with `prefix`; empty: there is none, the prefix is open upwards.
std::string end_of_prefix(std::string_view prefix);

}  // namespace deputy::store
