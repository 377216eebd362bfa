// One-time passwords: HOTP (RFC 4226) and TOTP (RFC 6238) with HMAC-SHA-1, as every authenticator app computes them.
//
//   hotp(seed, totp_period(now));    // "287082"
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace deputy::authn {

inline constexpr std::int64_t kTotpSeconds = 30;

/// The number of the period that `t` is in. The same for every device.
constexpr std::int64_t totp_period(Time t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count() / kTotpSeconds;
}

/// The password for a counter, with leading zeros. `digits`: 6 to 8.
std::string hotp(std::string_view key, std::uint64_t counter, unsigned digits = 6);

}  // namespace deputy::authn
