// How much of the trail is kept (`deputy serve --audit-keep`).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace deputy::audit {

/// The oldest goes when there is more than `bytes`, or when it is older than `age`; nothing: it never is.
struct Keep {
  static constexpr std::uint64_t kLeast = 1024ull * 1024;               // bytes: room for some of the longest lines
  static constexpr std::uint64_t kMost = 1024ull * 1024 * 1024 * 1024;  // bytes
  static constexpr std::chrono::hours kShortest{1};
  static constexpr std::chrono::hours kLongest{24 * 36'500};

  std::uint64_t bytes = 1024ull * 1024 * 1024;
  std::optional<std::chrono::seconds> age;

  /// "2GiB", "90d", "500MB,30d": a size (KB, MB, GB, KiB, MiB, GiB), an age (h, d), or both. Error: a sentence for the
  /// operator.
  static Result<Keep, std::string> parse(std::string_view text);

  /// Of the bytes, an eighth is for what strangers send: it displaces nothing but its own kind.
  [[nodiscard]] std::uint64_t for_strangers() const { return bytes / 8; }
  [[nodiscard]] std::uint64_t for_known() const { return bytes - for_strangers(); }
};

}  // namespace deputy::audit
