// Copies of the whole directory, by name, and the way back to one: for tests that begin where another one began. They
// are kept in memory until the server ends; what outlives it is a backup (store/sqlite/backup.h).
//
//   copies.save("clean", now);        // milliseconds: what the store holds, at one revision
//   copies.restore("clean");          // one commit of all that differs; requests under way are decided anew
//   copies.clear();                   // to nothing
//
// Bytes of objects (blobs/) are not copied: they stay as long as a copy names them (server/sweeper.h), and those that came
// after it are left to be removed when it is restored.
//
// INVARIANT: between what was before and what is restored nobody sees a mixture (state/state.h publishes a commit whole).
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "directory/usage.h"
#include "host/clock.h"
#include "state/state.h"

namespace deputy::server {

/// Thread-safe. Every call reads the store, so none is for an event loop that others wait for.
class Copies {
 public:
  static constexpr std::size_t kMost = 32;                      // copies
  static constexpr std::size_t kMostBytes = 512 * 1024 * 1024;  // of all together

  Copies(state::State& state, directory::Usage& usage, crypto::Entropy& entropy, const Clock& clock)
      : state_(state), usage_(usage), entropy_(entropy), clock_(clock) {}

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

  /// No copy is made or restored while it is held.
  [[nodiscard]] std::unique_lock<std::mutex> hold_still() { return std::unique_lock(moving_); }
  /// Whether an object in some copy has these bytes.
  [[nodiscard]] bool need(const std::string& blob) const;

 private:
  using Entries = std::vector<store::Entry>;  // in the order of their keys
  using Blobs = std::set<std::string>;
  struct Kept {
    Copy copy;
    std::shared_ptr<const Entries> entries;
    std::shared_ptr<const Blobs> blobs;
  };
  /// Bytes that objects in these entries have, and those that only wait for their removal.
  [[nodiscard]] Blobs named(const Entries& entries, bool with_unused) const;
  Result<std::size_t> become(const Entries& wanted);
  [[nodiscard]] Result<Kept> find(const std::string& name) const;

  state::State& state_;
  directory::Usage& usage_;
  crypto::Entropy& entropy_;
  const Clock& clock_;
  std::mutex moving_;  // taken before mutex_
  mutable std::mutex mutex_;
  std::map<std::string, Kept> kept_;  // under mutex_
};

}  // namespace deputy::server
