#include "authn/signature/chunks.h"

#include <algorithm>

#include "authn/signature/errors_s3.h"
#include "base/encoding.h"
#include "crypto/secret.h"

namespace deputy::authn {
namespace {

namespace errors = s3_errors;

constexpr std::string_view kSignature = ";chunk-signature=", kTrailerSignature = "x-amz-trailer-signature";
constexpr std::string_view kChecksums = "x-amz-checksum-";
constexpr int kMostBlankLines = 2;

/// Nothing unless it is a number that fits.
std::optional<std::uint64_t> number(std::string_view digits, unsigned base) {
  if (digits.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : digits) {
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    const unsigned digit = lower >= '0' && lower <= '9'   ? static_cast<unsigned>(lower - '0')
                           : lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a') + 10
                                                          : base;
    if (digit >= base || value > (UINT64_MAX - digit) / base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

bool is_signed(Payload payload) {
  return payload == Payload::kStreamingSigned || payload == Payload::kStreamingSignedTrailer;
}

/// The one checksum that comes behind the body, in lower case; empty: none is announced.
Result<std::string> announced(const http::Request& request) {
  const std::string_view* header = request.header("x-amz-trailer");
  if (header == nullptr) return std::string();
  std::string name = ascii_lower(without_blanks_around(*header));
  if (name.find(',') != std::string::npos) return errors::several_checksums();
  if (!name.starts_with(kChecksums)) return errors::trailer_not_supported();
  std::string algorithm = name.substr(kChecksums.size());
  std::transform(algorithm.begin(), algorithm.end(), algorithm.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  const std::optional<crypto::ChecksumAlgorithm> known = crypto::checksum_algorithm(algorithm);
  if (!known || *known == crypto::ChecksumAlgorithm::kMd5) return errors::trailer_not_supported();
  for (const http::Header& h : request.headers) {
    const std::string other = ascii_lower(h.name);
    if (!other.starts_with(kChecksums)) continue;
    if (other == "x-amz-checksum-algorithm" || other == "x-amz-checksum-type") continue;
    return errors::checksum_and_trailer();
  }
  return name;
}

}  // namespace

Result<void> check_content_hash(const BodyClaim& claim, std::string_view computed) {
  if (claim.sha256.empty() || equals_ignoring_case(claim.sha256, computed)) return {};
  return errors::other_content_hash(claim.sha256, computed);
}

Result<std::optional<ChunkDecoder>> ChunkDecoder::of(const http::Request& request, const BodyClaim& claim) {
  if (!is_streaming(claim.payload)) {
    if (request.header("x-amz-trailer") != nullptr) return errors::malformed_trailer();
    return std::optional<ChunkDecoder>();
  }
  if (is_signed(claim.payload) && claim.chunks == nullptr) return errors::anonymous_chunks();
  if (!is_signed(claim.payload) && claim.payload != Payload::kStreamingUnsignedTrailer)
    return errors::no_ecdsa_chunks();
  const std::string_view* length = request.header("x-amz-decoded-content-length");
  if (length == nullptr) return errors::missing_length();
  const std::optional<std::uint64_t> bytes = number(*length, 10);
  if (!bytes) return errors::bad_decoded_length(*length);
  TRY(std::string trailer, announced(request));
  ChunkDecoder decoder(claim, *bytes, std::move(trailer));
  if (!decoder.has_trailer() && !decoder.announced_trailer_.empty()) return errors::malformed_trailer();
  return std::optional<ChunkDecoder>(std::move(decoder));
}

ChunkDecoder::ChunkDecoder(const BodyClaim& claim, std::uint64_t length, std::string trailer)
    : keys_(claim.chunks), payload_(claim.payload), announced_length_(length), announced_trailer_(std::move(trailer)) {
  if (keys_ != nullptr) previous_ = keys_->seed;
}

bool ChunkDecoder::has_trailer() const { return payload_ != Payload::kStreamingSigned; }

Result<std::string_view> ChunkDecoder::decode(std::string_view& bytes) {
  if (at_ == At::kData) {
    const std::string_view data = bytes.substr(0, std::min<std::uint64_t>(left_, bytes.size()));
    bytes.remove_prefix(data.size());
    left_ -= data.size();
    if (keys_ != nullptr) chunk_hash_.update(data);
    if (left_ == 0) TRY_VOID(end_of_chunk());
    return data;
  }
  TRY(const std::optional<std::string_view> line, line_of(bytes));
  if (!line) return std::string_view();
  switch (at_) {
    case At::kHead:
      TRY_VOID(take_head(*line));
      break;
    case At::kDataEnd:
      if (!line->empty()) return errors::incomplete_body();
      at_ = At::kHead;
      break;
    case At::kTrailer:
      TRY_VOID(take_trailer(*line));
      break;
    case At::kEnd:  // one empty line too many, as minio-go sends it
      if (!line->empty() || !has_trailer() || ++blank_lines_ > kMostBlankLines) return errors::incomplete_body();
      break;
    case At::kData:
      break;
  }
  line_.clear();
  return std::string_view();
}

/// Lines end with CR LF; those of the trailer with LF alone too, as minio-go sends them.
Result<std::optional<std::string_view>> ChunkDecoder::line_of(std::string_view& bytes) {
  const std::size_t end = bytes.find('\n');
  const std::string_view piece = bytes.substr(0, end);
  const std::size_t taken = end == std::string_view::npos ? piece.size() : piece.size() + 1;
  if (at_ == At::kTrailer && (trailer_bytes_ += taken) > kMostTrailer) return errors::malformed_trailer();
  if (at_ != At::kTrailer && line_.size() + piece.size() > kMostChunkHead) return errors::incomplete_body();
  bytes.remove_prefix(taken);
  line_.append(piece);
  if (end == std::string_view::npos) return std::optional<std::string_view>();
  std::string_view line = line_;
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  } else if (at_ != At::kTrailer) {
    return errors::incomplete_body();
  }
  return std::optional(line);
}

Result<void> ChunkDecoder::take_head(std::string_view line) {
  const std::size_t semicolon = std::min(line.find(';'), line.size());
  const std::optional<std::uint64_t> size = number(line.substr(0, semicolon), 16);
  const std::string_view extension = line.substr(semicolon);
  if (!size || (keys_ != nullptr ? !extension.starts_with(kSignature) : !extension.empty())) {
    return errors::incomplete_body();
  }
  ++chunk_;
  if (*size > 0 && chunk_ > 1 && chunk_size_ < kLeastChunk) return errors::chunk_too_small(chunk_, chunk_size_);
  if (*size > announced_length_ - decoded_) return errors::incomplete_body();
  if (*size == 0 && decoded_ != announced_length_) return errors::incomplete_body();
  decoded_ += *size;
  chunk_size_ = left_ = *size;
  if (keys_ != nullptr) signature_ = extension.substr(kSignature.size());
  if (*size > 0) {
    at_ = At::kData;
    return {};
  }
  TRY_VOID(end_of_chunk());
  at_ = At::kTrailer;
  return {};
}

Result<void> ChunkDecoder::end_of_chunk() {
  at_ = At::kDataEnd;
  if (keys_ == nullptr) return {};
  std::string hashes = crypto::sha256("").hex();
  hashes.append("\n").append(hex(chunk_hash_.finish()));
  return verify("AWS4-HMAC-SHA256-PAYLOAD", hashes, signature_);
}

Result<void> ChunkDecoder::verify(std::string_view kind, std::string_view hashes, std::string_view provided) {
  std::string to_sign(kind);
  for (const std::string_view part :
       {std::string_view(keys_->time), std::string_view(keys_->scope), std::string_view(previous_), hashes}) {
    to_sign.append("\n").append(part);
  }
  const auto digits = keys_->key.sign(to_sign).hex_digits();
  const std::string_view expected(digits.data(), digits.size());
  if (!crypto::constant_time_equal(expected, provided)) {
    return errors::wrong_signature(keys_->access_key_id, provided, to_sign, keys_->canonical_request);
  }
  previous_ = expected;
  return {};
}

Result<void> ChunkDecoder::take_trailer(std::string_view line) {
  const bool signature_is_due = payload_ == Payload::kStreamingSignedTrailer && !trailer_signed_;
  if (line.empty()) {
    // minio-go sends an empty line before the signature, too.
    if (signature_is_due && ++blank_lines_ <= kMostBlankLines) return {};
    at_ = At::kEnd;
    return {};
  }
  const std::size_t colon = line.find(':');
  if (!has_trailer() || colon == std::string_view::npos) return errors::incomplete_body();
  const std::string name = ascii_lower(without_blanks_around(line.substr(0, colon)));
  const std::string_view value = without_blanks_around(line.substr(colon + 1));
  if (name == kTrailerSignature) {
    if (!signature_is_due) return errors::malformed_trailer();
    std::string lines;
    if (trailer_came_) lines.append(announced_trailer_).append(":").append(trailer_value_).append("\n");
    TRY_VOID(verify("AWS4-HMAC-SHA256-TRAILER", crypto::sha256(lines).hex(), value));
    trailer_signed_ = true;
    return {};
  }
  if (trailer_came_ || trailer_signed_ || name != announced_trailer_) return errors::malformed_trailer();
  trailer_came_ = true;
  trailer_value_ = value;
  return {};
}

Result<void> ChunkDecoder::finish() {
  const bool signature_is_missing = payload_ == Payload::kStreamingSignedTrailer && !trailer_signed_;
  if (at_ == At::kTrailer && signature_is_missing && line_.empty() && blank_lines_ > 0)
    return errors::malformed_trailer();
  if (at_ != At::kEnd || !line_.empty()) return errors::incomplete_body();
  if (signature_is_missing || (!announced_trailer_.empty() && !trailer_came_)) return errors::malformed_trailer();
  return {};
}

}  // namespace deputy::authn
