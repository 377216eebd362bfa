// A connection of its own for one scan or one watch. It reads a single durable moment, never waits for the writer, and
// gives its memory back when it goes.
#pragma once

#include "store/proof.h"
#include "store/sqlite/database.h"
#include "store/store.h"

namespace deputy::store {

class Reader {
 public:
  static Result<Reader> open(const std::string& file, const std::string& vfs);

  /// Without `prove`, every entry is taken for genuine.
  Result<std::pair<std::vector<Entry>, Revision>> scan(std::string_view prefix, const Prove& prove);

  Result<Store::Page> page(std::string_view from, std::string_view end, std::size_t limit, const Prove& prove);

  struct Told {
    Revision revision;
    std::vector<Change> changes;
  };
  /// Some of the commits after `from` and up to `until`, whole and in order; at least one if there is one. The
  /// transaction is over when this returns, so a slow watcher does not hold the log. Error: kCompacted.
  Result<std::vector<Told>> after(Revision from, Revision until);

 private:
  explicit Reader(Database database) : database_(std::move(database)) {}
  Database database_;
};

}  // namespace deputy::store
