#include "state/state.h"

#include "base/log.h"
#include "directory/leftovers.h"

namespace deputy::state {

using directory::Snapshot;
using directory::SnapshotPtr;
using directory::StoredChange;

namespace {

std::atomic<std::uint64_t> next_identity{1};

struct Cached {
  std::uint64_t identity = 0, version = 0;
  SnapshotPtr snapshot;
};

/// Takes as many entries as one commit can delete off the end: as they were read, or not at all.
store::Commit deletion(std::vector<store::Entry>& entries) {
  constexpr std::size_t kTogether = store::kMaxOperations / 2 - 1;  // each is a precondition and a change
  store::Commit commit;
  for (std::size_t n = 0; n < kTogether && !entries.empty(); ++n) {
    commit.given.push_back({entries.back().key, entries.back().revision});
    commit.changes.push_back({std::move(entries.back().key), std::nullopt});
    entries.pop_back();
  }
  return commit;
}

/// What deleted accounts left behind must not come back with new accounts of their ids (directory/leftovers.h).
store::Result<void> sweep(store::Store& store, const Snapshot& snapshot, std::span<const store::Entry> entries,
                          std::span<const StoredChange> stored) {
  std::vector<store::Entry> gone;
  for (const std::size_t i : directory::leftovers(snapshot, stored)) gone.push_back(entries[i]);
  if (gone.empty()) return {};
  log::warning("deleting {} entries that belong to no account, \"{}\" first", gone.size(), gone.front().key);
  while (!gone.empty()) {
    TRY([[maybe_unused]] const store::Revision revision, store.commit(deletion(gone)));
  }
  return {};
}

}  // namespace

store::Result<std::unique_ptr<State>> State::open(std::unique_ptr<store::Store> store,
                                                  std::vector<directory::ManagedPolicy> aws_policies) {
  TRY(auto loaded, store->scan(""));
  const auto& [entries, revision] = loaded;
  std::vector<StoredChange> changes;
  std::vector<directory::Revision> revisions;
  changes.reserve(entries.size());
  revisions.reserve(entries.size());
  // Buckets name accounts, and "account/" sorts before "bucket/": each entry finds what it refers to.
  for (const store::Entry& entry : entries) {
    changes.push_back({entry.key, entry.value});
    revisions.push_back(entry.revision);
  }
  auto first = Snapshot::empty(std::move(aws_policies))->apply(revision, changes, revisions);
  if (!first) {
    return store::Error{store::Error::Code::kRefused,
                        "the entry " + first.error().key + " cannot be read: " + first.error().reason};
  }
  TRY_VOID(sweep(*store, **first, entries, changes));
  return std::unique_ptr<State>(new State(std::move(store), std::move(first).value()));
}

State::State(std::unique_ptr<store::Store> store, SnapshotPtr first)
    : identity_(next_identity.fetch_add(1)), current_(std::move(first)), store_(std::move(store)) {}

State::~State() = default;

const SnapshotPtr& State::snapshot() const {
  thread_local Cached cached;
  const std::uint64_t version = version_.load(std::memory_order_acquire);
  if (cached.identity != identity_ || cached.version != version) {
    const std::lock_guard lock(mutex_);
    cached = {identity_, version_.load(std::memory_order_relaxed), current_};
  }
  return cached.snapshot;
}

store::Result<std::vector<store::Entry>> State::stored(std::string_view prefix) const {
  TRY(auto scanned, store_->scan(prefix));
  return std::move(scanned.first);
}

void State::commit(const directory::Changes& changes, store::Store::Done done) {
  store::Commit commit;
  for (const auto& guard : changes.guards()) commit.given.push_back({guard.key, guard.revision});
  for (const auto& write : changes.writes()) commit.changes.push_back({write.key, write.value});
  for (const auto& guard : changes.guards()) {
    const auto prefix = guard.revision == 0 ? directory::prefix_of_account(guard.key) : std::nullopt;
    if (!prefix) continue;
    auto left = store_->scan(*prefix);
    if (!left) return done(std::move(left).error());
    return make_account(guard.key, std::move(left->first), std::move(commit), std::move(done));
  }
  submit(std::move(commit), std::move(done));
}

void State::make_account(const std::string& key, std::vector<store::Entry> left, store::Commit commit,
                         store::Store::Done done) {
  if (left.empty()) return submit(std::move(commit), std::move(done));
  store::Commit sweeping = deletion(left);
  sweeping.given.push_back({key, 0});  // nobody made it meanwhile: then these are his
  const auto rest =
      std::make_shared<std::pair<std::vector<store::Entry>, store::Commit>>(std::move(left), std::move(commit));
  store_->submit(std::move(sweeping), [this, key, rest, done = std::move(done)](store::Result<store::Revision> swept) {
    if (!swept) return done(std::move(swept));
    make_account(key, std::move(rest->first), std::move(rest->second), done);
  });
}

void State::submit(store::Commit commit, store::Store::Done done) {
  auto written = std::make_shared<const std::vector<store::Change>>(commit.changes);
  store_->submit(std::move(commit), [this, written, done = std::move(done)](store::Result<store::Revision> revision) {
    if (revision) publish(*revision, *written);
    done(std::move(revision));
  });
}

void State::publish(store::Revision revision, const std::vector<store::Change>& changes) {
  std::vector<StoredChange> stored;
  stored.reserve(changes.size());
  for (const store::Change& change : changes) {
    stored.push_back({change.key, change.value ? std::optional<std::string_view>(*change.value) : std::nullopt});
  }
  // Only this thread publishes, so current_ may be read without the lock.
  auto next = current_->apply(revision, stored);
  if (!next) {
    // What we encoded ourselves does not decode: a defect. The commit is durable; a snapshot without it must not go on.
    log::error("entry {} cannot be applied: {}", next.error().key, next.error().reason);
    std::abort();
  }
  const std::lock_guard lock(mutex_);
  current_ = std::move(next).value();
  version_.fetch_add(1, std::memory_order_release);
}

}  // namespace deputy::state
