#include "server/sweeper.h"

#include <algorithm>
#include <array>
#include <future>

#include "base/encoding.h"
#include "base/prefix.h"
#include "crypto/random.h"
#include "directory/changes.h"
#include "directory/objects.h"
#include "host/log.h"
#include "server/named_bytes.h"
#include "server/object_pages.h"
#include "store/store.h"

namespace deputy::server {
namespace {

/// What names bytes, in the order in which it is read.
constexpr std::array kNaming = {directory::kParts, directory::kObjects, directory::kVersions};
/// Guards and writes of one commit.
constexpr std::size_t kTogether = store::kMaxOperations / 2;
/// When what could not be removed, or is needed by a copy, is looked at again.
constexpr std::chrono::minutes kAgain{1};

std::set<std::string, std::less<>> ids_of_buckets(const directory::Snapshot& snapshot) {
  std::set<std::string, std::less<>> ids;
  snapshot.accounts().each([&](const directory::AccountState& account) {
    account.buckets.each([&](const directory::Bucket& bucket) { ids.insert(bucket.id); });
  });
  return ids;
}

}  // namespace

Sweeper::Sweeper(state::State& state, blobs::Blobs& blobs, Copies& copies, const Clock& clock)
    : state_(state),
      blobs_(blobs),
      copies_(copies),
      clock_(clock),
      buckets_(object_pages(state),
               [this](std::string_view id) {
                 // One that was deleted since is met again in the next round.
                 if (ids_.contains(id)) return true;
                 const directory::SnapshotPtr snapshot = state_.snapshot();
                 ids_ = ids_of_buckets(*snapshot);
                 // What seems to be of no bucket may be of one that cannot be read.
                 return ids_.contains(id) || !snapshot->unreadable().empty();
               }),
      earliest_(Time::max()) {
  for (std::string& name : blobs_.left_behind()) unclaimed_.insert(std::move(name));
  kind_ = unclaimed_.empty() ? kNaming.size() : 0;
}

bool Sweeper::sweep() {
  if (kind_ < kNaming.size()) {
    if (!look_for_drafts()) settle_drafts();
    return true;
  }
  if (!is_waiting(buckets_idle_until_)) {
    sweep_buckets();
    return true;
  }
  if (is_waiting(idle_until_)) return false;
  idle_until_.reset();
  return sweep_page();
}

// ---- Drafts that were left behind

bool Sweeper::look_for_drafts() {
  if (from_.empty()) from_ = kNaming[kind_];
  const auto page = state_.page(from_, end_of_prefix(kNaming[kind_]), kEntries);
  if (!page) {
    log::warning("bytes of an earlier process stay: {}", page.error().message);
    in_doubt();
    return false;
  }
  for (const store::Entry& entry : page->entries) {
    const auto reading = state_.snapshot()->read({entry.key, std::string_view(entry.value)});
    // Who knows what it names.
    if (!entry.genuine || !reading || !each_blob(reading->entity, [&](const std::string& blob) { found(blob); })) {
      in_doubt();
    }
  }
  if (page->more) {
    from_ = page->entries.back().key + '\0';
    return true;
  }
  from_.clear();
  return ++kind_ < kNaming.size();
}

void Sweeper::found(const std::string& blob) {
  const std::scoped_lock lock(mutex_);
  if (const auto at = unclaimed_.find(blob); at != unclaimed_.end()) claimed_.insert(unclaimed_.extract(at));
}

void Sweeper::committed(std::span<const directory::Reading> readings) {
  {
    const std::scoped_lock lock(mutex_);
    if (unclaimed_.empty()) return;
  }
  for (const directory::Reading& reading : readings) {
    each_blob(reading.entity, [&](const std::string& blob) { found(blob); });
    // It was named until now, and goes with this entry.
    if (const auto unused = unused_bytes(reading.entity)) {
      for (const std::string& blob : unused->blobs) found(blob);
    }
  }
}

void Sweeper::in_doubt() {
  const std::scoped_lock lock(mutex_);
  unsure_ = true;
}

void Sweeper::settle_drafts() {
  kind_ = kNaming.size();
  const std::scoped_lock lock(mutex_);
  for (const std::string& name : claimed_) blobs_.recover(name, true);
  if (unsure_) {
    log::warning("{} drafts of bytes stay, because what names them cannot be read", unclaimed_.size());
  } else {
    for (const std::string& name : unclaimed_) blobs_.recover(name, false);
    log::info("drafts of bytes of an earlier process: {} kept, {} removed", claimed_.size(), unclaimed_.size());
  }
  unclaimed_.clear();
  claimed_.clear();
}

// ---- Buckets that are gone

void Sweeper::sweep_buckets() {
  const auto still = copies_.hold_still();
  buckets_idle_until_.reset();
  const auto step = buckets_.next(clock_.now(), hex(crypto::system_entropy().bytes(16)));
  if (!step) log::warning("what is left of buckets cannot be looked for: {}", step.error().message);
  if (!step || step->done) {
    ids_.clear();
    buckets_idle_until_ = clock_.now() + kGrace;
  } else if (!step->changes.empty()) {
    if (!commit(step->changes)) buckets_idle_until_ = clock_.now() + kAgain;
    idle_until_.reset();
  }
}

// ---- Unused bytes

/// A clock that was set back does not make it wait for longer than it would have.
bool Sweeper::is_waiting(const std::optional<Time>& until) const {
  return until && clock_.now() < *until && *until <= clock_.now() + kGrace;
}

bool Sweeper::sweep_page() {
  // No copy is made or restored meanwhile: what is found to be needed by none stays so.
  const auto still = copies_.hold_still();
  if (next_.empty()) next_ = directory::kUnused;
  const auto page = state_.page(next_, end_of_prefix(directory::kUnused), kEntries);
  if (!page) {
    log::warning("unused bytes cannot be looked for: {}", page.error().message);
    idle_until_ = clock_.now() + kGrace;
    return false;
  }
  std::vector<std::pair<std::string, store::Revision>> gone;
  std::size_t room = kBlobs;
  bool more = page->more;
  next_ = more ? page->entries.back().key + '\0' : std::string();
  for (const store::Entry& entry : page->entries) {
    const auto reading = state_.snapshot()->read({entry.key, std::string_view(entry.value)});
    const auto unused = entry.genuine && reading ? unused_bytes(reading->entity) : nullptr;
    if (unused == nullptr) continue;  // set aside, as all that cannot be read
    if (clock_.now() < unused->since + kGrace || is_needed(*unused)) {
      earliest_ = std::min(earliest_, std::max(unused->since + kGrace, clock_.now() + kAgain));
      continue;
    }
    const Done done = remove_bytes(*unused, room);
    if (done == Done::kAll) gone.emplace_back(entry.key, entry.revision);
    if (done == Done::kLater) earliest_ = std::min(earliest_, clock_.now() + kAgain);
    if (done == Done::kMore) {
      next_ = entry.key;
      more = true;
      break;
    }
  }
  if (!erase(gone)) earliest_ = std::min(earliest_, clock_.now() + kAgain);
  if (more) return true;
  // Whatever is written from now on is due in kGrace at the earliest.
  idle_until_ = std::min(earliest_, clock_.now() + kGrace);
  earliest_ = Time::max();
  return false;
}

bool Sweeper::is_needed(const directory::UnusedBytes& unused) const {
  return std::any_of(unused.blobs.begin(), unused.blobs.end(),
                     [&](const std::string& blob) { return copies_.need(blob); });
}

Sweeper::Done Sweeper::remove_bytes(const directory::UnusedBytes& unused, std::size_t& room) {
  if (!unused.upload.empty()) {
    if (const Done parts = remove_parts(unused, room); parts != Done::kAll) return parts;
  }
  if (room < std::min(unused.blobs.size(), kBlobs)) return Done::kMore;
  room -= std::min(unused.blobs.size(), room);
  for (const std::string& blob : unused.blobs) {
    if (!remove(blob)) return Done::kLater;
  }
  return Done::kAll;
}

Sweeper::Done Sweeper::remove_parts(const directory::UnusedBytes& unused, std::size_t& room) {
  const std::set<std::string_view> kept(unused.kept.begin(), unused.kept.end());
  const std::string prefix = directory::parts_of(unused.bucket, unused.upload);
  for (;;) {
    const auto page = state_.page(prefix, end_of_prefix(prefix), kTogether);
    if (!page) return Done::kLater;
    if (page->entries.empty()) return Done::kAll;
    if (room < page->entries.size()) return Done::kMore;
    std::vector<std::pair<std::string, store::Revision>> gone;
    for (const store::Entry& entry : page->entries) {
      const auto reading = state_.snapshot()->read({entry.key, std::string_view(entry.value)});
      if (!entry.genuine || !reading) return Done::kLater;
      bool removed = true;
      each_blob(reading->entity, [&](const std::string& blob) {
        room -= std::min<std::size_t>(room, 1);
        // A copy from before the upload ended has this part.
        if (!kept.contains(blob)) removed = !copies_.need(blob) && remove(blob) && removed;
      });
      if (!removed) return Done::kLater;
      gone.emplace_back(entry.key, entry.revision);
    }
    if (!erase(gone)) return Done::kLater;
  }
}

bool Sweeper::remove(const std::string& blob) {
  const auto removed = blobs_.remove(blob);
  if (!removed && !told_) log::warning("{}; it is tried again", removed.error().message);
  if (!removed) told_ = true;
  return removed.ok();
}

bool Sweeper::erase(const std::vector<std::pair<std::string, store::Revision>>& entries) {
  for (std::size_t from = 0; from < entries.size(); from += kTogether) {
    directory::Changes changes;
    for (std::size_t i = from; i < std::min(from + kTogether, entries.size()); ++i) {
      changes.remove(entries[i].first, entries[i].second);
    }
    if (!commit(changes)) return false;
  }
  return true;
}

bool Sweeper::commit(const directory::Changes& changes) {
  std::promise<store::Result<store::Revision>> outcome;
  state_.commit(changes, [&](auto done) { outcome.set_value(std::move(done)); });
  const auto done = outcome.get_future().get();
  if (!done && done.error().code != store::Error::Code::kFull) log::warning("unused bytes: {}", done.error().message);
  return done.ok();
}

}  // namespace deputy::server
