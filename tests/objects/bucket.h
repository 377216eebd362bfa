// A store in which tests put what a bucket holds, as commits of operations do, and as this room reads it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "directory/codec.h"
#include "directory/objects.h"
#include "directory/reading.h"
#include "objects/pages.h"
#include "store/memory/memory.h"
#include "store/store.h"

namespace deputy::objects {

inline constexpr const char* kBucket = "BUCKETBUCKET";

inline directory::ObjectVersion version_of(std::string key, std::string version) {
  directory::ObjectVersion v;
  v.bucket = kBucket;
  v.key = std::move(key);
  v.version = std::move(version);
  v.is_null = false;
  v.etag = v.key + "@" + v.version;
  v.content = "content";
  return v;
}

inline directory::Upload upload_of(std::string key, std::string id) {
  directory::Upload upload;
  upload.bucket = kBucket;
  upload.key = std::move(key);
  upload.id = std::move(id);
  return upload;
}

/// The pages of a store.
inline Read pages_of(store::Store& store) {
  return [&store](std::span<const Range> ranges) -> Result<Moment> {
    std::vector<store::Store::Range> wanted;
    for (const Range& range : ranges) wanted.push_back({range.from, range.end, range.limit});
    auto pages = store.pages(wanted);
    if (!pages) return Fault{Fault::Kind::kUnavailable, pages.error().message};
    Moment moment;
    for (store::Store::Page& page : *pages) {
      moment.revision = page.revision;
      Page& as = moment.pages.emplace_back();
      as.more = page.more;
      for (store::Entry& entry : page.entries) {
        as.entries.push_back({std::move(entry.key), std::move(entry.value), entry.revision, entry.genuine});
      }
    }
    return moment;
  };
}

/// Entries of one commit.
class Writes {
 public:
  Writes& newest(const directory::ObjectVersion& version) {
    return add(directory::newest_key(version.bucket, version.key), directory::encode(version));
  }
  Writes& other(const directory::ObjectVersion& version) {
    return add(directory::version_key(version.bucket, version.key, version.version), directory::encode(version));
  }
  Writes& upload(const directory::Upload& upload) { return add(directory::key_of(upload), directory::encode(upload)); }
  Writes& part(const directory::Part& part) { return add(directory::key_of(part), directory::encode(part)); }
  Writes& add(std::string key, std::optional<std::string> value) {
    changes_.push_back({std::move(key), std::move(value)});
    return *this;
  }
  Writes& without_newest(const std::string& key) { return add(directory::newest_key(kBucket, key), std::nullopt); }
  Writes& without(const std::string& key, const std::string& version) {
    return add(directory::version_key(kBucket, key, version), std::nullopt);
  }

  [[nodiscard]] const std::vector<store::Change>& changes() const { return changes_; }
  /// As state/ hands them on.
  [[nodiscard]] std::vector<directory::Reading> readings(directory::Revision revision) const {
    static directory::PolicyPool no_policies;
    std::vector<directory::Reading> readings;
    for (const store::Change& change : changes_) {
      directory::Reading& reading = readings.emplace_back();
      reading.key = change.key;
      reading.deletes = !change.value;
      if (change.value) {
        reading.entity = *directory::read(*directory::Place::of(change.key), *change.value, no_policies);
      }
      directory::stamp_held(reading, revision);
    }
    return readings;
  }
  directory::Revision commit(store::Store& store) const {
    store::Commit commit;
    commit.changes = changes_;
    commit.bulk = true;
    const auto done = store.commit(std::move(commit));
    EXPECT_TRUE(done) << done.error().message;
    return done ? *done : 0;
  }

 private:
  std::vector<store::Change> changes_;
};

}  // namespace deputy::objects
