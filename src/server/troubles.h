// What goes wrong in the server itself, as AWS's services say it.
#pragma once

#include "base/error.h"
#include "protocol/operation.h"
#include "store/store.h"

namespace deputy::server {

/// The disk is full, or the clock stands where no time can be kept: what is asked for can be asked for again.
Error unavailable(const protocol::Service& service);

/// Why what was decided is not on the disk. What the operator should know of it is logged.
Error not_written(const store::Error& why, const protocol::Service& service);

/// Too many of S3's callers want the same few threads.
Error slow_down();

}  // namespace deputy::server
