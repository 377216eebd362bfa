// Bodies in S3's own framing (aws-chunked): chunks that are signed or not, and a checksum behind them that is signed or
// not. docs/wire.md, 3.3 and 3.4.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
//
//   TRY(std::optional<ChunkDecoder> decoder, ChunkDecoder::of(request, claim));     // nothing: the body is what it is
//   for (std::string_view bytes = what_came; !bytes.empty();) {
//     TRY(const std::string_view data, decoder->decode(bytes));                     // a view into what came, perhaps empty
//     … keep data where nobody sees it …
//   }
//   TRY_VOID(decoder->finish());                                                    // the body has ended
//   decoder->trailer_value();                                                        // of x-amz-trailer
//
// INVARIANT: whatever is handed out is only good once finish() succeeded. A chunk's data is given on before its signature
// could be checked, so that nothing of it has to be kept; a wrong one fails with the last byte of the chunk.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "authn/signature/body.h"
#include "base/error.h"
#include "base/result.h"
#include "crypto/checksums.h"
#include "http/message.h"

namespace deputy::authn {

/// S3's rule for every chunk but the last.
inline constexpr std::uint64_t kLeastChunk = 8192;
/// Bytes of the line before a chunk, and of all that follows the last one: the most that is kept.
inline constexpr std::size_t kMostChunkHead = 256, kMostTrailer = 4096;

class ChunkDecoder {
 public:
  /// By the head alone. Errors: MissingContentLength without X-Amz-Decoded-Content-Length; MalformedTrailerError for a
  /// trailer that is announced to a body without chunks; InvalidRequest for one that is none of S3's checksums.
  static Result<std::optional<ChunkDecoder>> of(const http::Request& request, const BodyClaim& claim);

  /// Bytes of the object, as the head says. finish() fails if they were not as many.
  [[nodiscard]] std::uint64_t decoded_length() const { return announced_length_; }
  /// Lower case; empty: none is announced.
  [[nodiscard]] const std::string& announced_trailer() const { return announced_trailer_; }

  /// Takes at least one byte off the front of `bytes`, which must not be empty. Errors: SignatureDoesNotMatch,
  /// InvalidChunkSizeError, IncompleteBody, MalformedTrailerError.
  Result<std::string_view> decode(std::string_view& bytes);
  /// Errors: as of decode.
  Result<void> finish();
  /// Of the announced trailer; only after finish().
  [[nodiscard]] const std::string& trailer_value() const { return trailer_value_; }

 private:
  enum class At : std::uint8_t { kHead, kData, kDataEnd, kTrailer, kEnd };

  ChunkDecoder(const BodyClaim& claim, std::uint64_t length, std::string trailer);
  [[nodiscard]] bool has_trailer() const;
  /// Nothing yet: the line goes on.
  Result<std::optional<std::string_view>> line_of(std::string_view& bytes);
  Result<void> take_head(std::string_view line);
  Result<void> take_trailer(std::string_view line);
  Result<void> end_of_chunk();
  Result<void> verify(std::string_view kind, std::string_view hashes, std::string_view provided);

  std::shared_ptr<const ChunkKeys> keys_;  // null: nothing is signed
  Payload payload_;
  std::uint64_t announced_length_;
  std::string announced_trailer_;

  At at_ = At::kHead;
  std::string line_;  // what has come of a line that is not whole
  std::size_t trailer_bytes_ = 0;
  int blank_lines_ = 0;                      // within and behind the trailer
  std::uint64_t chunk_ = 0;                  // its number, from 1 on
  std::uint64_t chunk_size_ = 0, left_ = 0;  // of the chunk
  std::uint64_t decoded_ = 0;
  std::string signature_;  // that the chunk claims
  std::string previous_;   // that was verified last
  crypto::Checksum chunk_hash_{crypto::ChecksumAlgorithm::kSha256};
  bool trailer_came_ = false, trailer_signed_ = false;
  std::string trailer_value_;
};

}  // namespace deputy::authn
