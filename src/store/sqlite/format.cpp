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
    "CREATE TABLE change (id INTEGER PRIMARY KEY, key BLOB NOT NULL, previous INTEGER, value BLOB, proof BLOB) STRICT;"
    "CREATE TABLE current (key BLOB PRIMARY KEY NOT NULL, id INTEGER NOT NULL) WITHOUT ROWID, STRICT;"
    "CREATE TABLE compacted (revision INTEGER NOT NULL) STRICT;"
    "INSERT INTO compacted VALUES (0);"
    "CREATE TABLE total (entries INTEGER NOT NULL, proof BLOB) STRICT;"
    "INSERT INTO total VALUES (0, NULL);";

constexpr const char* kFromFormat1 =
    "ALTER TABLE change ADD COLUMN proof BLOB;"
    "CREATE TABLE total (entries INTEGER NOT NULL, proof BLOB) STRICT;"
    "INSERT INTO total VALUES (0, NULL);";

Try<void> create(Database& database) {
  return database.exec(fmt::format("BEGIN IMMEDIATE; {} PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT;",
                                   kTables, kApplicationId, kVersion));
}

/// Proves what is there, key by key.
Try<void> prove_all(Database& database, const Prove& prove) {
  TRY(Statement all, database.prepare("SELECT change.id, change.key, change.value FROM current JOIN change"
                                      " ON change.id = current.id"));
  TRY(Statement put, database.prepare("UPDATE change SET proof = ?2 WHERE id = ?1"));
  for (;;) {
    TRY(const bool row, all.step());
    if (!row) return {};
    const std::int64_t id = all.integer(0);
    const Proof proof = prove(all.blob(1).value_or(""), revision_of(id), all.blob(2).value_or(""));
    put.bind(1, id);
    put.bind(2, std::string_view(proof.data(), proof.size()));
    TRY_VOID(put.run());
  }
}

Try<void> count_all(Database& database, const Prove& prove) {
  TRY(const std::int64_t entries, database.integer("SELECT count(*) FROM current"));
  TRY(const std::int64_t last, database.integer("SELECT max(id) FROM change"));
  TRY(Statement put, database.prepare("UPDATE total SET entries = ?1, proof = ?2"));
  put.bind(1, entries);
  const Proof proof = prove ? prove("", revision_of(last), std::to_string(entries)) : Proof{};
  prove ? put.bind(2, std::string_view(proof.data(), proof.size())) : put.bind_null(2);
  return put.run();
}

/// All of it or, after a crash, none: one transaction.
Try<void> upgrade(Database& database, const Prove& prove) {
  TRY_VOID(database.exec("BEGIN IMMEDIATE"));
  TRY_VOID(database.exec(kFromFormat1));
  if (prove) TRY_VOID(prove_all(database, prove));
  TRY_VOID(count_all(database, prove));
  return database.exec(fmt::format("PRAGMA user_version = {}; COMMIT;", kVersion));
}

Error refused(std::string message) { return {Error::Code::kRefused, std::move(message)}; }

Result<void> readable(Try<void> outcome, const std::string& file) {
  if (!outcome) return refusal(file, outcome.error());
  return {};
}

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

Result<Mark> prepare(Database& database, const std::string& file) {
  Mark mark;
  TRY_VOID(readable(read(database, mark), file));  // before any setting: what is not ours is not touched
  if (!mark.is_fresh() && mark.application != kApplicationId) {
    return refused(fmt::format("The file {} is a database of another program.", file));
  }
  if (mark.version > kVersion) {
    return refused(fmt::format("The file {} was written by a newer Deputy (format {}; this one knows up to {}).", file,
                               mark.version, kVersion));
  }
  TRY_VOID(readable(database.exec(kSettings), file));
  return mark;
}

Try<void> complete(Database& database, const Mark& mark, const Prove& prove) {
  if (mark.is_fresh()) {
    TRY_VOID(create(database));
    return count_all(database, prove);
  }
  return mark.version < kVersion ? upgrade(database, prove) : Try<void>();
}

}  // namespace deputy::store::format
