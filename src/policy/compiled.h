// A policy as it runs: flat, immutable, shared by every decision; made once when a document enters the directory.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "policy/document.h"

namespace deputy::policy {

class CompiledPolicy;
using CompiledPolicyPtr = std::shared_ptr<const CompiledPolicy>;

/// Fails for whatever the engine does not understand: a Deny that is not understood must not be passed over.
Result<CompiledPolicyPtr, Problem> compile(const Document& document, Kind kind);
/// parse, validate and compile in one.
Result<CompiledPolicyPtr, Problem> compile(std::string_view json, Kind kind);

}  // namespace deputy::policy
