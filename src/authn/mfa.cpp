#include "authn/mfa.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "authn/totp.h"
#include "crypto/secret.h"

namespace deputy::authn {

using directory::MfaDevice;

namespace {

constexpr std::size_t kSeedBytes = 40;

std::string purpose(const MfaDevice& device) { return "mfa-seed/" + device.arn(); }

std::optional<crypto::Secret> seed_of(const crypto::Vault& vault, const MfaDevice& device) {
  std::optional<std::string> seed = vault.unseal(device.sealed_seed, purpose(device));
  if (!seed) return std::nullopt;
  return crypto::Secret(std::move(*seed));
}

/// What a code, or a pair of them, turned out to be.
struct Match {
  std::optional<std::int64_t> fresh;  // the period of the (last) code
  bool used = false;                  // it is the code of a period that is over
};

/// Every period is tried whatever came before, so that the time it takes does not tell where a code matched. Those up
/// to `spent` are over.
template <class Matches>
void look(Match& match, std::int64_t from, std::int64_t to, std::int64_t spent, Matches matches) {
  for (std::int64_t period = std::max<std::int64_t>(from, 0); period <= to; ++period) {
    if (!matches(period)) continue;
    if (period <= spent) {
      match.used = true;
    } else if (!match.fresh) {
      match.fresh = period;
    }
  }
}

CodeCheck accepted(MfaDevice device, std::int64_t period) {
  device.last_step = static_cast<std::uint32_t>(period);
  device.failures = 0;
  device.locked_until = {};
  return {.accepted = true, .after = std::move(device)};
}

CodeCheck wrong(MfaDevice device, Time now) {
  device.failures = std::min(device.failures + 1, 1000U);
  if (device.failures > kMfaFreeFailures) {
    const std::uint32_t doublings = std::min(device.failures - kMfaFreeFailures - 1, 10U);
    device.locked_until = now + std::min(kMfaFirstLock * (1 << doublings), kMfaLongestLock);
  }
  return {.accepted = false, .after = std::move(device)};
}

CodeCheck judge(const MfaDevice& device, const Match& match, Time now) {
  if (match.fresh) return accepted(device, *match.fresh);
  if (match.used) return {};
  return wrong(device, now);
}

}  // namespace

CodeCheck check_code(const crypto::Vault& vault, const MfaDevice& device, std::string_view code, Time now) {
  const auto seed = seed_of(vault, device);
  if (!seed || now < device.locked_until) return {};
  const auto matches = [&](std::int64_t period) {
    return crypto::constant_time_equal(hotp(seed->reveal(), static_cast<std::uint64_t>(period)), code);
  };
  const std::int64_t ours = totp_period(now), theirs = ours + device.drift;
  Match match;
  look(match, ours - kMfaWindow, ours + kMfaWindow, device.last_step, matches);
  if (device.drift != 0) look(match, theirs - kMfaWindow, theirs + kMfaWindow, device.last_step, matches);
  return judge(device, match, now);
}

CodeCheck check_codes(const crypto::Vault& vault, const MfaDevice& device, std::string_view first,
                      std::string_view second, Time now) {
  const auto seed = seed_of(vault, device);
  if (!seed || now < device.locked_until) return {};
  const std::int64_t ours = totp_period(now);
  std::string before;  // the code of the period before the one that is looked at
  const auto matches = [&](std::int64_t period) {
    const auto counter = static_cast<std::uint64_t>(period);
    if (before.empty()) before = hotp(seed->reveal(), counter - 1);
    std::string now_shown = hotp(seed->reveal(), counter);
    // Both are compared, whatever the first one says.
    const bool first_fits = crypto::constant_time_equal(before, first);
    const bool second_fits = crypto::constant_time_equal(now_shown, second);
    before = std::move(now_shown);
    return first_fits && second_fits;
  };
  Match match;
  const std::int64_t spent = std::int64_t{device.last_step} + 1;  // the first of the two must be fresh as well
  look(match, std::max<std::int64_t>(ours - kMfaSyncWindow, 1), ours + kMfaSyncWindow, spent, matches);
  CodeCheck check = judge(device, match, now);
  if (check.accepted) {
    const auto ahead = static_cast<std::int32_t>(*match.fresh - ours);
    check.after->drift = std::abs(ahead) > kMfaWindow ? ahead : 0;
  }
  return check;
}

std::string make_mfa_seed(crypto::Entropy& entropy) { return entropy.bytes(kSeedBytes); }

std::string seal_mfa_seed(const crypto::Vault& vault, crypto::Entropy& entropy, const MfaDevice& device,
                          std::string_view seed) {
  return vault.seal(entropy, seed, purpose(device));
}

}  // namespace deputy::authn
