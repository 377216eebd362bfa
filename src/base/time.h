// Instants in UTC with millisecond precision, their wire forms, and the clock through which alone time enters Deputy.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deputy {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

/// Seconds since 1970-01-01T00:00:00Z, rounded down.
std::int64_t epoch_seconds(Time t);
Time from_epoch_seconds(std::int64_t seconds);

/// 2026-07-24T10:11:12Z: answers of IAM and STS.
std::string iso8601(Time t);
/// 2026-07-24T10:11:12.000Z: bodies of S3 answers; the fraction is always zero, as S3 sends it.
std::string iso8601_millis(Time t);
/// 20260724T101112Z: X-Amz-Date.
std::string basic_iso8601(Time t);
/// Fri, 24 Jul 2026 10:11:12 GMT: HTTP headers (RFC 7231, 7.1.1.1).
std::string http_date(Time t);

/// Exactly the form of `basic_iso8601`, with a valid calendar date; nothing otherwise.
std::optional<Time> parse_basic_iso8601(std::string_view text);
/// Exactly the form of `iso8601`, optionally with a fraction; nothing otherwise.
std::optional<Time> parse_iso8601(std::string_view text);
/// Exactly the form of `http_date`; nothing otherwise.
std::optional<Time> parse_http_date(std::string_view text);

/// Where the present comes from. Thread-safe. Nothing else in src/ reads a wall clock (tests/rooms_test).
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override;
};

/// For tests: the system's clock moved by an offset, or stopped.
class MovableClock final : public Clock {
 public:
  explicit MovableClock(const Clock& base) : base_(base) {}
  [[nodiscard]] Time now() const override;
  void move(std::chrono::milliseconds by) { offset_ += by.count(); }

 private:
  const Clock& base_;
  std::atomic<std::int64_t> offset_{0};
};

}  // namespace deputy
