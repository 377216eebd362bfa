// The bytes of one body on their way in: out of S3's chunks, counted, digested, and kept where the operation finds them, in
// memory if they are few and in a draft else. No threads and no sockets here.
//
//   TRY(Receiver receiver, Receiver::of(request, claim, wanted, blobs));
//   TRY_VOID(receiver.take(bytes)); …
//   TRY(Taken taken, receiver.finish());
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "authn/signature/chunks.h"
#include "base/error.h"
#include "base/result.h"
#include "blobs/blobs.h"
#include "crypto/checksums.h"
#include "http/message.h"
#include "services/bytes.h"

namespace deputy::server {

/// Up to here bytes lie in an entry of the store; beyond, in a blob. Not less than http::Limits::streamed_from: what comes
/// whole is taken in on the event loop, which writes no file.
inline constexpr std::size_t kFewBytes = 8 * 1024;

/// What came, and the draft that it lies in: it goes unless it is kept.
struct Taken {
  services::BodyReceived received;
  std::unique_ptr<blobs::Draft> draft;
};

/// What S3 answers where bytes cannot be kept or read; said to the operator.
Error of_fault(const blobs::Fault& fault);

class Receiver {
 public:
  /// The body of a request. `blobs` outlives it. Errors: EntityTooLarge if more is announced than is wanted; those of
  /// authn::ChunkDecoder::of.
  static Result<Receiver> of(const http::Request& request, const authn::BodyClaim& claim,
                             const services::BodyWanted& wanted, blobs::Blobs& blobs);
  /// Bytes that come from elsewhere, as they are.
  static Receiver of_copy(const services::BodyWanted& wanted, blobs::Blobs& blobs);

  /// Blocks where a disk does. Errors: EntityTooLarge, those of authn::ChunkDecoder; InternalError, ServiceUnavailable.
  Result<void> take(std::string_view bytes);
  /// Errors: also XAmzContentSHA256Mismatch, IncompleteBody, BadDigest for a trailer that says something else.
  Result<Taken> finish();

 private:
  Receiver(const services::BodyWanted& wanted, blobs::Blobs& blobs);
  Result<void> keep(std::string_view bytes);
  Result<void> check_trailer(const std::string& computed) const;

  services::BodyWanted wanted_;
  blobs::Blobs* blobs_;
  authn::BodyClaim claim_;
  std::optional<authn::ChunkDecoder> chunks_;
  crypto::Checksum md5_{crypto::ChecksumAlgorithm::kMd5};
  crypto::Checksum checksum_;
  std::optional<crypto::Checksum> sha256_;  // where the signature is of it
  std::uint64_t size_ = 0;
  std::string content_;
  std::unique_ptr<blobs::Draft> draft_;
};

}  // namespace deputy::server
