// A few threads for work on bytes: hashing them, writing them to a disk, copying them. Each piece of work is short (some
// hundred kilobytes); who has more to do comes again, behind the others.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace deputy::server {

/// Uploads that are taken in, and copies that are made, at once: each holds some hundred kilobytes.
inline constexpr std::size_t kMostAtOnce = 512;

/// Thread-safe. The threads are started by the first work: who stores no objects pays for none.
class Crew {
 public:
  explicit Crew(std::size_t threads) : most_(threads) {}
  ~Crew() { stop(); }

  void run(std::function<void()> work);
  /// A place among those who bring bytes or copy them, as long as it is held; null: there are kMostAtOnce.
  [[nodiscard]] std::shared_ptr<void> place();
  /// Ends after the work that has begun; the rest, and what comes later, is dropped.
  void stop();

 private:
  void loop();

  const std::size_t most_;
  const std::shared_ptr<std::atomic<std::size_t>> inside_ = std::make_shared<std::atomic<std::size_t>>(0);
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool stopped_ = false;
};

}  // namespace deputy::server
