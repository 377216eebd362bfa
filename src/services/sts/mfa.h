// SerialNumber and TokenCode of GetSessionToken and AssumeRole. docs/policy-evaluation.md, K-3; docs/wire.md, 6.3.
#pragma once

#include <optional>
#include <string>

#include "services/operation.h"

namespace deputy::sts {

/// What the code is worth. The device must be the caller's own: users have devices, and a session that GetSessionToken
/// made is its user; role sessions have none. The code is used up, or counted as a wrong one, whatever follows
/// (authn/mfa.h). Refusals: AccessDenied; a device that is not the caller's, and one that does not exist, alike.
services::Proof prove_mfa(const services::At& at, const std::optional<std::string>& serial_number,
                          const std::optional<std::string>& token_code);

}  // namespace deputy::sts
