#include "store/sqlite/sqlite.h"

#include <fmt/core.h>

#include "base/log.h"
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
  SqliteStore(Folder folder, std::string file, std::string vfs, Database database, Changelog log)
      : folder_(std::move(folder)),
        file_(std::move(file)),
        vfs_(std::move(vfs)),
        database_(std::move(database)),
        log_(std::move(log)),
        head_(log_.head()),
        writer_([this](std::span<Pending> group) { run(group); }) {}

  Result<std::pair<std::vector<Entry>, Revision>> scan(std::string_view prefix) override {
    TRY(Reader reader, Reader::open(file_, vfs_));
    return reader.scan(prefix);
  }

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
    Outcomes outcomes = closed_.empty() ? write(group) : all_unavailable(group.size());
    for (std::size_t i = 0; i < group.size(); ++i) group[i].done(std::move(outcomes[i]));
    if (closed_.empty() && database_.log_pages() >= kLogPages) {
      if (Try<void> done = database_.checkpoint(); !done) close(done.error());
    }
  }

  Outcomes write(std::span<Pending> group) {
    Outcomes outcomes;
    outcomes.reserve(group.size());
    if (Try<void> durable = transact(group, outcomes); !durable) {
      close(durable.error());
      return all_unavailable(group.size());
    }
    head_.advance(log_.head());
    return outcomes;
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
    TRY_VOID(log_.apply(commit.changes));
    return Result<Revision>(log_.head());
  }

  /// No rollback, no checkpoint: the log stays as the fault left it, and the next open judges it by its checksums.
  void close(const Fault& fault) {
    closed_ = fmt::format("The store {} takes no more writes until the server is started again: {}{}.", file_,
                          fault.message, fault.is_full() ? " (free some space first)" : "");
    database_.leave_log();
    log::error("{}", closed_);
  }

  [[nodiscard]] Outcomes all_unavailable(std::size_t count) const {
    return Outcomes(count, Result<Revision>(Error{Error::Code::kUnavailable, closed_}));
  }

  Folder folder_;  // first: let go of last
  std::string file_, vfs_;
  Database database_;  // of the writer's thread, as all down to closed_
  Changelog log_;
  std::string closed_;  // why nothing is written any more; empty: open
  Head head_;
  Writer writer_;  // last: its thread uses all else
};

/// INVARIANT: nothing is committed on top of a log that an earlier process left behind. Its last pages may never have
/// reached the disk (a failed fsync), and what follows them in the log would be lost with them; in the database file
/// they are written and synced anew (Faults.AFailedSyncIsNotBuiltUponAfterReopening).
Try<Changelog> take_over(Database& database, Revision history) {
  TRY_VOID(database.empty_log());
  return Changelog::open(database, history);
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) {
  TRY(Folder folder, Folder::hold(options.folder));
  TRY(std::string file, folder.file("deputy.db"));
  Try<Database> database = Database::open(file, options.vfs, Database::Mode::kWrite, kWriterCacheKib);
  if (!database) return format::refusal(file, database.error());
  TRY_VOID(format::prepare(*database, file));
  Try<Changelog> log = take_over(*database, options.history);
  if (!log) return format::refusal(file, log.error());
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(std::move(folder), std::move(file), options.vfs,
                                                              std::move(*database), std::move(*log)));
}

}  // namespace deputy::store
