// A few threads for work on bytes: hashing them, writing them to a disk, copying them. Each piece of work is short (some
// hundred kilobytes); who has more to do comes again, behind the others.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace deputy::server {

/// Thread-safe. The threads are started by the first work: who stores no objects pays for none.
class Crew {
 public:
  explicit Crew(std::size_t threads) : most_(threads) {}
  ~Crew() { stop(); }

  void run(std::function<void()> work);
  /// Ends after the work that has begun; the rest, and what comes later, is dropped.
  void stop();

 private:
  void loop();

  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool stopped_ = false;
};

}  // namespace deputy::server
