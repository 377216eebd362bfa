#include "store/sqlite/sqlite.h"

#include <fmt/core.h>

#include <utility>

#include "host/guarded.h"
#include "host/log.h"
#include "store/head.h"
#include "store/sqlite/changelog.h"
#include "store/sqlite/folder.h"
#include "store/sqlite/format.h"
#include "store/sqlite/reader.h"
#include "store/writer.h"

namespace deputy::store {
namespace {

constexpr int kWriterCacheKib = 2048;
constexpr int kLogPages = 1024;  // 4 MiB: about what is read at the next start after a crash

class SqliteStore final : public Store {
 public:
  SqliteStore(Folder folder, std::string file, std::string vfs, Prove prove, Database database, Changelog log)
      : folder_(std::move(folder)),
        file_(std::move(file)),
        vfs_(std::move(vfs)),
        prove_(std::move(prove)),
        database_(std::move(database)),
        log_(std::move(log)),
        head_(log_.head()),
        readers_(file_, vfs_),
        writer_([this](std::span<Pending> group) { run(group); }) {}

  Result<std::pair<std::vector<Entry>, Revision>> scan(std::string_view prefix) override {
    TRY(Reader reader, Reader::open(file_, vfs_));
    return reader.scan(prefix, prove_);
  }

  Result<std::vector<Page>> pages(std::span<const Range> ranges) override { return readers_.pages(ranges, prove_); }
  void rest() override { readers_.rest(); }

  void submit(Commit commit, Done done) override { writer_.submit({std::move(commit), std::move(done)}); }

  Result<void> watch(Revision from, std::stop_token stop, const See& see) override {
    TRY(Reader reader, Reader::open(file_, vfs_));
    while (head_.wait_past(from, stop)) {
      TRY(const std::vector<Reader::Told> commits, reader.after(from, head_.get()));
      for (const Reader::Told& told : commits) {
        if (stop.stop_requested()) return {};
        see(told.revision, told.changes);
        from = told.revision;
      }
    }
    return {};
  }

 private:
  using Outcomes = std::vector<Result<Revision>>;

  void run(std::span<Pending> group) {
    Outcomes outcomes;
    if (!guarded("a group of commits", [&] { outcomes = write(group); })) outcomes = interrupted(group.size());
    for (std::size_t i = 0; i < group.size(); ++i) {
      guarded("what waited for a commit", [&] { group[i].done(std::move(outcomes[i])); });
    }
    if (closed_.empty() && database_.log_pages() >= kLogPages) checkpoint();
  }

  Outcomes write(std::span<Pending> group) {
    if (!closed_.empty()) return all(group.size(), Error::Code::kUnavailable, closed_);
    Outcomes outcomes;
    outcomes.reserve(group.size());
    if (Try<void> durable = transact(group, outcomes); !durable) return refuse(group.size(), durable.error());
    head_.advance(log_.head());
    if (std::exchange(full_, false)) {
      guarded("a line of the log", [&] { log::info("there is room for {} again: writes are taken", file_); });
    }
    return outcomes;
  }

  /// Without room nothing was written: the group is undone, and the next one is tried. Anything else closes the store.
  Outcomes refuse(std::size_t count, const Fault& fault) {
    if (fault.is_full() && undo()) {
      if (!std::exchange(full_, true)) {
        log::error("there is no room for {}: no write is taken until there is ({})", file_, fault.message);
      }
      return all(count, Error::Code::kFull, fmt::format("there is no room for {}", file_));
    }
    close(fault);
    return all(count, Error::Code::kUnavailable, closed_);
  }

  /// Something was thrown on the way. If it was after the COMMIT, the group is durable though nobody is told so.
  Outcomes interrupted(std::size_t count) {
    if (closed_.empty() && !undo()) close({0, "an interrupted transaction could not be undone", 0});
    return all(count, Error::Code::kUnavailable, "memory ran out");
  }

  bool undo() {
    if (!database_.roll_back()) return false;
    log_.forget();
    return true;
  }

  /// A full disk is no reason to close: the log keeps what the database file has no room for.
  void checkpoint() {
    if (Try<void> done = database_.checkpoint(); !done && !done.error().is_full()) close(done.error());
  }

  /// The whole group in one transaction; a fault anywhere leaves all of it in doubt, also who conflicted with it.
  Try<void> transact(std::span<Pending> group, Outcomes& outcomes) {
    TRY_VOID(log_.begin());
    for (Pending& pending : group) {
      TRY(Result<Revision> outcome, apply(pending.commit));
      outcomes.push_back(std::move(outcome));
    }
    TRY_VOID(log_.compact());
    return log_.commit();
  }

