// The store that forgets: everything in one std::map, gone with the process. For tests, and for
// the reader who wants to know what a store is: what it does, every other store does, only durably.
#pragma once

#include <memory>

#include "store/limits.h"
#include "store/store.h"

namespace deputy::store {

/// `history`: how many past revisions watch can still tell.
std::unique_ptr<Store> open_memory(Revision history = kHistory);

}  // namespace deputy::store
