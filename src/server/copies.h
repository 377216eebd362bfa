// Copies of the whole directory, by name, and the way back to one: for tests that begin where another one began. They
// are kept in memory until the server ends; what outlives it is a backup (store/sqlite/backup.h).
//
//   copies.save("clean", now);        // milliseconds: what the store holds, at one revision
//   copies.restore("clean");          // one commit of all that differs; requests under way are decided anew
//   copies.clear();                   // to nothing
//
// INVARIANT: between what was before and what is restored nobody sees a mixture (state/state.h publishes a commit whole).
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "base/time.h"
#include "directory/usage.h"
#include "state/state.h"

namespace deputy::server {

/// Thread-safe. Every call reads the store, so none is for an event loop that others wait for.
class Copies {
 public:
  static constexpr std::size_t kMost = 32;                      // copies
  static constexpr std::size_t kMostBytes = 512 * 1024 * 1024;  // of all together

  Copies(state::State& state, directory::Usage& usage) : state_(state), usage_(usage) {}

  struct Copy {
    std::string name;
    store::Revision revision = 0;  // of its newest entry
    std::size_t entries = 0, bytes = 0;
    Time saved;
  };
  /// One of that name is replaced. Errors: LimitExceededException, InternalFailure.
  Result<Copy> save(const std::string& name, Time now);
  /// By name.
  [[nodiscard]] std::vector<Copy> list() const;
  /// Error: SnapshotNotFoundException.
  Result<Copy> remove(const std::string& name);

  struct Restored {
    Copy copy;
    std::size_t changed = 0;  // entries that were written or deleted
  };
  /// Errors: SnapshotNotFoundException; ServiceUnavailable (no room, or others wrote each time); InternalFailure.
  Result<Restored> restore(const std::string& name);
  /// Everything goes but the server's own keys. The number of entries that went.
  Result<std::size_t> clear();

 private:
  using Entries = std::vector<store::Entry>;  // in the order of their keys
  struct Kept {
    Copy copy;
    std::shared_ptr<const Entries> entries;
  };
  Result<std::size_t> become(const Entries& wanted);
  [[nodiscard]] Result<Kept> find(const std::string& name) const;

  state::State& state_;
  directory::Usage& usage_;
  mutable std::mutex mutex_;
  std::map<std::string, Kept> kept_;  // under mutex_
};

}  // namespace deputy::server
