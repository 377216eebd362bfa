#include "services/s3/versions.h"

#include <algorithm>

#include "services/s3/object_errors.h"

namespace deputy::s3 {

using directory::Bucket;
using directory::Changes;
using directory::ObjectVersion;
using directory::Versioning;
using objects::Versions;

namespace {

// In the order of their bytes, so that ids sort as the numbers that they begin with.
constexpr std::string_view kSorted = ".0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kIdSize = 32, kStampSize = 10;  // of characters of six bits: enough for milliseconds × 1,024
constexpr std::uint64_t kLargestStamp = (std::uint64_t{1} << (6 * kStampSize)) - 1;

static_assert(kSorted.size() == 64);

std::uint64_t stamp_of(Time now) { return static_cast<std::uint64_t>(now.time_since_epoch().count()) << 10; }

std::string id_of(std::uint64_t stamp, crypto::Entropy& entropy) {
  std::string id(kIdSize, kSorted.front());
  for (std::size_t i = 0; i < kStampSize; ++i) id[i] = kSorted[stamp >> (6 * (kStampSize - 1 - i)) & 63];
  const std::string drawn = entropy.bytes(kIdSize - kStampSize);
  for (std::size_t i = kStampSize; i < kIdSize; ++i) {
    id[i] = kSorted[static_cast<unsigned char>(drawn[i - kStampSize]) & 63U];
  }
  return id;
}

std::uint64_t stamp_of(std::string_view id) {
  std::uint64_t stamp = 0;
  for (const char c : id.substr(0, kStampSize)) stamp = stamp << 6 | kSorted.find(c);
  return stamp;
}

/// Before that of the newest, whatever the clocks say: ids sort newest first.
std::string draw_version(const services::At& at, const objects::VersionPtr& newest) {
  std::uint64_t stamp = kLargestStamp - stamp_of(at.now);
  if (newest) stamp = std::min(stamp, stamp_of(newest->version) - 1);
  return id_of(stamp, at.entropy);
}

/// A commit of an ordinary size has no room for the names of thousands of blobs, once or twice.
void allow_pieces(Changes& changes, const ObjectVersion& version) {
  constexpr std::size_t kMany = 2000;
  if (version.pieces.size() > kMany) changes.allow_many();
}

/// The newest version becomes an older one.
void retire(Changes& changes, const ObjectVersion& newest) {
  allow_pieces(changes, newest);
  ObjectVersion older = newest;
  older.null_version.clear();
  changes.put(directory::version_key(older.bucket, older.key, older.version), older, 0);
}

/// Puts `version`, whose id and whether it is null are settled, on top.
void put_on_top(Changes& changes, const services::At& at, const Versions& there, ObjectVersion& version) {
  const std::string key = directory::newest_key(version.bucket, version.key);
  const ObjectVersion* const newest = there.newest.get();
  if (version.is_null && newest != nullptr && newest->is_null) {  // is replaced
    leave_bytes(changes, at, *newest);
    return changes.put(key, version, newest->revision);
  }
  if (newest != nullptr) retire(changes, *newest);
  if (version.is_null && there.named) {  // the null version of before, further down
    leave_bytes(changes, at, *there.named);
    changes.remove(directory::version_key(version.bucket, version.key, there.named->version), there.named->revision);
  }
  if (!version.is_null && newest != nullptr)
    version.null_version = newest->is_null ? newest->version : newest->null_version;
  changes.put(key, version, newest != nullptr ? newest->revision : 0);
}

void stamp(const services::At& at, const Bucket& bucket, const Versions& there, ObjectVersion& version) {
  version.version = draw_version(at, there.newest);
  version.is_null = bucket.versioning != Versioning::kEnabled;
  version.modified = at.now;
}

}  // namespace

objects::OfKey look_before_write(const Bucket& bucket, std::string_view key) {
  return {bucket.id, std::string(key), bucket.versioning == Versioning::kSuspended ? "null" : ""};
}

void put_version(Changes& changes, const services::At& at, const Bucket& bucket, const Versions& there,
                 ObjectVersion& version) {
  allow_pieces(changes, version);
  changes.require_unchanged(bucket);  // it may be deleted, or become versioned
  stamp(at, bucket, there, version);
  put_on_top(changes, at, there, version);
}

objects::VersionPtr delete_of_key(Changes& changes, const services::At& at, const Bucket& bucket, std::string_view key,
                                  const Deletion& deletion, const Versions& there) {
  const ObjectVersion* const newest = there.newest.get();
  const std::string newest_key = directory::newest_key(bucket.id, key);
  const bool makes_marker = deletion.key && bucket.versioning != Versioning::kNever;
  const bool drops_newest = deletion.key && bucket.versioning == Versioning::kNever;
  bool newest_goes = drops_newest && newest != nullptr, null_goes = false;
  if (newest_goes) leave_bytes(changes, at, *newest);
  for (const objects::VersionPtr& gone : deletion.versions) {
    null_goes = null_goes || gone->is_null;
    if (newest != nullptr && gone->version == newest->version) {
      if (std::exchange(newest_goes, true)) continue;
    } else {
      changes.remove(directory::version_key(bucket.id, key, gone->version), gone->revision);
    }
    leave_bytes(changes, at, *gone);
  }
  if (makes_marker) {
    ObjectVersion made;
    made.bucket = bucket.id;
    made.key = key;
    made.owner = bucket.account;
    made.is_marker = true;
    stamp(at, bucket, there, made);
    changes.require_unchanged(bucket);
    if (newest_goes) {  // it takes the place of what goes
      made.null_version = made.is_null || newest->is_null || null_goes ? "" : newest->null_version;
      changes.put(newest_key, made, newest->revision);
    } else {
      Versions left = there;
      if (null_goes) left.named = nullptr;  // gone already
      put_on_top(changes, at, left, made);
    }
    return std::make_shared<const ObjectVersion>(std::move(made));
  }
  if (newest == nullptr) return nullptr;
  if (!newest_goes) {
    if (!null_goes || newest->null_version.empty()) return nullptr;
    ObjectVersion kept = *newest;
    kept.null_version.clear();
    changes.put(newest_key, kept, newest->revision);
    return nullptr;
  }
  if (!there.next) {
    changes.remove(newest_key, newest->revision);
    return nullptr;
  }
  ObjectVersion next = *there.next;
  next.null_version = next.is_null || newest->is_null || null_goes ? "" : newest->null_version;
  changes.put(newest_key, next, newest->revision);
  changes.remove(directory::version_key(bucket.id, key, next.version), there.next->revision);
  return nullptr;
}

bool is_versioned(const Bucket& bucket) { return bucket.versioning != Versioning::kNever; }

std::optional<std::string> written_version_id(const Bucket& bucket, const ObjectVersion& version) {
  if (bucket.versioning != Versioning::kEnabled) return std::nullopt;
  return version.version;
}

std::optional<std::string> read_version_id(const Bucket& bucket, const ObjectVersion& version) {
  if (!is_versioned(bucket)) return std::nullopt;
  return version.shown_version();
}

Result<void> check_version_id(const Bucket& bucket, const std::optional<std::string>& version_id) {
  if (!version_id || *version_id == "null") return {};
  const bool is_one = is_versioned(bucket) && version_id->size() == kIdSize &&
                      version_id->find_first_not_of(kSorted) == std::string::npos;
  if (!is_one) return errors::invalid_version_id(*version_id);
  return {};
}

std::string draw_upload_id(const services::At& at) { return id_of(stamp_of(at.now), at.entropy); }
std::string draw_unused_id(const services::At& at) { return id_of(stamp_of(at.now), at.entropy); }

void leave_bytes(Changes& changes, const services::At& at, const ObjectVersion& version) {
  directory::UnusedBytes unused;
  for (const directory::Piece& piece : version.pieces) {
    if (!piece.blob.empty()) unused.blobs.push_back(piece.blob);
  }
  if (unused.blobs.empty()) return;
  allow_pieces(changes, version);
  unused.id = draw_unused_id(at);
  unused.since = at.now;
  changes.leave_unused(unused);
}

}  // namespace deputy::s3