  /// INVARIANT: all preconditions are looked at before the first change, so a conflict has nothing to undo.
  Try<Result<Revision>> apply(const Commit& commit) {
    if (Result<void> within = check(commit); !within) return Result<Revision>(std::move(within).error());
    TRY(const Precondition* const broken, log_.broken(commit.given));
    if (broken != nullptr) {
      return Result<Revision>(Error{Error::Code::kConflict, fmt::format("The key {} has changed.", broken->key)});
    }
    TRY(const std::string* const occupied, log_.occupied(commit.none_under));
    if (occupied != nullptr) {
      return Result<Revision>(Error{Error::Code::kConflict, fmt::format("There is something under {}.", *occupied)});
    }
    TRY_VOID(commit.bulk ? log_.apply_bulk(commit.changes) : log_.apply(commit.changes));
    return Result<Revision>(log_.head());
  }

  /// No rollback, no checkpoint: the log stays as the fault left it, and the next open judges it by its checksums.
  void close(const Fault& fault) {
    closed_ =
        fmt::format("The store {} takes no more writes until the server is started again: {}.", file_, fault.message);
    database_.leave_log();
    log::error("{}", closed_);
  }

  [[nodiscard]] static Outcomes all(std::size_t count, Error::Code code, const std::string& why) {
    return Outcomes(count, Result<Revision>(Error{code, why}));
  }

  Folder folder_;  // first: let go of last
  const std::string file_, vfs_;
  const Prove prove_;
  Database database_;  // of the writer's thread, as all down to closed_
  Changelog log_;
  std::string closed_;  // why nothing is written any more; empty: open
  bool full_ = false;   // the last group found no room
  Head head_;
  Readers readers_;
  Writer writer_;  // last: its thread uses all else
};

/// INVARIANT: nothing is committed on top of a log that an earlier process left behind. Its last pages may never have
/// reached the disk (a failed fsync), and what follows them in the log would be lost with them; in the database file
/// they are written and synced anew (Faults.AFailedSyncIsNotBuiltUponAfterReopening).
Try<Changelog> take_over(Database& database, const SqliteOptions& options, Prove prove) {
  TRY_VOID(database.empty_log());
  return Changelog::open(database, options.history, std::move(prove), options.uncounted);
}

/// The key for what was found, before anything is made or changed.
Result<Prove> vouch(const SqliteOptions& options, const std::string& file, Database& database,
                    const format::Mark& mark) {
  if (!options.vouch) return Prove();
  Found found;
  found.proven = mark.version >= format::kVersion;
  if (!mark.is_fresh()) {
    const Try<std::int64_t> last = database.integer("SELECT max(id) FROM change");
    if (!last) return format::refusal(file, last.error());
    found.anything = *last != 0;
  }
  found.scan = [&](std::string_view prefix) -> Result<std::vector<Entry>> {
    if (mark.is_fresh()) return std::vector<Entry>();
    TRY(Reader reader, Reader::open(file, options.vfs));
    TRY(auto scanned, reader.scan(prefix, {}));
    return std::move(scanned.first);
  };
  return options.vouch(found);
}

Result<void> refuse_loss(const std::string& file, std::int64_t missing) {
  return Error{
      Error::Code::kRefused,
      fmt::format("In the file {} {}: restore it from a backup, or start once with --accept-loss to go on with "
                  "what is there. What is missing may be a policy that denied something.",
                  file,
                  missing > 0   ? fmt::format("{} entries are missing", missing)
                  : missing < 0 ? "the count of entries is not what was written"
                                : "")};
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) {
  TRY(Folder folder, Folder::hold(options.folder));
  TRY(std::string file, folder.file("deputy.db"));
  Try<Database> database = Database::open(file, options.vfs, Database::Mode::kWrite, kWriterCacheKib);
  if (!database) return format::refusal(file, database.error());
  TRY(const format::Mark mark, format::prepare(*database, file));
  TRY(Prove prove, vouch(options, file, *database, mark));
  if (Try<void> done = format::complete(*database, mark, prove); !done) return format::refusal(file, done.error());
  Try<Changelog> log = take_over(*database, options, prove);
  if (!log) return format::refusal(file, log.error());
  if (log->missing() != 0) {
    if (!options.accept_loss) TRY_VOID(refuse_loss(file, log->missing()));
    log::warning("{}: entries were missing; what is there is counted anew", file);
    if (Try<void> done = log->accept_loss(); !done) return format::refusal(file, done.error());
  }
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(std::move(folder), std::move(file), options.vfs,
                                                              std::move(prove), std::move(*database), std::move(*log)));
}

}  // namespace deputy::store
