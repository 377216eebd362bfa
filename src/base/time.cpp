#include "base/time.h"

#include <algorithm>
#include <array>

namespace deputy {
namespace {

struct Civil {
  int year;
  unsigned month, day;
  long hour, minute, second;
  unsigned weekday;
};

Civil civil(Time t) {
  const auto days = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{days};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(t - days)};
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          time.hours().count(),
          time.minutes().count(),
          time.seconds().count(),
          std::chrono::weekday{days}.c_encoding()};
}

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/// Reads fixed-width digits and literals from the front of a text; any mismatch makes it fail for good.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}
  int digits(std::size_t count) {
    int value = 0;
    if (rest_.size() < count) return fail();
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  void literal(std::string_view text) {
    if (rest_.starts_with(text)) {
      rest_.remove_prefix(text.size());
    } else {
      fail();
    }
  }
  template <std::size_t N>
  unsigned one_of(const std::array<std::string_view, N>& words) {
    for (std::size_t i = 0; i < N; ++i) {
      if (rest_.starts_with(words[i])) {
        rest_.remove_prefix(words[i].size());
        return static_cast<unsigned>(i);
      }
    }
    return static_cast<unsigned>(fail());
  }
  std::string_view rest() const { return rest_; }
  void skip(std::size_t n) { rest_.remove_prefix(n); }
  bool done() const { return !failed_ && rest_.empty(); }

 private:
  int fail() {
    failed_ = true;
    rest_ = {};
    return 0;
  }
  std::string_view rest_;
  bool failed_ = false;
};

std::optional<Time> instant(int year, int month, int day, int hour, int minute, int second, int millis) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second} + std::chrono::milliseconds{millis};
}

}  // namespace

std::int64_t epoch_seconds(Time t) { return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count(); }
Time from_epoch_seconds(std::int64_t seconds) { return Time{std::chrono::seconds{seconds}}; }

namespace {
/// `value` as `width` digits at `to`; these forms are written several times a request.
char* put(char* to, long value, int width) {
  for (int i = width - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
  return to + width;
}
char* put(char* to, char separator) {
  if (separator != 0) *to++ = separator;
  return to;
}
std::string stamp(Time t, char dash, char colon, std::string_view end) {
  const Civil c = civil(t);
  char text[40];
  char* at = put(put(text, c.year, 4), dash);
  at = put(put(at, c.month, 2), dash);
  *(at = put(at, c.day, 2)) = 'T';
  at = put(put(at + 1, c.hour, 2), colon);
  at = put(put(at, c.minute, 2), colon);
  at = put(at, c.second, 2);
  at = std::copy(end.begin(), end.end(), at);
  return {text, at};
}
}  // namespace

std::string iso8601(Time t) { return stamp(t, '-', ':', "Z"); }
std::string iso8601_millis(Time t) { return stamp(t, '-', ':', ".000Z"); }
std::string basic_iso8601(Time t) { return stamp(t, 0, 0, "Z"); }
std::string http_date(Time t) {
  const Civil c = civil(t);
  char time[] = "00:00:00 GMT";
  put(put(put(time, c.hour, 2) + 1, c.minute, 2) + 1, c.second, 2);
  char date[] = "00 Mon 0000 ";
  const std::string_view month = kMonths[c.month - 1];
  put(std::copy(month.begin(), month.end(), put(date, c.day, 2) + 1) + 1, c.year, 4);
  return std::string(kDays[c.weekday]).append(", ").append(date).append(time);
}

std::optional<Time> parse_basic_iso8601(std::string_view text) {
  Reader r(text);
  const int year = r.digits(4), month = r.digits(2), day = r.digits(2);
  r.literal("T");
  const int hour = r.digits(2), minute = r.digits(2), second = r.digits(2);
  r.literal("Z");
  if (!r.done()) return std::nullopt;
  return instant(year, month, day, hour, minute, second, 0);
}

std::optional<Time> parse_iso8601(std::string_view text) {
  Reader r(text);
  const int year = r.digits(4);
  r.literal("-");
  const int month = r.digits(2);
  r.literal("-");
  const int day = r.digits(2);
  r.literal("T");
  const int hour = r.digits(2);
  r.literal(":");
  const int minute = r.digits(2);
  r.literal(":");
  const int second = r.digits(2);
  int millis = 0;
  if (r.rest().starts_with('.')) {
    r.skip(1);
    int scale = 100;
    const std::size_t end = r.rest().find_first_not_of("0123456789");
    if (end == 0 || end == std::string_view::npos) return std::nullopt;
    for (char c : r.rest().substr(0, end)) {
      millis += (c - '0') * scale;
      scale /= 10;
    }
    r.skip(end);
  }
  r.literal("Z");
  if (!r.done()) return std::nullopt;
  return instant(year, month, day, hour, minute, second, millis);
}

std::optional<Time> parse_http_date(std::string_view text) {
  Reader r(text);
  r.one_of(kDays);
  r.literal(", ");
  const int day = r.digits(2);
  r.literal(" ");
  const unsigned month = r.one_of(kMonths) + 1;
  r.literal(" ");
  const int year = r.digits(4);
  r.literal(" ");
  const int hour = r.digits(2);
  r.literal(":");
  const int minute = r.digits(2);
  r.literal(":");
  const int second = r.digits(2);
  r.literal(" GMT");
  if (!r.done()) return std::nullopt;
  return instant(year, static_cast<int>(month), day, hour, minute, second, 0);
}

}  // namespace deputy
