// The last durable revision of a store, and the place where watchers wait for the next one.
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "store/store.h"

namespace deputy::store {

class Head {
 public:
  explicit Head(Revision at) : at_(at) {}

  [[nodiscard]] Revision get() const {
    const std::scoped_lock lock(mutex_);
    return at_;
  }
  void advance(Revision to) {
    {
      const std::scoped_lock lock(mutex_);
      if (to == at_) return;
      at_ = to;
    }
    moved_.notify_all();
  }
  /// Until the head is past `from` (true) or `stop` is asked for (false).
  bool wait_past(Revision from, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    return moved_.wait(lock, stop, [&] { return at_ > from; }) && !stop.stop_requested();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable_any moved_;
  Revision at_;
};

}  // namespace deputy::store
