// The live directory: loads the store at start, publishes one snapshot after the other, commits changes.
//
//   TRY(auto state, State::open(std::move(store), aws_policies));
//   const directory::SnapshotPtr snapshot = state->snapshot();     // no lock unless something changed
//   state->commit(std::move(changes), [](Result<store::Revision> done) { … });
//
// INVARIANT: snapshots are published in revision order, and before the Done of the commit that made them: whoever got
// an answer finds its effect in the next snapshot (StateTest.EveryoneReadsTheirOwnWrites). No account is shown with
// what an earlier one of its id left in the store (StateTest.AnAccountMadeAnewFindsNothingOfTheOldOne). Nothing is
// committed that cannot be read back (StateTest.WhatCannotBeReadBackIsNotWritten). What buckets hold (directory/objects.h)
// is neither loaded nor shown: a commit of that alone makes no snapshot. Limits: one
// process writes a store (the SQLite store locks its folder), so nothing is watched; several nodes will.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "directory/changes.h"
#include "directory/snapshot.h"
#include "store/store.h"

namespace deputy::state {

class State {
 public:
  /// Loads everything that snapshots show. Entries that cannot be read are set aside (directory::Snapshot::load), and logged. Errors: those
  /// of the store.
  static store::Result<std::unique_ptr<State>> open(std::unique_ptr<store::Store> store,
                                                    directory::AwsPolicyFacts aws_policies);
  /// Waits for the commits that are under way.
  ~State();

  /// The newest snapshot. Each thread keeps its own pointer and compares one counter: std::atomic<std::shared_ptr>
  /// takes a lock in libstdc++ 12. The reference is valid until this thread's next call.
  [[nodiscard]] const directory::SnapshotPtr& snapshot() const;

  /// Durable, then published, then `done`: from the store's writer thread, which it must not block. Errors: kConflict
  /// (somebody wrote first: decide again), kTooLarge, kFull, kUnavailable (the outcome is unknown), kUnreadable (what
  /// would be written cannot be read back, or stands where an entry is set aside: nothing was written).
  void commit(const directory::Changes& changes, store::Store::Done done);

  /// Hears of every commit once it is durable and before its Done, in the order of revisions, from the store's writer
  /// thread: what it wrote, with revisions stamped into what buckets hold. It must not block.
  struct Witness {
    std::function<void(store::Revision, std::span<const directory::Reading>)> committed;
    std::function<void()> in_doubt;  // whether a commit was written, or what, is not known
  };
  /// Before the first commit.
  void set_witness(Witness witness) { witness_ = std::move(witness); }

  /// Entries that snapshots do not show, straight from the store: not from an event loop.
  [[nodiscard]] store::Result<std::vector<store::Entry>> stored(std::string_view prefix) const;
  [[nodiscard]] store::Result<std::vector<store::Store::Page>> pages(
      std::span<const store::Store::Range> ranges) const {
    return store_->pages(ranges);
  }
  [[nodiscard]] store::Result<store::Store::Page> page(std::string_view from, std::string_view end,
                                                       std::size_t limit) const {
    return store_->page(from, end, limit);
  }
  /// See store/store.h: to be called now and then.
  void rest() const { store_->rest(); }

 private:
  State(std::unique_ptr<store::Store> store, directory::SnapshotPtr first);
  struct Written;
  using WrittenList = std::list<Written>;
  struct Submission {
    store::Commit commit;
    std::shared_ptr<WrittenList> written;  // of one, what `commit` changes
  };
  [[nodiscard]] store::Result<WrittenList> read(const directory::Changes& changes) const;
  void submit(Submission submission, store::Store::Done done);
  /// Makes the accounts of these keys: whatever earlier ones of their ids have left is looked for on the store's thread,
  /// because the caller's is an event loop, and deleted first.
  void find_leftovers(std::vector<std::string> keys, Submission submission, store::Store::Done done);
  /// Deletes what an earlier account of that key has `left`.
  void sweep_account(const std::string& key, std::vector<store::Entry> left, store::Store::Done done);
  /// Shows what is durable. False: memory ran out, and the next call goes on where this one ended.
  bool publish();
  /// Tells the witness, and then shows what snapshots show of it. False: as publish().
  bool take_up(WrittenList& written);
  void doubt();

  const std::uint64_t identity_;  // tells the states of one process apart in a thread's cache
  mutable std::mutex mutex_;
  directory::SnapshotPtr current_;         // under mutex_
  std::atomic<std::uint64_t> version_{1};  // of current_
  WrittenList behind_;                     // durable, not yet in current_; of the writer's thread
  Witness witness_;
  std::unique_ptr<store::Store> store_;  // last: its writer stops before what it publishes to goes
};

}  // namespace deputy::state
