// The times that Deputy keeps: what lies outside can be computed with, but neither stored nor written in four digits of
// a year, so it is refused where it comes in (documents, clocks) and again before it would be stored.
#pragma once

#include "base/time.h"

namespace deputy {

/// 1970-01-01T00:00:00Z to the last millisecond of 9999, both included.
inline constexpr Time kFirstTime{};
inline constexpr Time kLastTime{std::chrono::milliseconds{253402300799999}};
constexpr bool can_be_kept(Time t) { return kFirstTime <= t && t <= kLastTime; }

/// Where a clock may stand, so that what is computed from it can be kept too: a day above the first time (a client's
/// clock may be behind), and below the year 6000, since the steps of one-time passwords (directory::MfaDevice) are
/// counted in 32 bits, which end in 6053.
inline constexpr Time kFirstPresent = kFirstTime + std::chrono::hours{24};
inline constexpr Time kLastPresent{std::chrono::sys_days{std::chrono::year{6000} / 1 / 1}};
constexpr bool can_be_present(Time t) { return kFirstPresent <= t && t <= kLastPresent; }

}  // namespace deputy
