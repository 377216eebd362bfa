#include "store/sqlite/format.h"

#include <fmt/core.h>

namespace deputy::store::format {
namespace {

// WAL: readers do not wait for the writer, and a commit is one sequential write and one fsync. EXTRA is FULL, and also
// makes the deletion of the journal durable with which a new file becomes a WAL file: a journal that came back after a
// power loss would take the whole file with it (FaultSweep.EveryFailedSync).
constexpr const char* kSettings =
    "PRAGMA synchronous = EXTRA;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA journal_size_limit = 8388608;";

constexpr const char* kTables =
    "CREATE TABLE change (id INTEGER PRIMARY KEY, key BLOB NOT NULL, previous INTEGER, value BLOB) STRICT;"
    "CREATE TABLE current (key BLOB PRIMARY KEY NOT NULL, id INTEGER NOT NULL) WITHOUT ROWID, STRICT;"
    "CREATE TABLE compacted (revision INTEGER NOT NULL) STRICT;"
    "INSERT INTO compacted VALUES (0);";

Try<void> create(Database& database) {
  return database.exec(fmt::format("BEGIN IMMEDIATE; {} PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT;",
                                   kTables, kApplicationId, kVersion));
}

Error refused(std::string message) { return {Error::Code::kRefused, std::move(message)}; }

Result<void> readable(Try<void> outcome, const std::string& file) {
  if (!outcome) return refusal(file, outcome.error());
  return {};
}

struct Mark {
  std::int64_t application = 0, version = 0, tables = 0;
};
Try<void> read(Database& database, Mark& mark) {
  TRY(mark.application, database.integer("PRAGMA application_id"));
  TRY(mark.version, database.integer("PRAGMA user_version"));
  TRY(mark.tables, database.integer("SELECT count(*) FROM sqlite_schema"));
  return {};
}

}  // namespace

Error refusal(const std::string& file, const Fault& fault) {
  return refused(fault.is_not_a_database()
                     ? fmt::format("The file {} is damaged or is no database: {}.", file, fault.message)
                     : fmt::format("The file {} cannot be opened: {}.", file, fault.message));
}

Result<void> prepare(Database& database, const std::string& file) {
  Mark mark;
  TRY_VOID(readable(read(database, mark), file));  // before any setting: what is not ours is not touched
  const bool fresh = mark.application == 0 && mark.version == 0 && mark.tables == 0;
  if (!fresh && mark.application != kApplicationId) {
    return refused(fmt::format("The file {} is a database of another program.", file));
  }
  if (mark.version > kVersion) {
    return refused(fmt::format("The file {} was written by a newer Deputy (format {}; this one knows up to {}).", file,
                               mark.version, kVersion));
  }
  TRY_VOID(readable(database.exec(kSettings), file));
  return fresh ? readable(create(database), file) : Result<void>();
}

}  // namespace deputy::store::format
