#include "state/state.h"

#include <algorithm>
#include <iterator>

#include "base/prefix.h"
#include "directory/leftovers.h"
#include "host/guarded.h"
#include "host/log.h"

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
store::Result<void> sweep(store::Store& store, const Snapshot& snapshot, std::span<const store::Entry> entries) {
  std::vector<StoredChange> stored;
  stored.reserve(entries.size());
  for (const store::Entry& entry : entries) stored.push_back({entry.key, entry.value});
  std::vector<store::Entry> gone;
  for (const std::size_t i : directory::leftovers(snapshot, stored)) gone.push_back(entries[i]);
  if (gone.empty()) return {};
  log::warning("deleting {} entries that belong to no account, \"{}\" first", gone.size(), gone.front().key);
  while (!gone.empty()) {
    TRY([[maybe_unused]] const store::Revision revision, store.commit(deletion(gone)));
  }
  return {};
}

/// Loudly: the operator has to know, and each says what it costs.
void name_unreadable(const Snapshot& snapshot) {
  snapshot.unreadable().each([](const directory::Unreadable& entry) {
    log::error("the entry {} is set aside: {}; whatever depends on it is refused (deputy entries list)", entry.key,
               entry.reason);
  });
}

store::Error unreadable(std::string message) { return {store::Error::Code::kUnreadable, std::move(message)}; }

/// What is set aside stays as it is, until the operator deletes the very entry that was found
/// (services/admin/entries.cpp).
store::Result<void> spare_unreadable(const Snapshot& snapshot, const directory::Changes& changes) {
  if (snapshot.unreadable().empty()) return {};
  const auto removes = [&](const directory::Unreadable& entry) {
    return std::any_of(changes.guards().begin(), changes.guards().end(),
                       [&](const auto& guard) { return guard.key == entry.key && guard.revision == entry.revision; });
  };
  const auto is_spared = [&](const std::string& key, bool stays) {
    const directory::Unreadable* entry = snapshot.unreadable().get(key);
    return entry != nullptr && (stays || !removes(*entry));
  };
  for (const auto& write : changes.writes()) {
    if (is_spared(write.key, write.value.has_value())) return unreadable("the entry " + write.key + " is set aside");
  }
  for (const auto& guard : changes.guards()) {
    if (is_spared(guard.key, false)) return unreadable("the entry " + guard.key + " is set aside");
  }
  return {};
}

/// What a bulk commit wrote has more than one revision.
void stamp(std::vector<directory::Reading>& readings, store::Revision last) {
  for (std::size_t i = 0; i < readings.size(); ++i) {
    readings[i].revision = store::bulk_revision(last, readings.size(), i);
  }
}

}  // namespace

/// A commit on its way: made before it is submitted, so that nothing is left to fail when it is durable.
struct State::Written {
  store::Revision revision = 0;
  std::vector<directory::Reading> readings;
};

