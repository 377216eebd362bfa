#include "state/state.h"

#include "base/log.h"

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

void State::commit(const directory::Changes& changes, store::Store::Done done) {
  store::Commit commit;
  for (const auto& guard : changes.guards()) commit.given.push_back({guard.key, guard.revision});
  for (const auto& write : changes.writes()) commit.changes.push_back({write.key, write.value});
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
