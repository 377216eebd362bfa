// MaxSigninSessionDuration: how long a session at AWS's console may last, of a role and of a login profile. It is kept and
// shown; sessions of the API never ask it.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "services/iam/errors.h"

namespace deputy::iam {

/// Absent where it was not set.
inline std::optional<std::int32_t> shown_signin_duration(std::uint32_t seconds) {
  if (seconds == 0) return std::nullopt;
  return static_cast<std::int32_t>(seconds);
}

/// Sets it, or takes it back. Error: InvalidInput (both at once).
inline Result<void> set_signin_duration(std::uint32_t& seconds, std::optional<std::int32_t> wanted,
                                        std::optional<bool> reset) {
  if (wanted && reset.value_or(false)) return errors::signin_duration_set_and_reset();
  if (wanted) seconds = static_cast<std::uint32_t>(*wanted);
  if (reset.value_or(false)) seconds = 0;
  return {};
}

}  // namespace deputy::iam
