// Bytes sealed at rest, over any other place of blobs: who reads the disk, or the store at which they lie, learns how many
// there are and when they were written, and whoever changes them is noticed.
//
// A blob is a row of frames: 64 KiB of the bytes and a tag of AES-256-GCM, so that a part of it can be read without the
// rest. The key is the blob's own, derived from the vault and the blob's name; the frame's number is its nonce, and the last
// frame is marked as such. So nothing can be exchanged: no frame for another, no blob for another, no whole for its
// beginning. What was written without sealing is read as it is: names say which (names.h).
#pragma once

#include "blobs/blobs.h"
#include "crypto/vault.h"

namespace deputy::blobs {

class Sealed final : public Blobs {
 public:
  static constexpr std::size_t kFrame = 64 * 1024;

  /// `vault` lives longer. Whether new ones are sealed says the form in which `inner` makes names.
  Sealed(std::unique_ptr<Blobs> inner, const crypto::Vault& vault) : inner_(std::move(inner)), vault_(vault) {}

  Result<std::unique_ptr<Draft>> begin() override;
  Result<std::shared_ptr<const Content>> open(std::string_view name) const override;
  /// Nothing for sealed ones: a key is of one name.
  std::optional<Result<std::unique_ptr<Draft>>> link(std::string_view name) override;
  Result<void> remove(std::string_view name) override { return inner_->remove(name); }
  [[nodiscard]] std::vector<std::string> left_behind() const override { return inner_->left_behind(); }
  void recover(std::string_view name, bool keep) override { inner_->recover(name, keep); }
  [[nodiscard]] std::uint64_t bytes() const override { return inner_->bytes(); }

 private:
  std::unique_ptr<Blobs> inner_;
  const crypto::Vault& vault_;
};

}  // namespace deputy::blobs
