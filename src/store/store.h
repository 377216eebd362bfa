// Durable state: a map from key to bytes in which every commit has a revision. The only door to the disk.
//
// Keys are UTF-8 paths, "account/222222222222/role/AROA…", at most 2,048 bytes. A commit holds at most 100 keys and
// preconditions and 1 MiB, because etcd stops at 128 operations and 1.5 MiB: what one store refuses, all refuse. What the
// operator writes at once (a seed) may be larger. It is as whole as any commit, but takes several revisions, one after
// the other, and a watch tells it as so many commits; a store that cannot take it in one transaction has to write it
// aside first and switch to it with one.
// Deleting what is absent is no change, and a commit without any change takes no revision, as in etcd.
// Thread-safe. Every implementation passes tests/store/conformance.h; memory/ is the one to read first.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace deputy::store {

using Revision = std::uint64_t;  // 0: before the first commit

struct Entry {
  std::string key, value;
  Revision revision = 0;  // of its last change
  bool genuine = true;    // it is what was written there (store/proof.h)
};
/// Holds if the key is still at `revision`; 0: still absent.
struct Precondition {
  std::string key;
  Revision revision = 0;
};
struct Change {
  std::string key;
  std::optional<std::string> value;  // nullopt: delete
};
struct Commit {
  std::vector<Precondition> given;
  std::vector<Change> changes;
  std::vector<std::string> none_under = {};  // and holds if no key begins with one of these: else kConflict
  bool bulk = false;                         // the operator's: within kMaxBulkOperations and kMaxBulkBytes
};

inline constexpr std::size_t kMaxKey = 2048;
inline constexpr std::size_t kMaxOperations = 100;
inline constexpr std::size_t kMaxCommitBytes = 1024 * 1024;
inline constexpr std::size_t kMaxBulkOperations = 1'000'000;
inline constexpr std::size_t kMaxBulkBytes = 256 * 1024 * 1024;

/// The revision of one of the changes of a bulk commit, by its place among the `count`; `last` is what the commit's Done
/// was told. A revision holds as many as a commit of a request.
constexpr Revision bulk_revision(Revision last, std::size_t count, std::size_t place) {
  return last - (count - 1) / kMaxOperations + place / kMaxOperations;
}

struct Error {
  enum class Code {
    kConflict,    // a precondition no longer holds: compute again
    kTooLarge,    // over a limit above, an empty or oversized key, a key changed twice: nothing was written
    kFull,        // the disk has no room: nothing was written; later commits are tried anew
    kUnreadable,  // what was to be written cannot be read back, or may not be overwritten (state/): nothing was written
    kUnavailable,  // the outcome is unknown, so never answer "it failed"; after a failed fsync all later commits are so
    kCompacted,    // that history is gone: scan again
    kRefused,      // the data folder cannot be opened: newer format, other server, not ours, unreadable
  };
  Code code;
  std::string message;  // for the operator, one sentence
};

template <class T>
using Result = deputy::Result<T, Error>;

class Store {
 public:
  /// What was submitted is still committed.
  virtual ~Store() = default;

  /// Everything under `prefix` in key order, and the one revision at which all of it was so.
  virtual Result<std::pair<std::vector<Entry>, Revision>> scan(std::string_view prefix) = 0;

  /// Entries from `from` on and before `end` (empty: up to the last) in key order, at most `limit` of them.
  struct Range {
    std::string_view from, end;
    std::size_t limit = 0;
  };
  struct Page {
    std::vector<Entry> entries;
    bool more = false;  // there are others before `end`
    Revision revision = 0;
  };
  /// A page for each range, all of them at one revision. Costs what it returns, however many entries there are.
  virtual Result<std::vector<Page>> pages(std::span<const Range> ranges) = 0;

  /// `pages` of one.
  Result<Page> page(std::string_view from, std::string_view end, std::size_t limit) {
    const Range range{from, end, limit};
    auto read = pages({&range, 1});
    if (!read) return std::move(read).error();
    return std::move(read->front());
  }

  /// Gives back what it keeps for the next page, if none was read since the last call: whoever reads none for a while pays
  /// for none.
  virtual void rest() {}

  /// Called once with the outcome of a commit: its revision, when it is durable; without any change, the revision at
  /// which its preconditions held. From the store's writer thread, in revision order, so it must not block.
  using Done = std::function<void(Result<Revision>)>;
  /// All of it or none. Queues and returns at once; commits that wait together are made durable together.
  virtual void submit(Commit commit, Done done) = 0;

  /// `submit`, waited for. Not from a Done.
  Result<Revision> commit(Commit commit) {
    std::promise<Result<Revision>> outcome;
    submit(std::move(commit), [&](Result<Revision> r) { outcome.set_value(std::move(r)); });
    return outcome.get_future().get();
  }

  /// Each commit after `from`, in order, whole, until `stop`; blocks. `see` is not called for commits whose outcome is
  /// unknown. Error: kCompacted. Stop every watch before the store is destroyed.
  using See = std::function<void(Revision, std::span<const Change>)>;
  virtual Result<void> watch(Revision from, std::stop_token stop, const See& see) = 0;
};

}  // namespace deputy::store
