// How much memory the requests and answers of all connections may hold together. Each is limited by itself, but ten
// thousand strangers who each announce the largest body and stop before its end, or do not read what they asked for,
// would still cost a hundred gigabytes.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace deputy::http {

/// A buffer up to this is served whatever others hold. It counts all the same, if it is more than what stays with a
/// connection between two requests.
inline constexpr std::size_t kServedAnyway = 64 * 1024;
inline constexpr std::size_t kKeptCapacity = 8 * 1024;

class Budget {
 public:
  explicit Budget(std::size_t bytes) : bytes_(bytes) {}
  [[nodiscard]] bool exceeded() const { return used_.load(std::memory_order_relaxed) > bytes_; }
  [[nodiscard]] std::size_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  friend class Share;
  const std::size_t bytes_;
  std::atomic<std::size_t> used_{0};
};

/// What one buffer takes of the budget; gives it back when it goes.
class Share {
 public:
  explicit Share(Budget& budget) : budget_(&budget) {}
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;
  ~Share() { set(0); }

  void set(std::size_t bytes) {
    if (bytes == bytes_) return;
    budget_->used_.fetch_add(bytes - std::exchange(bytes_, bytes), std::memory_order_relaxed);  // modulo 2^64
  }
  [[nodiscard]] bool exceeded() const { return budget_->exceeded(); }

 private:
  Budget* budget_;
  std::size_t bytes_ = 0;
};

}  // namespace deputy::http
