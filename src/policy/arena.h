// Memory of things that die together: a compiled policy owns one arena, and all its text and arrays lie in it.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace deputy::policy {

/// Addresses stay valid as long as the arena, moves included. Only for trivially destructible types.
class Arena {
 public:
  /// `expected`: bytes that will probably be needed; the first block has room for them.
  explicit Arena(std::size_t expected) : next_block_(expected < kSmallest ? kSmallest : expected) {}

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* to = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  template <class T>
  std::span<T> array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count == 0) return {};
    T* first = static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
  }

  template <class T>
  std::span<const T> copy(std::span<const T> values) {
    const std::span<T> to = array<T>(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) to[i] = values[i];
    return to;
  }
  template <class T>
  std::span<const T> copy(const std::vector<T>& values) {
    return copy(std::span<const T>(values));
  }

  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kSmallest = 256;

  void* allocate(std::size_t size, std::size_t alignment) {
    std::size_t at = (used_ + alignment - 1) / alignment * alignment;
    if (blocks_.empty() || at + size > block_size_) {
      block_size_ = size > next_block_ ? size : next_block_;
      next_block_ = block_size_;
      blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(block_size_));
      bytes_ += block_size_;
      at = 0;
    }
    used_ = at + size;
    return blocks_.back().get() + at;
  }

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::size_t next_block_;
  std::size_t block_size_ = 0;
  std::size_t used_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace deputy::policy
