// Hashes passwords (crypto/password.h) away from the event loops: each costs a tenth of a second of CPU, which no other
// request is to wait for.
//
//   slow_hashes.make(account, wanted, [](std::optional<std::vector<crypto::Secret>> made) { … });
//
// One thread of low priority, so that hashing never takes more than one core and yields that one to requests.
// What waits is bounded, in all and for one account: whoever floods the queue is told to slow down, and the others
// still get in. Only callers who were allowed the operation come here at all (server/pipeline.cpp).
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/account_id.h"
#include "crypto/password.h"

namespace deputy::server {

/// Thread-safe.
class SlowHashes {
 public:
  static constexpr std::size_t kMostWaiting = 64, kMostOfAccount = 8;
  /// Nothing: too much is waiting.
  using Done = std::function<void(std::optional<std::vector<crypto::Secret>>)>;

  SlowHashes();
  ~SlowHashes();

  /// Calls `done` on the thread of this, or at once if too much is waiting.
  void make(const AccountId& account, std::vector<crypto::SlowHash> wanted, Done done);
  /// Ends after the hash in work; those who wait are dropped, not called.
  void stop();

 private:
  struct Job {
    AccountId account;
    std::vector<crypto::SlowHash> wanted;
    Done done;
  };

  void loop();
  bool take(Job& job);
  bool is_stopping();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> waiting_;
  std::map<AccountId, std::size_t> of_account_;  // waiting or in work
  bool stopping_ = false;
  std::thread thread_;  // last: starts when all else is there
};

}  // namespace deputy::server
