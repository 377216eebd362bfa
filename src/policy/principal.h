// Whether a principal element matches the caller, and how. [P-2 to P-15] Internal to this room.
#pragma once

#include "policy/compiled_form.h"

namespace deputy::policy {

/// Who the statement is read for: in a Deny or a filter policy any kind of match counts, "*" even for services. [P-2,
/// P-13]
enum class Reading : std::uint8_t { kGrant, kAny };

/// The strongest match of the statement's Principal.
Match match_principal(const CompiledStatement& statement, const Principal& caller, Reading reading);

/// Whether NotPrincipal exempts the caller. [P-14, P-15]
bool is_exempt(const CompiledStatement& statement, const Principal& caller, bool has_boundary);

}  // namespace deputy::policy
