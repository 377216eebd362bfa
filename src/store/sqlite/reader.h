// A connection of its own for reading: one scan, one watch, or pages. It reads a single durable moment, never waits for the
// writer, and gives its memory back when it goes.
#pragma once

#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/proof.h"
#include "store/sqlite/database.h"
#include "store/store.h"

namespace deputy::store {

class Reader {
 public:
  static Result<Reader> open(const std::string& file, const std::string& vfs, int cache_kib = kScanCacheKib);

  /// Without `prove`, every entry is taken for genuine.
  Result<std::pair<std::vector<Entry>, Revision>> scan(std::string_view prefix, const Prove& prove);

  /// Keeps what it prepared for the next call.
  Result<std::vector<Store::Page>> pages(std::span<const Store::Range> ranges, const Prove& prove);

  struct Told {
    Revision revision;
    std::vector<Change> changes;
  };
  /// Some of the commits after `from` and up to `until`, whole and in order; at least one if there is one. The
  /// transaction is over when this returns, so a slow watcher does not hold the log. Error: kCompacted.
  Result<std::vector<Told>> after(Revision from, Revision until);

 private:
  explicit Reader(Database database) : database_(std::move(database)) {}

  // Values lie in the order of writing, a scan wants the order of keys.
  static constexpr int kScanCacheKib = 16 * 1024;

  struct Prepared {
    Statement begin, end, head, bounded, open_upwards;
  };
  Try<void> prepare_pages(bool proven);
  Try<std::vector<Store::Page>> read_pages(std::span<const Store::Range> ranges, const Prove& prove);

  Database database_;
  std::optional<Prepared> prepared_;  // of database_, so it goes first
};

/// Readers for pages: as many as read at once, of which a few stay open for the next ones. Thread-safe.
class Readers {
 public:
  Readers(std::string file, std::string vfs) : file_(std::move(file)), vfs_(std::move(vfs)) {}

  Result<std::vector<Store::Page>> pages(std::span<const Store::Range> ranges, const Prove& prove);
  /// Closes those that stay open, if nobody has asked for one since the last call.
  void rest();

 private:
  static constexpr std::size_t kMostIdle = 2;
  static constexpr int kCacheKib = 1024;

  const std::string file_, vfs_;
  std::mutex mutex_;
  std::vector<Reader> idle_;
  bool asked_ = false;  // since the last rest()
};

}  // namespace deputy::store
