#include "policy/values.h"

#include <algorithm>
#include <charconv>

#include "policy/text.h"

namespace deputy::policy {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && is_digit(text[n])) ++n;
  const std::string_view digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "e+12"; limited to nine digits, far beyond any number that means something.
bool take_exponent(std::string_view& text, std::int64_t& exponent) {
  exponent = 0;
  if (!take(text, 'e') && !take(text, 'E')) return true;
  const bool negative = take(text, '-');
  if (!negative) take(text, '+');
  const std::string_view digits = take_digits(text);
  if (digits.empty() || digits.size() > 9) return false;
  exponent = *integer(digits) * (negative ? -1 : 1);
  return true;
}

}  // namespace

std::optional<Number> read_number(std::string_view text) {
  Number number;
  number.negative = take(text, '-');
  if (!number.negative) take(text, '+');
  const char* const begin = text.data();
  const std::string_view whole = take_digits(text);
  if (whole.empty()) return std::nullopt;
  if (take(text, '.') && take_digits(text).empty()) return std::nullopt;
  std::string_view digits(begin, static_cast<std::size_t>(text.data() - begin));
  std::int64_t exponent = 0;
  if (!take_exponent(text, exponent) || !text.empty()) return std::nullopt;

  // A leading zero takes one digit from in front of the first that counts, whichever side of the point it stands on.
  number.exponent = static_cast<std::int64_t>(whole.size()) + exponent;
  while (!digits.empty() && (digits.front() == '0' || digits.front() == '.')) {
    if (digits.front() == '0') --number.exponent;
    digits.remove_prefix(1);
  }
  if (digits.find('.') != std::string_view::npos) {
    while (digits.back() == '0') digits.remove_suffix(1);
    if (digits.back() == '.') digits.remove_suffix(1);
  }
  if (digits.find('.') == std::string_view::npos) {
    while (!digits.empty() && digits.back() == '0') digits.remove_suffix(1);
  }
  number.digits = digits;
  if (digits.empty()) return Number{};
  return number;
}

namespace {

/// Compares 0.a with 0.b, digit for digit; both start with a digit that is not zero.
std::strong_ordering compare_fractions(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  for (;;) {
    if (i < a.size() && a[i] == '.') ++i;
    if (j < b.size() && b[j] == '.') ++j;
    if (i == a.size() || j == b.size()) break;
    if (a[i] != b[j]) return a[i] <=> b[j];
    ++i;
    ++j;
  }
  // No trailing zeros: whoever has digits left is larger.
  if (i == a.size() && j == b.size()) return std::strong_ordering::equal;
  return i == a.size() ? std::strong_ordering::less : std::strong_ordering::greater;
}

std::strong_ordering compare_magnitudes(const Number& a, const Number& b) {
  if (a.digits.empty() || b.digits.empty()) return !a.digits.empty() <=> !b.digits.empty();
  if (a.exponent != b.exponent) return a.exponent <=> b.exponent;
  return compare_fractions(a.digits, b.digits);
}

}  // namespace

std::strong_ordering compare(const Number& a, const Number& b) {
  if (a.negative != b.negative) return a.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  return a.negative ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}

