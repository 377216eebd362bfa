#include "blobs/memory.h"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace deputy::blobs {

struct Memory::Room {
  const std::uint64_t most;
  std::atomic<std::uint64_t> used{0};

  bool take(std::uint64_t bytes) {
    if (used.fetch_add(bytes) + bytes <= most) return true;
    used -= bytes;
    return false;
  }
};

/// In blocks, so that growing copies nothing.
class Memory::Bytes final : public Content {
 public:
  explicit Bytes(std::shared_ptr<Room> room) : room_(std::move(room)) {}
  ~Bytes() override { room_->used -= size_; }
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;

  bool append(std::string_view bytes) {
    if (!room_->take(bytes.size())) return false;
    size_ += bytes.size();
    while (!bytes.empty()) {
      if (blocks_.empty() || blocks_.back().size() == kBlock) blocks_.emplace_back();
      const std::string_view piece = bytes.substr(0, kBlock - blocks_.back().size());
      blocks_.back().append(piece);
      bytes.remove_prefix(piece.size());
    }
    return true;
  }

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  Result<std::size_t> read(std::uint64_t offset, std::span<char> into) const override {
    std::size_t got = 0;
    while (got < into.size() && offset + got < size_) {
      const std::string_view block = blocks_[(offset + got) / kBlock];
      const std::string_view piece = block.substr((offset + got) % kBlock, into.size() - got);
      std::memcpy(into.data() + got, piece.data(), piece.size());
      got += piece.size();
    }
    return got;
  }

 private:
  static constexpr std::size_t kBlock = 256 * 1024;
  std::shared_ptr<Room> room_;
  std::vector<std::string> blocks_;
  std::uint64_t size_ = 0;
};

class Memory::MemoryDraft final : public Draft {
 public:
  MemoryDraft(Memory& memory, std::string name, std::shared_ptr<const Bytes> linked)
      : memory_(memory), name_(std::move(name)), bytes_(std::move(linked)) {
    if (bytes_ != nullptr) return;
    fresh_ = std::make_shared<Bytes>(memory.room_);
    bytes_ = fresh_;
  }
  [[nodiscard]] const std::string& name() const override { return name_; }
  Result<void> write(std::string_view bytes) override {
    if (fresh_ == nullptr) return Fault{Fault::Kind::kBroken, "the bytes " + name_ + " are finished"};
    if (!fresh_->append(bytes)) return Fault{Fault::Kind::kFull, "there is no memory left for bytes of objects"};
    return {};
  }
  /// From here on it can be read, as a file can.
  Result<void> finish() override {
    if (finished_) return {};
    finished_ = true;
    fresh_ = nullptr;
    const std::scoped_lock lock(memory_.mutex_);
    memory_.kept_.emplace(name_, bytes_);
    memory_.bytes_ += bytes_->size();
    return {};
  }
  void keep() noexcept override { kept_ = true; }
  ~MemoryDraft() override {
    if (finished_ && !kept_) static_cast<void>(memory_.remove(name_));
  }

 private:
  Memory& memory_;
  const std::string name_;
  std::shared_ptr<Bytes> fresh_;  // until it is finished
  std::shared_ptr<const Bytes> bytes_;
  bool finished_ = false, kept_ = false;
};

Memory::Memory(crypto::Entropy& entropy, std::uint64_t most, Form form)
    : room_(std::make_shared<Room>(most)), form_(form), entropy_(entropy) {}

Result<std::unique_ptr<Draft>> Memory::begin() {
  return std::unique_ptr<Draft>(std::make_unique<MemoryDraft>(*this, make_name(entropy_, form_), nullptr));
}

Result<std::shared_ptr<const Content>> Memory::open(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(name);
  if (found == kept_.end()) return Fault{Fault::Kind::kMissing, "there are no bytes of that name"};
  return std::shared_ptr<const Content>(found->second);
}

std::optional<Result<std::unique_ptr<Draft>>> Memory::link(std::string_view name) {
  std::shared_ptr<const Bytes> bytes;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = kept_.find(name);
    if (found == kept_.end()) return Fault{Fault::Kind::kMissing, "there are no bytes of that name"};
    bytes = found->second;
  }
  auto draft = std::make_unique<MemoryDraft>(*this, make_name(entropy_, Form(name[0])), std::move(bytes));
  if (const auto finished = draft->finish(); !finished) return finished.error();
  return Result<std::unique_ptr<Draft>>(std::unique_ptr<Draft>(std::move(draft)));
}

Result<void> Memory::remove(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(name);
  if (found == kept_.end()) return {};
  bytes_ -= found->second->size();
  kept_.erase(found);
  return {};
}

std::uint64_t Memory::bytes() const {
  const std::scoped_lock lock(mutex_);
  return bytes_;
}

}  // namespace deputy::blobs
