#include "store/sqlite/database.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include <cerrno>

namespace deputy::store {
namespace {

constexpr int kBusyMilliseconds = 5000;

Fault fault(sqlite3* connection) {
  return {sqlite3_extended_errcode(connection), sqlite3_errmsg(connection), sqlite3_system_errno(connection)};
}
int primary(int code) { return code & 0xFF; }

int note_log_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

bool Fault::is_full() const {
  if (primary(code) == SQLITE_FULL) return true;
  // Where SQLite has no word of its own for it. Not a sync: after a failed one nobody knows what is on the disk.
  const bool writes = code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE || code == SQLITE_IOERR_SHMOPEN;
  return writes && (system == ENOSPC || system == EDQUOT || system == EFBIG);
}
bool Fault::is_not_a_database() const { return primary(code) == SQLITE_NOTADB || primary(code) == SQLITE_CORRUPT; }

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::bind(int parameter, std::int64_t value) {
  bound(sqlite3_bind_int64(statement_.get(), parameter, value));
}
void Statement::bind(int parameter, std::string_view bytes) {
  const char* data = bytes.data() == nullptr ? "" : bytes.data();  // a null pointer would bind NULL
  bound(sqlite3_bind_blob64(statement_.get(), parameter, data, bytes.size(), SQLITE_STATIC));
}
void Statement::bind_null(int parameter) { bound(sqlite3_bind_null(statement_.get(), parameter)); }

void Statement::bound(int code) {
  if (code != SQLITE_OK) unbound_ = code;
}

Try<bool> Statement::step() {
  if (unbound_ != SQLITE_OK) return Fault{unbound_, sqlite3_errstr(unbound_), 0};
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  Fault failed = fault(sqlite3_db_handle(statement_.get()));
  reset();
  return failed;
}

Try<void> Statement::run() {
  TRY(const bool row, step());
  if (row) reset();
  return {};
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::optional<std::string_view> Statement::blob(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? std::string_view() : std::string_view(data, static_cast<std::size_t>(size));
}

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Try<Database> Database::open(const std::string& file, const std::string& vfs, Mode mode, int cache_kib) {
  const int access = mode == Mode::kWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  Database database;
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &connection, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                                   vfs.empty() ? nullptr : vfs.c_str());
  database.connection_.reset(connection);
  if (connection == nullptr) return Fault{code, sqlite3_errstr(code), 0};
  if (code != SQLITE_OK) return fault(connection);

  sqlite3_busy_timeout(connection, kBusyMilliseconds);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // Takes the place of SQLite's own checkpoints, whose failures nobody would hear of.
  sqlite3_wal_hook(connection, note_log_pages, database.log_pages_.get());
  if (mode == Mode::kRead) database.leave_log();
  TRY_VOID(database.exec(fmt::format("PRAGMA cache_size = -{}; PRAGMA cell_size_check = ON;", cache_kib)));
  return database;
}

Try<void> Database::exec(const std::string& sql) {
  if (sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return fault(connection_.get());
  }
  return {};
}

Try<void> Database::roll_back() {
  if (sqlite3_get_autocommit(connection_.get()) != 0) return {};
  return exec("ROLLBACK");
}

Try<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (code != SQLITE_OK) return fault(connection_.get());
  Statement statement;
  statement.statement_.reset(prepared);
  return statement;
}

Try<std::int64_t> Database::integer(std::string_view sql) {
  TRY(Statement query, prepare(sql));
  TRY(const bool row, query.step());
  return row ? query.integer(0) : 0;
}

Try<void> Database::checkpoint() { return checkpoint(SQLITE_CHECKPOINT_PASSIVE, true); }
Try<void> Database::empty_log() { return checkpoint(SQLITE_CHECKPOINT_TRUNCATE, false); }

Try<void> Database::checkpoint(int mode, bool may_be_busy) {
  const int code = sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, mode, nullptr, nullptr);
  const bool busy = primary(code) == SQLITE_BUSY || primary(code) == SQLITE_LOCKED;
  if (code != SQLITE_OK && !(busy && may_be_busy)) return fault(connection_.get());
  return {};
}

void Database::leave_log() { sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr); }

}  // namespace deputy::store
