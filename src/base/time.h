// Instants in UTC with millisecond precision, and their wire forms. Where the present comes from: host/clock.h.
#pragma once

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

}  // namespace deputy
