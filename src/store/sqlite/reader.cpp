#include "store/sqlite/reader.h"

#include <fmt/core.h>

#include <algorithm>

#include "store/limits.h"
#include "store/sqlite/format.h"

namespace deputy::store {
namespace {

constexpr int kCacheKib = 16 * 1024;     // values lie in the order of writing, a scan wants the order of keys
constexpr Revision kCommitsAtOnce = 64;  // up to 64 MiB, in practice far less

/// Both readings of one moment between begin and end. A fault's transaction ends with the connection or the next end.
class Moment {
 public:
  static Try<Moment> begin(Database& database) {
    TRY_VOID(database.exec("BEGIN"));
    return Moment(database);
  }
  Moment(Moment&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Moment& operator=(Moment&&) = delete;
  ~Moment() {
    // Nothing was written, so an end that fails loses nothing; the next begin would say so.
    if (database_ != nullptr) static_cast<void>(database_->exec("COMMIT").ok());
  }

 private:
  explicit Moment(Database& database) : database_(&database) {}
  Database* database_;
};

Try<Revision> head(Database& database) {
  TRY(const std::int64_t last, database.integer("SELECT max(id) FROM change"));
  return format::revision_of(last);
}

Try<std::vector<Entry>> entries(Database& database, std::string_view prefix) {
  const std::string end = end_of_prefix(prefix);
  std::string sql = "SELECT current.key, change.value, current.id FROM current JOIN change ON change.id = current.id";
  sql += end.empty() ? " WHERE current.key >= ?1" : " WHERE current.key >= ?1 AND current.key < ?2";
  TRY(Statement query, database.prepare(sql + " ORDER BY current.key"));
  query.bind(1, prefix);
  if (!end.empty()) query.bind(2, end);
  std::vector<Entry> found;
  for (;;) {
    TRY(const bool row, query.step());
    if (!row) return found;
    found.push_back({std::string(query.blob(0).value_or("")), std::string(query.blob(1).value_or("")),
                     format::revision_of(query.integer(2))});
  }
}

Try<std::vector<Reader::Told>> commits(Database& database, Revision from, Revision until) {
  TRY(Statement query, database.prepare("SELECT id, key, value FROM change WHERE id >= ?1 AND id < ?2 ORDER BY id"));
  query.bind(1, format::first_id(from + 1));
  query.bind(2, format::first_id(std::min(until, from + kCommitsAtOnce) + 1));
  std::vector<Reader::Told> told;
  for (;;) {
    TRY(const bool row, query.step());
    if (!row) return told;
    const Revision revision = format::revision_of(query.integer(0));
    if (told.empty() || told.back().revision != revision) told.push_back({revision, {}});
    const std::optional<std::string_view> value = query.blob(2);
    told.back().changes.push_back(
        {std::string(query.blob(1).value_or("")), value ? std::optional<std::string>(*value) : std::nullopt});
  }
}

Error unavailable(const Fault& fault) {
  return {Error::Code::kUnavailable, fmt::format("The store cannot be read: {}.", fault.message)};
}

template <class T>
Result<T> readable(Try<T> outcome) {
  if (!outcome) return unavailable(outcome.error());
  return std::move(outcome).value();
}

}  // namespace

Result<Reader> Reader::open(const std::string& file, const std::string& vfs) {
  TRY(Database database, readable(Database::open(file, vfs, Database::Mode::kRead, kCacheKib)));
  return Reader(std::move(database));
}

Result<std::pair<std::vector<Entry>, Revision>> Reader::scan(std::string_view prefix) {
  TRY(const Moment moment, readable(Moment::begin(database_)));
  TRY(const Revision at, readable(head(database_)));
  TRY(std::vector<Entry> found, readable(entries(database_, prefix)));
  return std::pair(std::move(found), at);
}

Result<std::vector<Reader::Told>> Reader::after(Revision from, Revision until) {
  TRY(const Moment moment, readable(Moment::begin(database_)));
  TRY(const std::int64_t compacted, readable(database_.integer("SELECT revision FROM compacted")));
  if (from < static_cast<Revision>(compacted)) {
    return Error{Error::Code::kCompacted, fmt::format("The history after revision {} is gone.", from)};
  }
  return readable(commits(database_, from, until));
}

}  // namespace deputy::store
