#include "audit/keep.h"

#include <fmt/format.h>

#include <charconv>

namespace deputy::audit {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t bytes;          // 0: a time
  std::chrono::seconds time{};  // 0: a size
};
constexpr Unit kUnits[] = {
    {"KB", 1'000},        {"MB", 1'000'000},    {"GB", 1'000'000'000},           {"KiB", 1ull << 10U},
    {"MiB", 1ull << 20U}, {"GiB", 1ull << 30U}, {"h", 0, std::chrono::hours{1}}, {"d", 0, std::chrono::hours{24}},
};

/// A number small enough that no unit makes it too large, and its unit.
std::optional<std::pair<std::uint64_t, Unit>> read(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || number == 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  for (const Unit& unit : kUnits) {
    if (unit.name == text) return std::pair(std::uint64_t{number}, unit);
  }
  return std::nullopt;
}

}  // namespace

Result<Keep, std::string> Keep::parse(std::string_view text) {
  Keep keep;
  bool sized = false;
  for (std::string_view rest = text;;) {
    const std::size_t comma = rest.find(',');
    const auto part = read(rest.substr(0, comma));
    const bool is_size = part && part->second.bytes != 0;
    if (!part || (is_size ? sized : keep.age.has_value())) {
      return Failure(fmt::format("\"{}\" is no size and age of a trail, as 2GiB, 90d or 500MB,30d", text));
    }
    if (is_size) {
      sized = true;
      keep.bytes = part->first * part->second.bytes;
    } else {
      keep.age = std::chrono::seconds(static_cast<std::int64_t>(part->first) * part->second.time.count());
    }
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  if (keep.bytes < kLeast || keep.bytes > kMost) return Failure("a trail has a size of 1MiB to 1024GiB");
  if (keep.age && (*keep.age < kShortest || *keep.age > kLongest)) {
    return Failure("a trail is kept for 1h to 36500d");
  }
  return keep;
}

}  // namespace deputy::audit
