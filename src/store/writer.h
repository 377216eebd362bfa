// The one thread that changes a store. Group commit is a queue, not a timer: while a group is being made durable the
// next one gathers, so nobody waits for company and everybody shares the disk.
//
// INVARIANT: commits run in the order of submit, each exactly once, also those still queued at destruction
// (Conformance.WhatIsQueuedIsStillCommitted).
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "store/store.h"

namespace deputy::store {

struct Pending {
  Commit commit;
  Store::Done done;
};

class Writer {
 public:
  /// Runs a group, at most kMaxGroup commits and about kMaxGroupBytes, and calls every Done. What a Done throws costs
  /// that one.
  using Run = std::function<void(std::span<Pending>)>;
  explicit Writer(Run run);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void submit(Pending pending);

  static constexpr std::size_t kMaxGroup = 256;
  static constexpr std::size_t kMaxGroupBytes = 4 * 1024 * 1024;

 private:
  void loop();
  void run_in_groups(std::span<Pending> pending);

  Run run_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Pending> queue_;
  bool stopping_ = false;
  std::thread thread_;  // last: starts when all else is there
};

}  // namespace deputy::store
