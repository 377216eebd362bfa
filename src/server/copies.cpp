#include "server/copies.h"

#include <algorithm>
#include <future>

#include "base/encoding.h"
#include "directory/changes.h"
#include "directory/objects.h"
#include "host/log.h"
#include "server/named_bytes.h"

namespace deputy::server {

namespace {

constexpr int kMostAttempts = 20;        // against those who write at the same time
constexpr std::size_t kMostLeft = 1000;  // blobs that one entry names
constexpr std::string_view kServersOwn = "token-key/";

Error not_found(const std::string& name) {
  return {"SnapshotNotFoundException", 400, "There is no snapshot " + name + "."};
}
Error not_read(const store::Error& why) { return {"InternalFailure", 500, "the store refused: " + why.message}; }

/// What has to be written so that the store holds `wanted`, guarded by what it holds.
directory::Changes difference(const std::vector<store::Entry>& there, const std::vector<store::Entry>& wanted) {
  std::vector<directory::Changes::Guard> guards;
  std::vector<directory::Changes::Write> writes;
  const auto change = [&](const std::string& key, store::Revision revision, std::optional<std::string> value) {
    guards.push_back({key, revision});
    writes.push_back({key, std::move(value)});
  };
  auto old = there.begin();
  for (const store::Entry& entry : wanted) {
    for (; old != there.end() && old->key < entry.key; ++old) change(old->key, old->revision, std::nullopt);
    const bool exists = old != there.end() && old->key == entry.key;
    if (!exists) {
      change(entry.key, 0, entry.value);
    } else if (old->value != entry.value) {
      change(entry.key, old->revision, entry.value);
    }
    if (exists) ++old;
  }
  for (; old != there.end(); ++old) change(old->key, old->revision, std::nullopt);
  return directory::Changes::of_entries(std::move(guards), std::move(writes));
}

}  // namespace

Result<Copies::Copy> Copies::save(const std::string& name, Time now) {
  const std::scoped_lock still(moving_);
  auto entries = state_.stored("");
  if (!entries) return not_read(entries.error());
  Copy copy{.name = name, .entries = entries->size(), .saved = now};
  for (const store::Entry& entry : *entries) {
    copy.revision = std::max(copy.revision, entry.revision);
    copy.bytes += entry.key.size() + entry.value.size() + sizeof(store::Entry);
  }
  auto blobs = std::make_shared<const Blobs>(named(*entries, false));
  for (const std::string& blob : *blobs) copy.bytes += blob.size() + sizeof(std::string);
  auto kept = std::make_shared<const Entries>(std::move(entries).value());
  const std::lock_guard lock(mutex_);
  std::size_t bytes = copy.bytes, others = 0;
  for (const auto& [other, of_other] : kept_) {
    if (other == name) continue;
    bytes += of_other.copy.bytes;
    ++others;
  }
  if (others >= kMost || bytes > kMostBytes) {
    return Error("LimitExceededException", 400,
                 "There is no room for another snapshot: delete one (deputy snapshot delete NAME).");
  }
  kept_[name] = {copy, std::move(kept), std::move(blobs)};
  return copy;
}

std::vector<Copies::Copy> Copies::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<Copy> all;
  for (const auto& [name, kept] : kept_) all.push_back(kept.copy);
  return all;
}

Result<Copies::Kept> Copies::find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(name);
  if (found == kept_.end()) return not_found(name);
  return found->second;
}

Result<Copies::Copy> Copies::remove(const std::string& name) {
  TRY(Kept kept, find(name));
  const std::lock_guard lock(mutex_);
  kept_.erase(name);
  return std::move(kept.copy);
}

bool Copies::need(const std::string& blob) const {
  const std::scoped_lock lock(mutex_);
  return std::any_of(kept_.begin(), kept_.end(), [&](const auto& kept) { return kept.second.blobs->contains(blob); });
}

Copies::Blobs Copies::named(const Entries& entries, bool with_unused) const {
  Blobs blobs;
  std::size_t unread = 0;
  for (const store::Entry& entry : entries) {
    if (!directory::is_held(entry.key)) continue;
    const auto reading = state_.snapshot()->read({entry.key, std::string_view(entry.value)});
    if (!reading) {
      ++unread;
      continue;
    }
    each_blob(reading->entity, [&](const std::string& blob) { blobs.insert(blob); });
    const auto unused = with_unused ? unused_bytes(reading->entity) : nullptr;
    if (unused != nullptr) blobs.insert(unused->blobs.begin(), unused->blobs.end());
  }
  if (unread > 0) log::warning("{} entries of objects cannot be read: what bytes they name is not known", unread);
  return blobs;
}

Result<Copies::Restored> Copies::restore(const std::string& name) {
  const std::scoped_lock still(moving_);
  TRY(const Kept kept, find(name));
  TRY(const std::size_t changed, become(*kept.entries));
  return Restored{kept.copy, changed};
}

Result<std::size_t> Copies::clear() {
  const std::scoped_lock still(moving_);
  auto entries = state_.stored(kServersOwn);
  if (!entries) return not_read(entries.error());
  return become(*entries);
}

Result<std::size_t> Copies::become(const Entries& wanted) {
  const Blobs to_come = named(wanted, true);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    const auto there = state_.stored("");
    if (!there) return not_read(there.error());
    directory::Changes changes = difference(*there, wanted);
    if (changes.empty()) return std::size_t{0};
    const std::size_t changed = changes.writes().size();
    // Nothing will name the bytes that came after the copy, but for this.
    Blobs left = named(*there, true);
    for (const std::string& blob : to_come) left.erase(blob);
    while (!left.empty()) {
      directory::UnusedBytes unused;
      unused.id = hex(entropy_.bytes(16));
      unused.since = clock_.now();
      while (!left.empty() && unused.blobs.size() < kMostLeft) {
        unused.blobs.push_back(std::move(left.extract(left.begin()).value()));
      }
      directory::Changes leaving;
      leaving.leave_unused(unused);
      changes.append(std::move(leaving));
    }
    std::promise<store::Result<store::Revision>> outcome;
    state_.commit(changes, [&](auto done) { outcome.set_value(std::move(done)); });
    const auto done = outcome.get_future().get();
    if (done) {
      usage_.forget_deleted(changes);
      return changed;
    }
    if (done.error().code == store::Error::Code::kFull) return Error("ServiceUnavailable", 503, done.error().message);
    if (done.error().code != store::Error::Code::kConflict) return not_read(done.error());
  }
  return Error("ServiceUnavailable", 503, "Others wrote at the same time, each time: try again.");
}

}  // namespace deputy::server
