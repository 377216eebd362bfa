#include "authn/signature/payload.h"

#include <algorithm>
#include <array>
#include <utility>

namespace deputy::authn {

std::optional<Payload> parse_payload(std::string_view value) {
  constexpr std::array<std::pair<std::string_view, Payload>, 6> literals{{
      {"UNSIGNED-PAYLOAD", Payload::kUnsigned},
      {"STREAMING-UNSIGNED-PAYLOAD-TRAILER", Payload::kStreamingUnsignedTrailer},
      {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", Payload::kStreamingSigned},
      {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", Payload::kStreamingSignedTrailer},
      {"STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", Payload::kStreamingEcdsaSigned},
      {"STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER", Payload::kStreamingEcdsaSignedTrailer},
  }};
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  if (value.size() == 64 && std::all_of(value.begin(), value.end(), is_hex)) return Payload::kSha256;
  for (const auto& [literal, payload] : literals) {
    if (value == literal) return payload;
  }
  return std::nullopt;
}

}  // namespace deputy::authn
