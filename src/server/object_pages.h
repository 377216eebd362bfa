// The store as the room objects/ reads it.
#pragma once

#include "objects/pages.h"
#include "state/state.h"

namespace deputy::server {

/// Reads from `state`, which has to outlive it.
objects::Read object_pages(const state::State& state);

}  // namespace deputy::server
