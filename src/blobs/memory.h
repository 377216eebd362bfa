// Blobs that nobody keeps: for a server that runs in memory, and for tests.
#pragma once

#include <map>
#include <mutex>

#include "blobs/blobs.h"
#include "blobs/names.h"
#include "crypto/random.h"

namespace deputy::blobs {

class Memory final : public Blobs {
 public:
  /// Of all blobs and drafts together, unless the operator says otherwise.
  static constexpr std::uint64_t kMost = std::uint64_t{1} << 30;

  explicit Memory(crypto::Entropy& entropy, std::uint64_t most = kMost, Form form = Form::kPlain);

  Result<std::unique_ptr<Draft>> begin() override;
  Result<std::shared_ptr<const Content>> open(std::string_view name) const override;
  std::optional<Result<std::unique_ptr<Draft>>> link(std::string_view name) override;
  Result<void> remove(std::string_view name) override;
  [[nodiscard]] std::vector<std::string> left_behind() const override { return {}; }
  void recover(std::string_view, bool) override {}
  [[nodiscard]] std::uint64_t bytes() const override;

 private:
  class Bytes;
  class MemoryDraft;
  /// How much there is of all Bytes, whoever still holds them.
  struct Room;

  const std::shared_ptr<Room> room_;
  const Form form_;
  crypto::Entropy& entropy_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Bytes>, std::less<>> kept_;  // under mutex_
  std::uint64_t bytes_ = 0;                                                // of kept_
};

}  // namespace deputy::blobs
