#include "store/sqlite/reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <future>
#include <iterator>
#include <utility>

#include "base/prefix.h"
#include "store/sqlite/format.h"

namespace deputy::store {
namespace {

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

/// Entries of a range, at most `?3` of them from `?1` on and before `?2`. A change that the index names and that is not there
/// is an entry that is not genuine, not one that does not exist.
std::string query_of(bool bounded, bool proven) {
  return fmt::format(
      "SELECT current.key, change.value, current.id, {} FROM current LEFT JOIN change ON change.id = current.id"
      " WHERE current.key >= ?1{} ORDER BY current.key LIMIT ?3",
      proven ? "change.proof" : "NULL",  // a former format has none
      bounded ? " AND current.key < ?2" : "");
}

Try<std::vector<Entry>> entries(Statement& query, const Store::Range& range, const Prove& prove) {
  query.bind(1, range.from);
  if (!range.end.empty()) query.bind(2, range.end);
  query.bind(3, static_cast<std::int64_t>(std::min<std::size_t>(range.limit, INT64_MAX)));
  Checked found(prove);
  for (;;) {
    TRY(const bool row, query.step());
    if (!row) return found.take();
    const std::optional<std::string_view> value = query.blob(1);
    found.add({std::string(query.blob(0).value_or("")), std::string(value.value_or("")),
               format::revision_of(query.integer(2)), value.has_value()},
              query.blob(3));
  }
}

Try<std::vector<Entry>> entries(Database& database, std::string_view prefix, const Prove& prove) {
  const std::string end = end_of_prefix(prefix);
  TRY(Statement query, database.prepare(query_of(!end.empty(), static_cast<bool>(prove))));
  return entries(query, {prefix, end, SIZE_MAX}, prove);
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

Result<Reader> Reader::open(const std::string& file, const std::string& vfs, int cache_kib) {
  TRY(Database database, readable(Database::open(file, vfs, Database::Mode::kRead, cache_kib)));
  return Reader(std::move(database));
}

Result<std::pair<std::vector<Entry>, Revision>> Reader::scan(std::string_view prefix, const Prove& prove) {
  TRY(const Moment moment, readable(Moment::begin(database_)));
  TRY(const Revision at, readable(head(database_)));
  TRY(std::vector<Entry> found, readable(entries(database_, prefix, prove)));
  return std::pair(std::move(found), at);
}

Try<void> Reader::prepare_pages(bool proven) {
  Prepared prepared;
  TRY(prepared.begin, database_.prepare("BEGIN"));
  TRY(prepared.end, database_.prepare("COMMIT"));
  TRY(prepared.head, database_.prepare("SELECT max(id) FROM change"));
  TRY(prepared.bounded, database_.prepare(query_of(true, proven)));
  TRY(prepared.open_upwards, database_.prepare(query_of(false, proven)));
  prepared_ = std::move(prepared);
  return {};
}

Result<std::vector<Store::Page>> Reader::pages(std::span<const Store::Range> ranges, const Prove& prove) {
  if (!prepared_) {
    if (Try<void> done = prepare_pages(static_cast<bool>(prove)); !done) return unavailable(done.error());
  }
  return readable(read_pages(ranges, prove));
}

/// After a fault the reader is not used again, and its transaction ends with it.
Try<std::vector<Store::Page>> Reader::read_pages(std::span<const Store::Range> ranges, const Prove& prove) {
  TRY_VOID(prepared_->begin.run());
  TRY([[maybe_unused]] const bool row, prepared_->head.step());
  const Revision at = format::revision_of(prepared_->head.integer(0));
  prepared_->head.reset();
  std::vector<Store::Page> pages;
  pages.reserve(ranges.size());
  for (const Store::Range& range : ranges) {
    const std::size_t one_more = range.limit + (range.limit < SIZE_MAX ? 1 : 0);
    Statement& query = range.end.empty() ? prepared_->open_upwards : prepared_->bounded;
    TRY(std::vector<Entry> found, entries(query, {range.from, range.end, one_more}, prove));
    const bool more = found.size() > range.limit;
    if (more) found.pop_back();
    pages.push_back({std::move(found), more, at});
  }
  TRY_VOID(prepared_->end.run());
  return pages;
}

Result<std::vector<Store::Page>> Readers::pages(std::span<const Store::Range> ranges, const Prove& prove) {
  std::optional<Reader> reader;
  {
    const std::lock_guard lock(mutex_);
    asked_ = true;
    if (!idle_.empty()) {
      reader = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!reader) {
    TRY(Reader opened, Reader::open(file_, vfs_, kCacheKib));
    reader = std::move(opened);
  }
  auto pages = reader->pages(ranges, prove);
  if (!pages) return pages;
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(*std::move(reader));
  return pages;
}

void Readers::rest() {
  std::vector<Reader> closed;  // without the lock
  const std::lock_guard lock(mutex_);
  if (!std::exchange(asked_, false)) closed.swap(idle_);
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
