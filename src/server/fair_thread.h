// A thread for work that is too long for an event loop, with few places for each account: whoever floods it is told to
// slow down, and the others still get in (base/fair_queue.h).
//
//   FairThread documents("documents", kDocuments);
//   documents.run(account, [](bool my_turn) { … });   // on that thread; or at once with false: no room
//
// One thread of low priority, so that such work never takes more than one core and yields that one to requests. It is
// started by the first job: who needs none pays for none.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/fair_queue.h"

namespace deputy::server {

/// SAML documents that wait to be read, in all and of one account.
inline constexpr FairLimits kDocuments = {.waiting = 1024, .waiting_of_account = 64};

/// Thread-safe.
class FairThread {
 public:
  /// Called once, with whether it is its turn; never if the thread is stopped first.
  using Job = std::function<void(bool my_turn)>;

  /// `name`: of the thread, as the system shows it.
  FairThread(const char* name, const FairLimits& limits);
  ~FairThread();

  void run(const AccountId& account, Job job);
  /// Ends after the job in work; those that wait are dropped, not called. Later ones have no turn.
  void stop();
  [[nodiscard]] bool is_stopping() const;

 private:
  using Queue = FairQueue<Job>;

  void loop();
  std::optional<Queue::Turn> take();

  const char* const name_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<Queue> queue_;  // empty: stopped
  std::thread thread_;
};

}  // namespace deputy::server
