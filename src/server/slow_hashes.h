// Hashes passwords (crypto/password.h) away from the event loops: each costs a tenth of a second of CPU, which no other
// request is to wait for (server/fair_thread.h).
//
//   slow_hashes.make(account, wanted, [](std::optional<std::vector<crypto::Secret>> made) { … });
//
// Only callers who were allowed the operation come here at all (server/run.cpp).
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "crypto/password.h"
#include "server/fair_thread.h"

namespace deputy::server {

/// Thread-safe.
class SlowHashes {
 public:
  static constexpr std::size_t kMostWaiting = 64, kMostOfAccount = 8;
  /// Nothing: too much is waiting.
  using Done = std::function<void(std::optional<std::vector<crypto::Secret>>)>;

  /// Calls `done` on the thread of this, or at once if too much is waiting.
  void make(const AccountId& account, std::vector<crypto::SlowHash> wanted, Done done);
  /// Ends after the hash in work; those who wait are dropped, not called.
  void stop() { thread_.stop(); }

 private:
  FairThread thread_{"hashes", {.waiting = kMostWaiting, .waiting_of_account = kMostOfAccount}};
};

}  // namespace deputy::server
