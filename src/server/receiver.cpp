#include "server/receiver.h"

#include <charconv>

#include "base/encoding.h"
#include "host/log.h"

namespace deputy::server {

using crypto::ChecksumAlgorithm;

namespace {

Error too_large(std::uint64_t size, std::uint64_t most) {
  return Error("EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size")
      .with("ProposedSize", std::to_string(size))
      .with("MaxSizeAllowed", std::to_string(most));
}

/// x-amz-checksum-crc32: the algorithm that a trailer is of.
std::optional<ChecksumAlgorithm> algorithm_of_trailer(std::string_view name) {
  constexpr std::string_view kPrefix = "x-amz-checksum-";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  std::string upper(name.substr(kPrefix.size()));
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return crypto::checksum_algorithm(upper);
}

}  // namespace

Error of_fault(const blobs::Fault& fault) {
  if (fault.kind == blobs::Fault::Kind::kFull) {
    return {"ServiceUnavailable", 503, "Service is unable to handle request."};
  }
  log::error("the bytes of an object: {}", fault.message);
  return {"InternalError", 500, "We encountered an internal error. Please try again."};
}

Receiver::Receiver(const services::BodyWanted& wanted, blobs::Blobs& blobs)
    : wanted_(wanted), blobs_(&blobs), checksum_(wanted.checksum) {}

Result<Receiver> Receiver::of(const http::Request& request, const authn::BodyClaim& claim,
                              const services::BodyWanted& wanted, blobs::Blobs& blobs) {
  Receiver receiver(wanted, blobs);
  receiver.claim_ = claim;
  TRY(receiver.chunks_, authn::ChunkDecoder::of(request, claim));
  std::optional<std::uint64_t> announced = request.body_follows ? request.body_size : request.body.size();
  if (receiver.chunks_) {
    announced = receiver.chunks_->decoded_length();
    const auto trailed = algorithm_of_trailer(receiver.chunks_->announced_trailer());
    if (trailed) receiver.checksum_ = crypto::Checksum(*trailed);
  }
  if (announced && *announced > wanted.most) return too_large(*announced, wanted.most);
  if (!claim.sha256.empty()) receiver.sha256_.emplace(ChecksumAlgorithm::kSha256);
  return receiver;
}

Receiver Receiver::of_copy(const services::BodyWanted& wanted, blobs::Blobs& blobs) { return {wanted, blobs}; }

Result<void> Receiver::take(std::string_view bytes) {
  if (!chunks_) return keep(bytes);
  while (!bytes.empty()) {
    TRY(const std::string_view data, chunks_->decode(bytes));
    TRY_VOID(keep(data));
  }
  return {};
}

Result<void> Receiver::keep(std::string_view bytes) {
  if (bytes.empty()) return {};
  size_ += bytes.size();
  if (size_ > wanted_.most) return too_large(size_, wanted_.most);
  md5_.update(bytes);
  checksum_.update(bytes);
  if (sha256_) sha256_->update(bytes);
  if (!draft_ && (wanted_.in_memory || size_ <= kFewBytes)) {
    content_ += bytes;
    return {};
  }
  if (!draft_) {
    auto draft = blobs_->begin();
    if (!draft) return of_fault(draft.error());
    draft_ = std::move(draft).value();
    const std::string first = std::exchange(content_, {});
    if (const auto written = draft_->write(first); !written) return of_fault(written.error());
  }
  if (const auto written = draft_->write(bytes); !written) return of_fault(written.error());
  return {};
}

Result<void> Receiver::check_trailer(const std::string& computed) const {
  const std::string& value = chunks_->trailer_value();
  const std::string name(crypto::name_of(checksum_.algorithm()));
  const auto sent = unbase64(value);
  if (!sent || sent->size() != computed.size()) {
    return Error("InvalidRequest", 400,
                 "Value for x-amz-checksum-" + ascii_lower(name) + " trailing header is invalid.");
  }
  if (*sent != computed) {
    return Error("BadDigest", 400, "The " + name + " you specified did not match the calculated checksum.");
  }
  return {};
}

Result<Taken> Receiver::finish() {
  if (chunks_) TRY_VOID(chunks_->finish());
  if (sha256_) TRY_VOID(authn::check_content_hash(claim_, hex(sha256_->finish())));
  Taken taken;
  taken.received.size = size_;
  taken.received.md5 = md5_.finish();
  taken.received.checksum.algorithm = crypto::name_of(checksum_.algorithm());
  taken.received.checksum.value = checksum_.finish();
  if (chunks_ && algorithm_of_trailer(chunks_->announced_trailer())) {
    TRY_VOID(check_trailer(taken.received.checksum.value));
    taken.received.checksum_was_trailed = true;
  }
  taken.received.content = std::move(content_);
  if (draft_) {
    if (const auto durable = draft_->finish(); !durable) return of_fault(durable.error());
    taken.received.blob = draft_->name();
    taken.draft = std::move(draft_);
  }
  return taken;
}

}  // namespace deputy::server
