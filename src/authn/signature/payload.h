// x-amz-content-sha256: what an S3 client says about the body of a request. docs/wire.md, 3.3 and 3.4.
//
// The signature covers the header's value; only for kSha256 does that cover the body. The streaming modes sign chunks
// of their own inside the body (aws-chunked), which whoever reads the body has to check: an operation that does not
// decode them must refuse the request instead of taking the framing for data.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace deputy::authn {

enum class Payload : std::uint8_t {
  kSha256,
  kUnsigned,                     // UNSIGNED-PAYLOAD
  kStreamingUnsignedTrailer,     // STREAMING-UNSIGNED-PAYLOAD-TRAILER
  kStreamingSigned,              // STREAMING-AWS4-HMAC-SHA256-PAYLOAD
  kStreamingSignedTrailer,       // STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER
  kStreamingEcdsaSigned,         // STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD
  kStreamingEcdsaSignedTrailer,  // STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER
};

/// Nothing if the value is none of these. A hash is 64 hex digits.
std::optional<Payload> parse_payload(std::string_view value);

constexpr bool is_streaming(Payload payload) { return payload >= Payload::kStreamingUnsignedTrailer; }

}  // namespace deputy::authn
