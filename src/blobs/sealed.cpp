#include "blobs/sealed.h"

#include <algorithm>
#include <cstring>

#include "blobs/names.h"
#include "crypto/aead.h"
#include "crypto/secret.h"

namespace deputy::blobs {
namespace {

using crypto::AeadKey;

constexpr std::size_t kFrame = Sealed::kFrame, kSealedFrame = kFrame + AeadKey::kTagBytes;

AeadKey key_of(const crypto::Vault& vault, std::string_view name) {
  return AeadKey(vault.mac(name, "key of an object's bytes").view());
}

/// Twelve bytes, never twice under a blob's key, because a blob is written once.
std::string nonce_of(std::uint64_t frame) {
  std::string nonce(AeadKey::kNonceBytes, '\0');
  for (std::size_t i = 0; i < 8; ++i) nonce[nonce.size() - 1 - i] = static_cast<char>(frame >> (8 * i) & 255);
  return nonce;
}

std::string_view what_it_is(bool last) { return last ? "last frame of an object" : "frame of an object"; }

class SealedDraft final : public Draft {
 public:
  SealedDraft(std::unique_ptr<Draft> inner, AeadKey key) : inner_(std::move(inner)), key_(std::move(key)) {}
  ~SealedDraft() override { crypto::wipe(frame_); }

  [[nodiscard]] const std::string& name() const override { return inner_->name(); }
  Result<void> write(std::string_view bytes) override {
    while (!bytes.empty()) {
      // A full frame waits until there is more: it may be the last.
      if (frame_.size() == kFrame) TRY_VOID(put(false));
      const std::string_view piece = bytes.substr(0, kFrame - frame_.size());
      frame_.append(piece);
      bytes.remove_prefix(piece.size());
    }
    return {};
  }
  Result<void> finish() override {
    TRY_VOID(put(true));
    return inner_->finish();
  }
  void keep() noexcept override { inner_->keep(); }

 private:
  Result<void> put(bool last) {
    sealed_.clear();
    key_.seal_to(sealed_, nonce_of(number_++), what_it_is(last), frame_);
    frame_.clear();
    return inner_->write(sealed_);
  }

  std::unique_ptr<Draft> inner_;
  const AeadKey key_;
  std::string frame_, sealed_;
  std::uint64_t number_ = 0;
};

class SealedContent final : public Content {
 public:
  SealedContent(std::shared_ptr<const Content> inner, AeadKey key, std::string name)
      : inner_(std::move(inner)), key_(std::move(key)), name_(std::move(name)) {
    frames_ = (inner_->size() + kSealedFrame - 1) / kSealedFrame;
    size_ = inner_->size() - std::min<std::uint64_t>(inner_->size(), frames_ * AeadKey::kTagBytes);
  }

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  Result<std::size_t> read(std::uint64_t offset, std::span<char> into) const override {
    std::size_t got = 0;
    while (got < into.size() && offset + got < size_) {
      TRY(std::string frame, frame_of((offset + got) / kFrame));
      const std::string_view piece = std::string_view(frame).substr((offset + got) % kFrame, into.size() - got);
      std::memcpy(into.data() + got, piece.data(), piece.size());
      got += piece.size();
      crypto::wipe(frame);
      if (piece.empty()) return changed();
    }
    return got;
  }
  /// Also what has no bytes has a frame, which proves that it should have none.
  Result<void> verify_end() const {
    if (frames_ == 0) return changed();
    TRY(std::string frame, frame_of(frames_ - 1));
    crypto::wipe(frame);
    return {};
  }

 private:
  [[nodiscard]] Fault changed() const {
    return {Fault::Kind::kBroken, "the bytes " + name_ + " were changed, or sealed with another key"};
  }
  Result<std::string> frame_of(std::uint64_t number) const {
    std::string sealed(kSealedFrame, '\0');
    TRY(const std::size_t got, inner_->read(number * kSealedFrame, sealed));
    sealed.resize(got);
    auto frame = key_.open(nonce_of(number), what_it_is(number + 1 == frames_), sealed);
    if (!frame) return changed();
    return *std::move(frame);
  }

  std::shared_ptr<const Content> inner_;
  const AeadKey key_;
  const std::string name_;
  std::uint64_t frames_ = 0, size_ = 0;
};

}  // namespace

Result<std::unique_ptr<Draft>> Sealed::begin() {
  TRY(std::unique_ptr<Draft> inner, inner_->begin());
  if (!is_sealed(inner->name())) return inner;
  AeadKey key = key_of(vault_, inner->name());
  return std::unique_ptr<Draft>(std::make_unique<SealedDraft>(std::move(inner), std::move(key)));
}

Result<std::shared_ptr<const Content>> Sealed::open(std::string_view name) const {
  TRY(std::shared_ptr<const Content> inner, inner_->open(name));
  if (!is_sealed(name)) return inner;
  auto content = std::make_shared<const SealedContent>(std::move(inner), key_of(vault_, name), std::string(name));
  TRY_VOID(content->verify_end());
  return std::shared_ptr<const Content>(std::move(content));
}

std::optional<Result<std::unique_ptr<Draft>>> Sealed::link(std::string_view name) {
  if (is_sealed(name)) return std::nullopt;
  return inner_->link(name);
}

}  // namespace deputy::blobs
