// What the operations that hand out temporary credentials share.
#pragma once

#include <optional>
#include <string>

#include "protocol/sts/shapes.h"
#include "services/operation.h"

namespace deputy::sts {

/// Seals the session and answers its credentials. Errors: PackedPolicyTooLarge.
Result<shapes::Credentials> issue(const services::At& at, directory::Session session);

/// PackedPolicySize of the answer; nothing without session policy or tags (docs/wire.md, 6.1).
std::optional<std::int32_t> packed_policy_size(const directory::Session& session);

}  // namespace deputy::sts
