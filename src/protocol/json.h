// Bodies of JSON services (docs/wire.md, 1.2). Members are found by their wire names; unknown ones are ignored, as AWS
// does.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "protocol/limits.h"
#include "protocol/operation.h"

namespace deputy::protocol {

/// Whether a body is JSON at all, within those limits. Error: SerializationException.
Result<void> check_json(std::string_view body);

/// Fills `input` from a JSON object; an empty body counts as one without members. Limits: `largest`, kDeepestJson,
/// kMostElements (limits.h).
/// Errors: SerializationException, ValidationException; of Organizations InvalidInputException instead of the latter.
Result<void> decode_json(const Operation& operation, std::string_view body, void* input,
                         std::size_t largest = kLargestJson);

}  // namespace deputy::protocol
