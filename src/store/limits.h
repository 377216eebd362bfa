// The limits of store.h, checked the same way by every store.
#pragma once

#include <cstddef>
#include <cstdint>
#include "store/store.h"

namespace deputy::store {

/// How many past revisions an embedded store keeps for watch; older ones are kCompacted.
inline constexpr std::uint64_t kHistory = 1024;

/// kTooLarge, with the limit in the message.
Result<void> check(const Commit& commit);

/// Keys and values together, what kMaxCommitBytes bounds.
std::size_t bytes(const Commit& commit);

}  // namespace deputy::store