namespace {

/// All but what buckets hold, in the order of keys.
store::Result<std::vector<store::Entry>> shown(store::Store& store, store::Revision& at) {
  std::vector<std::string> ends;  // of what is left out
  for (const std::string_view kind : directory::kHeldKinds) ends.push_back(end_of_prefix(kind));
  std::vector<store::Store::Range> ranges;
  std::string_view from;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    ranges.push_back({from, directory::kHeldKinds[i], SIZE_MAX});
    from = ends[i];
  }
  ranges.push_back({from, "", SIZE_MAX});
  TRY(std::vector<store::Store::Page> pages, store.pages(ranges));
  std::vector<store::Entry> all = std::move(pages.front().entries);
  at = pages.front().revision;
  for (std::size_t i = 1; i < pages.size(); ++i) {
    std::move(pages[i].entries.begin(), pages[i].entries.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace

store::Result<std::unique_ptr<State>> State::open(std::unique_ptr<store::Store> store,
                                                  directory::AwsPolicyFacts aws_policies) {
  store::Revision revision = 0;
  TRY(const std::vector<store::Entry> entries, shown(*store, revision));
  std::vector<directory::StoredEntry> stored;
  stored.reserve(entries.size());
  for (const store::Entry& entry : entries) {
    const std::string_view problem = entry.genuine ? "" : "it is not what this server wrote there";
    stored.push_back({entry.key, entry.value, entry.revision, problem});
  }
  SnapshotPtr first = Snapshot::empty(std::move(aws_policies))->load(revision, stored);
  name_unreadable(*first);
  // What seems to be nobody's may belong to something that cannot be read: then nothing is deleted.
  if (first->unreadable().empty()) TRY_VOID(sweep(*store, *first, entries));
  return std::unique_ptr<State>(new State(std::move(store), std::move(first)));
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

store::Result<State::WrittenList> State::read(const directory::Changes& changes) const {
  const SnapshotPtr now = snapshot();
  TRY_VOID(spare_unreadable(*now, changes));
  WrittenList written(1);
  written.front().readings.reserve(changes.writes().size());
  for (const auto& write : changes.writes()) {
    const auto value = write.value ? std::optional<std::string_view>(*write.value) : std::nullopt;
    auto reading = now->read({write.key, value});
    if (!reading) {
      return unreadable("the entry " + reading.error().key + " could not be read back (" + reading.error().reason +
                        "), so nothing was written");
    }
    written.front().readings.push_back(std::move(reading).value());
  }
  return written;
}

void State::commit(const directory::Changes& changes, store::Store::Done done) {
  auto written = read(changes);
  if (!written) return done(std::move(written).error());
  store::Commit commit;
  for (const auto& guard : changes.guards()) commit.given.push_back({guard.key, guard.revision});
  for (const auto& write : changes.writes()) commit.changes.push_back({write.key, write.value});
  commit.none_under = changes.none_under();
  commit.bulk = changes.is_bulk();
  Submission submission{std::move(commit), std::make_shared<WrittenList>(std::move(written).value())};
  std::vector<std::string> made;
  for (const auto& guard : changes.guards()) {
    if (guard.revision == 0 && directory::prefix_of_account(guard.key)) made.push_back(guard.key);
  }
  if (!made.empty()) return find_leftovers(std::move(made), std::move(submission), std::move(done));
  submit(std::move(submission), std::move(done));
}

void State::find_leftovers(std::vector<std::string> keys, Submission submission, store::Store::Done done) {
  // Nothing is written by this one: it only comes to the store's own thread, which may read the disk.
  store::Commit question;
  for (const std::string& key : keys) question.given.push_back({key, 0});
  question.bulk = submission.commit.bulk;
  const auto then = std::make_shared<Submission>(std::move(submission));
  store_->submit(std::move(question), [this, keys = std::move(keys), then,
                                       done = std::move(done)](store::Result<store::Revision> free) mutable {
    if (!free) return done(std::move(free));
    while (!keys.empty()) {
      auto left = store_->scan(*directory::prefix_of_account(keys.back()));
      if (!left) return done(std::move(left).error());
      const std::string key = std::move(keys.back());
      keys.pop_back();
      if (left->first.empty()) continue;
      return sweep_account(key, std::move(left->first), [this, keys = std::move(keys), then, done](auto swept) {
        if (!swept) return done(std::move(swept));
        find_leftovers(keys, std::move(*then), done);
      });
    }
    submit(std::move(*then), std::move(done));
  });
}

void State::sweep_account(const std::string& key, std::vector<store::Entry> left, store::Store::Done done) {
  Submission sweeping{deletion(left), std::make_shared<WrittenList>(1)};
  for (const store::Change& change : sweeping.commit.changes) {
    sweeping.written->front().readings.push_back({change.key, {}, true});
  }
  sweeping.commit.given.push_back({key, 0});  // nobody made it meanwhile: then these are his
  const auto rest = std::make_shared<std::vector<store::Entry>>(std::move(left));
  submit(std::move(sweeping), [this, key, rest, done = std::move(done)](store::Result<store::Revision> swept) {
    if (!swept || rest->empty()) return done(std::move(swept));
    sweep_account(key, std::move(*rest), done);
  });
}

void State::submit(Submission submission, store::Store::Done done) {
  const bool bulk = submission.commit.bulk;
  store_->submit(std::move(submission.commit), [this, bulk, written = std::move(submission.written),
                                                done = std::move(done)](store::Result<store::Revision> revision) {
    bool shown = true;
    if (revision) {
      written->front().revision = *revision;
      if (bulk) stamp(written->front().readings, *revision);
      shown = take_up(*written);
    } else {
      if (revision.error().code == store::Error::Code::kUnavailable) doubt();
      publish();
    }
    if (!shown) revision = store::Error{store::Error::Code::kUnavailable, "what was written cannot be shown yet"};
    done(std::move(revision));
  });
}

bool State::take_up(WrittenList& written) {
  const Written& commit = written.front();
  bool shows = false;
  for (const directory::Reading& reading : commit.readings) {
    if (!directory::stamp_held(reading, commit.revision)) shows = true;
  }
  if (witness_.committed &&
      !guarded("the witness of commits", [&] { witness_.committed(commit.revision, commit.readings); })) {
    doubt();
  }
  if (shows) behind_.splice(behind_.end(), written);
  return publish();
}

void State::doubt() {
  if (witness_.in_doubt) guarded("the witness of commits", [&] { witness_.in_doubt(); });
}

bool State::publish() {
  // Only this thread publishes, so current_ may be read without the lock.
  return guarded("publishing what was written", [this] {
    while (!behind_.empty()) {
      SnapshotPtr next = current_->apply(behind_.front().revision, behind_.front().readings);
      const std::lock_guard lock(mutex_);
      current_ = std::move(next);
      version_.fetch_add(1, std::memory_order_release);
      behind_.pop_front();
    }
  });
}

}  // namespace deputy::state
