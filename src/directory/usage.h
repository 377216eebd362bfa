// When keys, users and roles were last used: facts of no consequence for a decision, so they take a lossy, asynchronous path.
// They are kept here, and written down now and then (server/housekeeping.h): a server that is killed forgets the last
// half minute, one that is stopped forgets nothing.
//
//   usage.used(key_id, now, region, "iam");                       // in the request, no more than a look-up
//   usage.called(user_id, now, region, "iam", "GetUser");         // the same for who calls
//   for (auto& [id, use] : usage.take_changed(90)) changes.remember_use(id, use);
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html
#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "directory/changes.h"
#include "directory/last_use.h"

namespace deputy::directory {

/// Thread-safe. Keyed by access key id, or by a user's or role's unique id. Long-term keys alone: a temporary one is nobody's
/// to ask about, and who makes sessions would fill the store with them.
class Usage {
 public:
  /// Remembers the use; at most one write a minute and key is recorded, so that a busy key costs a look-up.
  void used(std::string_view id, Time when, std::string_view region, std::string_view service);
  /// Remembers that a user or role called, or tried to. INVARIANT: `service` and `action` are names of the table of
  /// operations, never a caller's words, so that what is kept of one caller is bounded by that table; the region is cut.
  void called(std::string_view id, Time when, std::string_view region, std::string_view service,
              std::string_view action);
  [[nodiscard]] std::optional<LastUse> last(std::string_view id) const;

  /// Longer names of regions are nobody's: what a caller writes there is not kept whole.
  static constexpr std::size_t kLongestRegion = 32;
  /// What these changes deleted was used for the last time.
  void forget_deleted(const Changes& changes);

  /// What the store holds, at start: bytes of `encode(LastUse)`. Damaged ones are passed over: the next use mends them.
  void restore(std::string_view id, std::string_view bytes);
  /// Up to `most` uses that were not taken yet, to be written down. Who takes them and fails has lost them.
  std::vector<std::pair<std::string, LastUse>> take_changed(std::size_t most);

 private:
  static constexpr std::size_t kShards = 16;
  struct Known {
    LastUse use;
    bool changed = false;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string, Known> uses;
    std::vector<std::string> changed;  // the ids of those that are, each once
  };
  [[nodiscard]] Shard& shard(std::string_view id) const { return shards_[std::hash<std::string_view>{}(id) % kShards]; }
  mutable std::array<Shard, kShards> shards_;
};

}  // namespace deputy::directory
