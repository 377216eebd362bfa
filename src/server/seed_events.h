// What an operator's seed changed, as the trail tells it: an event for each account, so that who looks for what happened
// in one finds it there.
#pragma once

#include "protocol/admin/apply_seed.h"
#include "server/rooms.h"

namespace deputy::server {

/// Nothing where nothing was written. Of the answer only the changes of that account; no key is in it.
void tell_seed(const Rooms& rooms, const admin::shapes::ApplySeed::Output& answer);

}  // namespace deputy::server
