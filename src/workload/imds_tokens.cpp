// token = base64( end nonce proof )    end: 8 bytes, seconds since 1970, high first; nonce: 8 random bytes;
//                                      proof: 24 bytes of HMAC-SHA-256 over both. 40 bytes are 56 characters, as AWS's.
#include "workload/imds_tokens.h"

#include "base/encoding.h"
#include "crypto/secret.h"

namespace deputy::workload {
namespace {

constexpr std::size_t kEnd = 8, kNonce = 8, kProof = 24;

}  // namespace

std::optional<std::chrono::seconds> parse_ttl(std::string_view text) {
  if (text.empty() || text.size() > 5) return std::nullopt;
  std::int64_t seconds = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    seconds = seconds * 10 + (c - '0');
  }
  if (seconds < 1 || seconds > kLongestTokenLife.count()) return std::nullopt;
  return std::chrono::seconds(seconds);
}

std::string ImdsTokens::prove(std::string_view body) const {
  return std::string(key_.sign(body).view().substr(0, kProof));
}

std::string ImdsTokens::issue(Time now, std::chrono::seconds life) const {
  const auto end = static_cast<std::uint64_t>(epoch_seconds(now + life));
  std::string body;
  for (int shift = 56; shift >= 0; shift -= 8) body.push_back(static_cast<char>(end >> shift & 0xff));
  body += entropy_.bytes(kNonce);
  return base64(body + prove(body));
}

std::optional<std::chrono::seconds> ImdsTokens::remaining(std::string_view token, Time now) const {
  if (token.size() != 56) return std::nullopt;
  const auto bytes = unbase64(token);
  if (!bytes || bytes->size() != kEnd + kNonce + kProof) return std::nullopt;
  const std::string_view body = std::string_view(*bytes).substr(0, kEnd + kNonce);
  if (!crypto::constant_time_equal(prove(body), std::string_view(*bytes).substr(body.size()))) return std::nullopt;
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < kEnd; ++i) end = end << 8 | static_cast<unsigned char>(body[i]);
  const auto left = static_cast<std::int64_t>(end) - epoch_seconds(now);
  if (left <= 0) return std::nullopt;
  return std::chrono::seconds(left);
}

}  // namespace deputy::workload
