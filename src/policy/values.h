// The typed values of conditions: numbers, instants, addresses, truth values. Each reader takes the whole text or
// nothing, allocates nothing, and a text that it does not take matches nothing. [C-23]
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace deputy::policy {

/// A decimal number of any size, kept as its digits: compared by value, exactly. [C-9] Borrows the text it was read
/// from.
struct Number {
  bool negative = false;
  std::string_view digits;    // from the first to the last that is not zero; may hold the decimal point; empty: zero
  std::int64_t exponent = 0;  // the value is 0.digits times ten to this power
};
std::optional<Number> read_number(std::string_view text);
std::strong_ordering compare(const Number& a, const Number& b);

/// Seconds and nanoseconds since 1970-01-01T00:00:00Z. [C-11]
struct Instant {
  std::int64_t seconds = 0;
  std::uint32_t nanos = 0;
  friend auto operator<=>(const Instant&, const Instant&) = default;
};
/// ISO 8601 or epoch seconds. Four digits alone are a year; an absent zone is UTC; also read, because IAM accepts them
/// on write (W-4): a lower-case `t`, hours of one digit, an offset of hours alone, `01T`.
std::optional<Instant> read_instant(std::string_view text);

/// "true" or "false", ignoring case. [C-12]
std::optional<bool> read_bool(std::string_view text);

/// An IPv4 or IPv6 address; IPv4 uses the first four bytes.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool v6 = false;
};
std::optional<Address> read_address(std::string_view text);

/// A CIDR range; without prefix length one address. [C-14]
struct Range {
  Address network;
  std::uint8_t bits = 0;
  [[nodiscard]] bool holds(const Address& address) const;
};
std::optional<Range> read_range(std::string_view text);

}  // namespace deputy::policy
