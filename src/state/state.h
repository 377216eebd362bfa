// The live directory: loads the store at start, publishes one snapshot after the other, commits changes.
//
//   TRY(auto state, State::open(std::move(store), aws_policies));
//   const directory::SnapshotPtr snapshot = state->snapshot();     // no lock unless something changed
//   state->commit(std::move(changes), [](Result<store::Revision> done) { … });
//
// INVARIANT: snapshots are published in revision order, and before the Done of the commit that made them: whoever got
// an answer finds its effect in the next snapshot (StateTest.EveryoneReadsTheirOwnWrites). No account is shown with
// what an earlier one of its id left in the store (StateTest.AnAccountMadeAnewFindsNothingOfTheOldOne). Limits: one
// process writes a store (the SQLite store locks its folder), so nothing is watched; several nodes will.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "directory/changes.h"
#include "directory/snapshot.h"
#include "store/store.h"

namespace deputy::state {

class State {
 public:
  /// Loads everything. Errors: those of the store; kRefused for an entry that cannot be read.
  static store::Result<std::unique_ptr<State>> open(std::unique_ptr<store::Store> store,
                                                    std::vector<directory::ManagedPolicy> aws_policies);
  /// Waits for the commits that are under way.
  ~State();

  /// The newest snapshot. Each thread keeps its own pointer and compares one counter: std::atomic<std::shared_ptr>
  /// takes a lock in libstdc++ 12. The reference is valid until this thread's next call.
  [[nodiscard]] const directory::SnapshotPtr& snapshot() const;

  /// Durable, then published, then `done`: from the store's writer thread, which it must not block. Errors: kConflict
  /// (somebody wrote first: decide again), kTooLarge, kUnavailable (the outcome is unknown).
  void commit(const directory::Changes& changes, store::Store::Done done);

  /// Entries that snapshots do not show, straight from the store.
  [[nodiscard]] store::Result<std::vector<store::Entry>> stored(std::string_view prefix) const;

 private:
  State(std::unique_ptr<store::Store> store, directory::SnapshotPtr first);
  void submit(store::Commit commit, store::Store::Done done);
  /// Submits the commit that makes the account `key` after whatever an earlier one of its id has `left` is deleted.
  void make_account(const std::string& key, std::vector<store::Entry> left, store::Commit commit,
                    store::Store::Done done);
  void publish(store::Revision revision, const std::vector<store::Change>& changes);

  const std::uint64_t identity_;  // tells the states of one process apart in a thread's cache
  mutable std::mutex mutex_;
  directory::SnapshotPtr current_;         // under mutex_
  std::atomic<std::uint64_t> version_{1};  // of current_
  std::unique_ptr<store::Store> store_;    // last: its writer stops before what it publishes to goes
};

}  // namespace deputy::state
