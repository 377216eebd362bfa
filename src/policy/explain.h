// The sentence that says why a statement does not apply. Internal to this room; trace.h is the door.
#pragma once

#include <string>

#include "policy/match.h"
#include "policy/trace.h"

namespace deputy::policy {

/// Asks the elements of `statement` in the order of evaluation and describes the first that fails in `line`.
/// Returns how the principal matched; 0 if the statement does not apply.
std::uint8_t explain(const CompiledStatement& statement, bool is_filter, Question& question, Trace::Statement& line);

}  // namespace deputy::policy
