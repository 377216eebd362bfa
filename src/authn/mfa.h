// Codes of virtual MFA devices: which are right, which are used up, and how often somebody may guess.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html, RFC 6238
//
//   const CodeCheck check = check_code(vault, device, in.token_code, now);
//   if (check.after) changes.update(*check.after);    // accepted or not: write it, or it happened to nobody
//   if (!check.accepted) …
//
// A code is good for its period of 30 s and the one before and after it, by our clock and by the device's clock as it
// was when the device was last synchronized. It is good once: the period of an accepted code is remembered in the
// device, and no code of that period or an earlier one is accepted again. The device is written under the guard of its
// revision, so this holds for all threads, after a restart, and on every node that shares the store.
//
// Guessing: five wrong codes in a row lock the device for a minute, each further one for twice as long, up to an hour.
// While it is locked no code is accepted, the right one neither, and nothing is counted. A right code ends the count. A
// code that was right but is used up is refused and not counted: a client that repeats itself is not guessing.
// That leaves 24 guesses a day, each with three right codes in a million: forty years on average.
//
// INVARIANT: what is accepted is in `after` (MfaTest.AnAcceptedCodeIsWrittenDown).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "crypto/vault.h"
#include "directory/entities.h"

namespace deputy::authn {

/// Periods to either side of the present whose codes are accepted.
inline constexpr std::int64_t kMfaWindow = 1;
/// Periods to either side among which two consecutive codes are looked for: a clock may be off by half an hour.
inline constexpr std::int64_t kMfaSyncWindow = 60;
inline constexpr std::uint32_t kMfaFreeFailures = 4;  // the next one locks
inline constexpr std::chrono::minutes kMfaFirstLock{1}, kMfaLongestLock{60};

struct CodeCheck {
  bool accepted = false;
  std::optional<directory::MfaDevice> after;  // the device to be written; nothing: nothing to remember
};

/// One code, as of GetSessionToken and AssumeRole.
CodeCheck check_code(const crypto::Vault& vault, const directory::MfaDevice& device, std::string_view code, Time now);

/// Two codes of consecutive periods, as of EnableMFADevice and ResyncMFADevice. Both are used up if they are right, and
/// the device's clock is known from then on.
CodeCheck check_codes(const crypto::Vault& vault, const directory::MfaDevice& device, std::string_view first,
                      std::string_view second, Time now);

/// A seed of 40 random bytes: 64 characters of base32, as long as AWS's.
std::string make_mfa_seed(crypto::Entropy& entropy);
/// For the directory. `device` has its account, path and name: a seed cannot be moved to another device.
std::string seal_mfa_seed(const crypto::Vault& vault, crypto::Entropy& entropy, const directory::MfaDevice& device,
                          std::string_view seed);

}  // namespace deputy::authn