namespace {

/// Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant's days_from_civil, on 64 bits).
std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<std::uint64_t>(year - era * 400);
  const std::uint64_t day_of_year = (153U * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::uint64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

unsigned days_in_month(std::int64_t year, unsigned month) {
  constexpr std::array<std::uint8_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kDays[month - 1] + (month == 2 && leap ? 1U : 0U);
}

/// One or two digits up to `limit`.
bool take_field(std::string_view& text, unsigned limit, unsigned& value) {
  const std::string_view digits = take_digits(text);
  if (digits.empty() || digits.size() > 2) return false;
  value = static_cast<unsigned>(*integer(digits));
  return value <= limit;
}

/// "Z", "+02:00", "+02" or nothing; the seconds to take off.
bool take_zone(std::string_view& text, std::int64_t& offset) {
  offset = 0;
  if (take(text, 'Z') || take(text, 'z') || text.empty()) return true;
  const bool minus = take(text, '-');
  if (!minus && !take(text, '+')) return false;
  const std::string_view hours = take_digits(text);
  std::string_view minutes = "00";
  if (take(text, ':')) minutes = take_digits(text);
  if (hours.size() != 2 || minutes.size() != 2) return false;
  const std::int64_t h = *integer(hours);
  const std::int64_t m = *integer(minutes);
  if (h > 23 || m > 59) return false;
  offset = (h * 3600 + m * 60) * (minus ? -1 : 1);
  return true;
}

/// "10", "10:00", "10:00:00.5", then the zone.
bool read_time(std::string_view text, Instant& instant) {
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  if (!take_field(text, 23, hour)) return false;
  if (take(text, ':')) {
    if (!take_field(text, 59, minute)) return false;
    if (take(text, ':') && !take_field(text, 59, second)) return false;
  }
  if (take(text, '.')) {
    std::string_view digits = take_digits(text);
    if (digits.empty()) return false;
    if (digits.size() > 9 && digits.find_first_not_of('0', 9) != std::string_view::npos) return false;  // [W-4]
    digits = digits.substr(0, 9);
    auto nanos = static_cast<std::uint32_t>(*integer(digits));
    for (std::size_t i = digits.size(); i < 9; ++i) nanos *= 10;
    instant.nanos = nanos;
  }
  std::int64_t offset = 0;
  if (!take_zone(text, offset) || !text.empty()) return false;
  instant.seconds += static_cast<std::int64_t>(hour) * 3600 + minute * 60 + second - offset;
  return true;
}

bool is_epoch(std::string_view text) {
  const bool negative = take(text, '-');
  const std::string_view digits = take_digits(text);
  return text.empty() && !digits.empty() && (negative || digits.size() != 4);
}

}  // namespace

std::optional<Instant> read_instant(std::string_view text) {
  if (is_epoch(text)) {
    const auto seconds = integer(text);
    if (!seconds) return std::nullopt;
    return Instant{*seconds, 0};
  }
  const bool negative = take(text, '-');
  const auto year_digits = integer(take_digits(text));
  if (!year_digits || *year_digits > (negative ? 292275054 : 292278993)) return std::nullopt;
  const std::int64_t year = negative ? -*year_digits : *year_digits;
  unsigned month = 1;
  unsigned day = 1;
  if (take(text, '-')) {
    if (!take_field(text, 12, month) || month == 0) return std::nullopt;
    if (take(text, '-') && (!take_field(text, days_in_month(year, month), day) || day == 0)) return std::nullopt;
  }
  Instant instant{days_from_civil(year, month, day) * 86400, 0};
  if (text.empty()) return instant;
  if (!take(text, 'T') && !take(text, 't')) return std::nullopt;
  if (!text.empty() && !read_time(text, instant)) return std::nullopt;
  return instant;
}

std::optional<bool> read_bool(std::string_view text) {
  if (same_ignoring_case(text, "true")) return true;
  if (same_ignoring_case(text, "false")) return false;
  return std::nullopt;
}

namespace {

bool read_v4(std::string_view text, std::uint8_t* out) {
  for (int i = 0; i < 4; ++i) {
    if (i > 0 && !take(text, '.')) return false;
    const std::string_view digits = take_digits(text);
    if (digits.empty() || digits.size() > 3 || (digits.size() > 1 && digits.front() == '0')) return false;
    unsigned value = 0;
    for (const char c : digits) value = value * 10 + static_cast<unsigned>(c - '0');
    if (value > 255) return false;
    out[i] = static_cast<std::uint8_t>(value);
  }
  return text.empty();
}

bool take_group(std::string_view& text, unsigned& value) {
  std::size_t n = 0;
  value = 0;
  for (; n < text.size() && n < 5; ++n) {
    const char c = lower(text[n]);
    if (is_digit(c)) {
      value = value << 4U | static_cast<unsigned>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      value = value << 4U | static_cast<unsigned>(c - 'a' + 10);
    } else {
      break;
    }
  }
  text.remove_prefix(n);
  return n >= 1 && n <= 4;
}

/// RFC 4291, 2.2: groups of up to four hex digits, one "::" for at least one group of zeros, an IPv4 tail.
bool read_v6(std::string_view text, std::array<std::uint8_t, 16>& out) {
  std::size_t filled = 0;
  std::optional<std::size_t> gap;
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    if (filled == 16) return false;
    if (const std::string_view rest = text;
        rest.find(':') == std::string_view::npos && rest.find('.') != std::string_view::npos) {
      if (filled > 12 || !read_v4(rest, out.data() + filled)) return false;
      filled += 4;
      break;
    }
    unsigned group = 0;
    if (!take_group(text, group)) return false;
    out[filled++] = static_cast<std::uint8_t>(group >> 8U);
    out[filled++] = static_cast<std::uint8_t>(group & 0xFFU);
    if (text.empty()) break;
    if (!take(text, ':') || text.empty()) return false;
    if (take(text, ':')) {
      if (gap) return false;
      gap = filled;
    }
  }
  if (!gap) return filled == 16;
  if (filled > 14) return false;
  const std::size_t behind = filled - *gap;
  std::copy_backward(out.begin() + static_cast<std::ptrdiff_t>(*gap), out.begin() + static_cast<std::ptrdiff_t>(filled),
                     out.end());
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(*gap), out.end() - static_cast<std::ptrdiff_t>(behind),
            std::uint8_t{0});
  return true;
}

}  // namespace

std::optional<Address> read_address(std::string_view text) {
  Address address;
  if (text.find(':') == std::string_view::npos) {
    if (!read_v4(text, address.bytes.data())) return std::nullopt;
    return address;
  }
  address.v6 = true;
  if (!read_v6(text, address.bytes)) return std::nullopt;
  return address;
}

std::optional<Range> read_range(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto network = read_address(text.substr(0, slash));
  if (!network) return std::nullopt;
  const std::int64_t most = network->v6 ? 128 : 32;
  Range range{*network, static_cast<std::uint8_t>(most)};
  if (slash == std::string_view::npos) return range;
  const std::string_view length = text.substr(slash + 1);
  if (length.size() > 3 || length.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const auto bits = integer(length);
  if (!bits || *bits > most) return std::nullopt;
  range.bits = static_cast<std::uint8_t>(*bits);
  return range;
}

bool Range::holds(const Address& address) const {
  if (address.v6 != network.v6) return false;
  const std::size_t whole = bits / 8U;
  if (!std::equal(network.bytes.begin(), network.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.bytes.begin())) {
    return false;
  }
  const unsigned rest = bits % 8U;
  if (rest == 0) return true;
  const unsigned mask = 0xFF00U >> rest & 0xFFU;
  return ((network.bytes[whole] ^ address.bytes[whole]) & mask) == 0;
}

}  // namespace deputy::policy
