// SQLite's connection and statement, typed and thin. sqlite3.h stays in the .cpp files.
//
// A Database and its Statements belong to one thread at a time. A statement is used as
//   query.bind(1, key);
//   TRY(const bool row, query.step());   // then read the columns, then reset()
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace deputy::store {

/// Why SQLite did not do it: its extended result code and its words.
struct Fault {
  int code = 0;
  std::string message;
  int system = 0;  // errno of the system call behind it

  /// No room: on the disk, of a quota, or for a file of this size. What was asked for did not happen.
  [[nodiscard]] bool is_full() const;
  [[nodiscard]] bool is_not_a_database() const;
};
template <class T>
using Try = deputy::Result<T, Fault>;

class Statement {
 public:
  Statement() = default;

  void bind(int parameter, std::int64_t value);
  /// As a blob that is borrowed until reset().
  void bind(int parameter, std::string_view bytes);
  void bind_null(int parameter);

  /// True: there is a row. After false or a fault the statement is reset.
  Try<bool> step();
  /// For statements without rows.
  Try<void> run();
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  /// Valid until the next step or reset; nothing: NULL.
  [[nodiscard]] std::optional<std::string_view> blob(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  void bound(int code);

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int unbound_ = 0;  // why a bind failed, told by the next step: a parameter that is missing would be NULL
};

class Database {
 public:
  enum class Mode { kWrite, kRead };
  /// The file must exist. `cache_kib`: how much of it is kept in memory at most.
  static Try<Database> open(const std::string& file, const std::string& vfs, Mode mode, int cache_kib);

  Try<void> exec(const std::string& sql);
  /// Undoes what is open. Nothing to do if SQLite has done it.
  Try<void> roll_back();
  Try<Statement> prepare(std::string_view sql);
  /// The one integer that `sql` answers.
  Try<std::int64_t> integer(std::string_view sql);

  /// How many pages the write-ahead log holds, as of this connection's last commit.
  [[nodiscard]] int log_pages() const { return *log_pages_; }
  /// Moves the log's pages into the database as far as readers let it. A busy reader is no fault.
  Try<void> checkpoint();
  /// Moves all of them and cuts the log to nothing. A fault if it cannot.
  Try<void> empty_log();
  /// Closing leaves the log as it is for the next open to judge: after a fault nothing may build on it.
  void leave_log();

 private:
  Try<void> checkpoint(int mode, bool may_be_busy);
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  std::unique_ptr<int> log_pages_ = std::make_unique<int>(0);  // SQLite keeps the address
  std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace deputy::store
