// When keys and roles were last used: facts of no consequence for a decision, so they take a lossy, asynchronous path.
// They are kept in memory alone: a restart forgets them (README: what is not built yet).
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html
#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.h"
#include "directory/entities.h"

namespace deputy::directory {

struct LastUse {
  Time when;
  std::string region, service;  // service: "iam"; empty for roles
};

/// Thread-safe. Keyed by access key id, or by a role's unique id.
class Usage {
 public:
  /// Remembers the use; at most one write a minute and key is recorded, so that a busy key costs a look-up.
  void used(std::string_view id, Time when, std::string_view region, std::string_view service);
  [[nodiscard]] std::optional<LastUse> last(std::string_view id) const;

 private:
  static constexpr std::size_t kShards = 16;
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string, LastUse> uses;
  };
  [[nodiscard]] Shard& shard(std::string_view id) const { return shards_[std::hash<std::string_view>{}(id) % kShards]; }
  mutable std::array<Shard, kShards> shards_;
};

}  // namespace deputy::directory
