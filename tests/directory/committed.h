// Changes committed to a snapshot, as state/ does it: what the tests of snapshots and of what reads them begin with.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "directory/changes.h"
#include "directory/snapshot.h"

namespace deputy::directory {

/// What `changes` write, in their order. The views are into them.
inline std::vector<StoredChange> stored_by(const Changes& changes) {
  std::vector<StoredChange> stored;
  for (const Changes::Write& write : changes.writes()) {
    stored.push_back({write.key, write.value ? std::optional<std::string_view>(*write.value) : std::nullopt});
  }
  return stored;
}

/// The snapshot in which they have happened.
inline SnapshotPtr committed(const SnapshotPtr& from, const Changes& changes, Revision revision = 1) {
  auto next = from->apply(revision, stored_by(changes));
  EXPECT_TRUE(next.ok()) << next.error().key << ": " << next.error().reason;
  return next ? *next : from;
}

/// Changes that create all of these.
template <class... Entities>
Changes created(const Entities&... entities) {
  Changes changes;
  (changes.create(entities), ...);
  return changes;
}

/// What they guard, "key@revision", and what they write, "+key" or "-key".
inline std::vector<std::string> guards(const Changes& changes) {
  std::vector<std::string> all;
  for (const auto& guard : changes.guards()) all.push_back(guard.key + "@" + std::to_string(guard.revision));
  return all;
}
inline std::vector<std::string> writes(const Changes& changes) {
  std::vector<std::string> all;
  for (const auto& write : changes.writes()) all.push_back((write.value ? "+" : "-") + write.key);
  return all;
}

}  // namespace deputy::directory
