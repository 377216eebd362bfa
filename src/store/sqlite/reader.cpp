#include "store/sqlite/reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <future>
#include <iterator>

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

/// Entries as they come, and whether each is genuine. Proofs cost about as much as reading does, so a large scan has
/// them checked by another thread, a batch while the next one is read.
class Checked {
 public:
  explicit Checked(const Prove& prove) : prove_(prove) {}

  void add(Entry entry, std::optional<std::string_view> proof) {
    if (batches_.empty() || batches_.back()->entries.size() == kBatch) begin_batch();
    Batch& batch = *batches_.back();
    batch.proofs.push_back(proof && proof->size() == sizeof(Proof) ? as_proof(*proof) : std::nullopt);
    batch.entries.push_back(std::move(entry));
  }

  std::vector<Entry> take() {
    std::vector<Entry> all;
    if (batches_.empty()) return all;
    if (prove_) batches_.back()->check(prove_);
    for (const auto& batch : batches_) {
      if (batch->checking.valid()) batch->checking.get();
      std::move(batch->entries.begin(), batch->entries.end(), std::back_inserter(all));
      batch->entries = {};
    }
    return all;
  }

 private:
  static constexpr std::size_t kBatch = 4096;

  static std::optional<Proof> as_proof(std::string_view bytes) {
    Proof proof;
    std::copy(bytes.begin(), bytes.end(), proof.begin());
    return proof;
  }

  struct Batch {
    std::vector<Entry> entries;
    std::vector<std::optional<Proof>> proofs;
    std::future<void> checking;

    void check(const Prove& prove) {
      for (std::size_t i = 0; i < entries.size(); ++i) {
        Entry& entry = entries[i];
        entry.genuine = entry.genuine && proofs[i] == prove(entry.key, entry.revision, entry.value);
      }
    }
  };
  void begin_batch() {
    if (prove_ && !batches_.empty()) {
      Batch& full = *batches_.back();
      // Deferred where no thread can be had.
      full.checking = std::async(std::launch::async | std::launch::deferred, [this, &full] { full.check(prove_); });
    }
    batches_.push_back(std::make_unique<Batch>());
  }

  const Prove& prove_;
  std::vector<std::unique_ptr<Batch>> batches_;  // the last one is being filled
};

/// Of [from, end), at most `limit`; an empty end: all that follow.
Try<std::vector<Entry>> entries(Database& database, std::string_view from, std::string_view end, std::size_t limit,
                                const Prove& prove) {
  std::string sql = prove ? "SELECT current.key, change.value, current.id, change.proof"
                          : "SELECT current.key, change.value, current.id, NULL";  // as a former format has it, too
  sql += " FROM current LEFT JOIN change ON change.id = current.id";
  sql += end.empty() ? " WHERE current.key >= ?1" : " WHERE current.key >= ?1 AND current.key < ?2";
  TRY(Statement query, database.prepare(sql + " ORDER BY current.key LIMIT ?3"));
  query.bind(1, from);
  if (!end.empty()) query.bind(2, end);
  query.bind(3, static_cast<std::int64_t>(std::min<std::size_t>(limit, INT64_MAX)));
  Checked found(prove);
  for (;;) {
    TRY(const bool row, query.step());
    if (!row) return found.take();
    const std::optional<std::string_view> value = query.blob(1);
    // A change that the index names and that is not there is an entry that is not genuine, not one that does not exist.
    found.add({std::string(query.blob(0).value_or("")), std::string(value.value_or("")),
               format::revision_of(query.integer(2)), value.has_value()},
              query.blob(3));
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

Result<std::pair<std::vector<Entry>, Revision>> Reader::scan(std::string_view prefix, const Prove& prove) {
  TRY(const Moment moment, readable(Moment::begin(database_)));
  TRY(const Revision at, readable(head(database_)));
  TRY(std::vector<Entry> found, readable(entries(database_, prefix, end_of_prefix(prefix), SIZE_MAX, prove)));
  return std::pair(std::move(found), at);
}

Result<Store::Page> Reader::page(std::string_view from, std::string_view end, std::size_t limit, const Prove& prove) {
  TRY(const Moment moment, readable(Moment::begin(database_)));
  TRY(const Revision at, readable(head(database_)));
  TRY(std::vector<Entry> found, readable(entries(database_, from, end, limit + 1, prove)));
  const bool more = found.size() > limit;
  if (more) found.pop_back();
  return Store::Page{std::move(found), more, at};
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
