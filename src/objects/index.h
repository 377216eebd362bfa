// Answers what operations ask of what buckets hold (look.h): what is remembered at once, the rest on threads of its own.
//
//   Index index(read, {});                               // read: several ranges at one moment (pages.h)
//   if (auto seen = index.remembered(looks)) …           // on an event loop
//   index.read(account, looks, [](Result<Seen> seen) { … });   // later, on a thread of the index
//   index.committed(revision, readings);                 // of every commit, before its writer is answered
//
// The threads are started by the first question that has to be read.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "base/account_id.h"
#include "base/fair_queue.h"
#include "objects/look.h"
#include "objects/memory.h"
#include "objects/pages.h"

namespace deputy::objects {

/// Questions that are read at once, and that wait for it, in all and in the name of one account.
inline constexpr FairLimits kReads = {
    .at_once = 2, .at_once_of_account = 2, .waiting = 8192, .waiting_of_account = 2048};
/// Of the memory of what was asked for lately.
inline constexpr std::size_t kMostRemembered = 32 * 1024 * 1024;

/// Thread-safe.
class Index {
 public:
  struct Limits {
    FairLimits reads = kReads;
    std::size_t remembered = kMostRemembered;
  };
  Index(Read read, const Limits& limits);
  explicit Index(Read read) : Index(std::move(read), Limits()) {}
  ~Index();

  /// Nothing: not all of it is remembered.
  [[nodiscard]] std::optional<Seen> remembered(const Looks& looks);

  /// Called once, on a thread of the index, or at once where there is no place in the queue (kBusy); never if the index is
  /// stopped first. It must not block.
  using Done = std::function<void(Result<Seen>)>;
  /// `account`: in whose name it waits, for example the owner of the bucket.
  void read(const AccountId& account, Looks looks, Done done);

  /// Of state/: what a commit wrote, in the order of revisions, before its writer is answered.
  void committed(Revision revision, std::span<const directory::Reading> readings);
  /// Of state/: whether a commit was written is not known.
  void forget();

  /// Ends after the questions in work; those that wait are dropped.
  void stop();

  [[nodiscard]] std::size_t remembered_bytes() const { return memory_.bytes(); }

 private:
  struct Job {
    Looks looks;
    Done done;
  };
  using Queue = FairQueue<Job>;

  void loop();
  std::optional<Queue::Turn> take();
  Result<Seen> seen(Looks looks);
  Result<Answer> answer_to(const Look& look);

  const Read read_;
  const std::size_t most_threads_;
  Memory memory_;
  std::mutex mutex_;  // of all below
  std::condition_variable wake_;
  std::optional<Queue> queue_;  // empty: stopped
  std::size_t idle_ = 0;        // threads that wait for something to do
  std::vector<std::thread> threads_;
};

}  // namespace deputy::objects
