// Any generated Input or Output as the JSON of a CloudTrail event: lower camel case, secrets left out, times as
// CloudTrail writes them (docs/wire.md, section 10).
//
//   to_json(json, *AssumeRole::model.input, &input);    // "requestParameters"
#pragma once

#include <string>

#include "base/json_writer.h"
#include "base/time.h"
#include "protocol/operation.h"

namespace deputy::protocol {

/// An object as one JSON value: null if nothing in it is left to tell, as CloudTrail has it.
/// INVARIANT: no member that the model (or models/annotations.json) calls sensitive appears
/// (ToJsonTest.SecretsNeverAppear).
void to_json(JsonWriter& json, const Structure& type, const void* object);

/// "Jul 24, 2026, 11:11:12 AM"
std::string trail_time(Time time);

}  // namespace deputy::protocol
