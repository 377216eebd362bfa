// The session tokens of IMDSv2: each says until when it is good, and proves that this endpoint made it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace deputy::workload {

inline constexpr std::chrono::seconds kLongestTokenLife{21600};

/// The value of X-aws-ec2-metadata-token-ttl-seconds: decimal digits, 1 to 21600. Nothing otherwise.
std::optional<std::chrono::seconds> parse_ttl(std::string_view text);

/// Thread-safe. Tokens of an endpoint that ended are no tokens any more.
class ImdsTokens {
 public:
  explicit ImdsTokens(crypto::Entropy& entropy) : entropy_(entropy), key_(entropy.bytes(32)) {}

  [[nodiscard]] std::string issue(Time now, std::chrono::seconds life) const;
  /// How long it is still good; nothing if it ended, or was never issued here.
  [[nodiscard]] std::optional<std::chrono::seconds> remaining(std::string_view token, Time now) const;

 private:
  [[nodiscard]] std::string prove(std::string_view body) const;

  crypto::Entropy& entropy_;
  const crypto::HmacKey key_;
};

}  // namespace deputy::workload
