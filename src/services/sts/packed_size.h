// PackedPolicySize: how much of the space in a session token the session policies and tags of a call take.
// AWS publishes no formula; this one meets what was measured there (docs/wire.md, 6.1).
#pragma once

#include <cstdint>

#include "directory/session.h"

namespace deputy::sts {

/// In percent, rounded down; over 100 the call is refused. 0 without session policies and tags.
std::int32_t packed_size_percent(const directory::Session& session);

}  // namespace deputy::sts
