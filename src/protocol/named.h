// Which operation a request names, whoever sends it and whatever becomes of it: for the trail, which tells of requests
// that nobody looked at further. Cheap for any request; nothing but the name is read.
#pragma once

#include "http/message.h"
#include "protocol/route.h"

namespace deputy::protocol {

/// Bytes of a form in which the name is looked for: clients write it first.
inline constexpr std::size_t kNameWithin = 4096;

/// Null: none that there is.
const Operation* named_operation(const Destination& to, const http::Request& request);

}  // namespace deputy::protocol
