// Changes that build on each other, before any of them is written: what one operation would leave is what the next one
// sees. At the end all is one Changes, guarded by what the store held when the draft began.
//
//   Draft draft(snapshot);
//   … execute an operation on draft.now() …
//   TRY(const bool changed, draft.add(outcome.changes));      // false: all of it is so already
//   outcome.changes = draft.take();
//
// INVARIANT: what the guards of take() hold is all that the operations relied on and did not make themselves
// (DraftTest).
#pragma once

#include <memory>

#include "base/result.h"
#include "directory/changes.h"
#include "directory/snapshot.h"

namespace deputy::directory {

class Draft {
 public:
  /// `base` outlives this.
  explicit Draft(const Snapshot& base);
  Draft(const Draft&) = delete;
  ~Draft();

  /// The directory with all that was added. The same object for the life of the draft; what add() touches, and pointers
  /// into it, are other ones afterwards.
  [[nodiscard]] const Snapshot& now() const;
  /// Whether anything changed: writing what is there already changes nothing. Error: a change that could not be read
  /// back.
  Result<bool, CorruptEntry> add(const Changes& changes);
  /// All of it, as one commit beyond the size of a request's (store::kMaxBulkOperations).
  [[nodiscard]] Changes take() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace deputy::directory
