// Text that lives until clear(), and whose memory is used again afterwards: a request that is reset and filled over and
// over allocates nothing in the end.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <vector>

namespace deputy {
inline namespace v1 {

/// Addresses stay valid until clear(), moves of the store included.
class TextStore {
 public:
  void clear() { block_ = used_ = bytes_ = 0; }
  /// Bytes handed out since clear().
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* to = reinterpret_cast<char*>(allocate(text.size(), 1));
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }
  std::span<std::string_view> list(std::size_t count) {
    if (count == 0) return {};
    auto* first =
        reinterpret_cast<std::string_view*>(allocate(count * sizeof(std::string_view), alignof(std::string_view)));
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
  }

 private:
  static constexpr std::size_t kSmallest = 1024;
  struct Block {
    std::unique_ptr<std::byte[]> memory;
    std::size_t size;
  };

  std::byte* allocate(std::size_t size, std::size_t alignment) {
    for (;;) {
      if (block_ < blocks_.size()) {
        const std::size_t at = (used_ + alignment - 1) / alignment * alignment;
        if (at + size <= blocks_[block_].size) {
          used_ = at + size;
          bytes_ += size;
          return blocks_[block_].memory.get() + at;
        }
        if (used_ != 0) {
          ++block_;
          used_ = 0;
          continue;
        }
      }
      grow(size);
    }
  }
  /// Puts a block that has room for `size` where the next one is looked for.
  void grow(std::size_t size) {
    const std::size_t last = blocks_.empty() ? kSmallest / 2 : blocks_.back().size;
    const std::size_t bytes = std::max(size, 2 * last);
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(block_),
                   Block{std::make_unique_for_overwrite<std::byte[]>(bytes), bytes});
  }

  std::vector<Block> blocks_;
  std::size_t block_ = 0;  // the one in use
  std::size_t used_ = 0;   // bytes of it
  std::size_t bytes_ = 0;
};

}  // namespace v1
}  // namespace deputy
