#include "protocol/scalars.h"

#include <charconv>

#include "base/encoding.h"
#include "base/time.h"

namespace deputy::protocol {
namespace {

template <class Integer>
Result<void, ScalarFault> parse_integer(std::string_view text, void* value) {
  if (text.empty()) return ScalarFault::kEmpty;
  if (text.front() == '+') {
    text.remove_prefix(1);
    if (text.starts_with('-')) return ScalarFault::kMalformed;
  }
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), *static_cast<Integer*>(value));
  if (fault != std::errc() || end != text.data() + text.size()) return ScalarFault::kMalformed;
  return {};
}

Result<void, ScalarFault> parse_time(std::string_view text, void* value) {
  if (text.empty()) return ScalarFault::kEmpty;
  std::optional<Time> time = parse_iso8601(text);
  if (!time) time = parse_http_date(text);
  if (!time) return ScalarFault::kMalformed;
  *static_cast<Time*>(value) = *time;
  return {};
}

template <class Integer>
void print_integer(std::string& out, const void* value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, *static_cast<const Integer*>(value)).ptr;
  out.append(digits, end);
}

}  // namespace

Result<void, ScalarFault> parse_scalar(const Shape& shape, std::string_view text, void* value) {
  switch (shape.kind) {
    case Kind::kString:
      static_cast<std::string*>(value)->assign(text);
      return {};
    case Kind::kInteger:
      return parse_integer<std::int32_t>(text, value);
    case Kind::kLong:
      return parse_integer<std::int64_t>(text, value);
    case Kind::kBoolean:
      if (text.empty()) return ScalarFault::kEmpty;
      *static_cast<bool*>(value) = equals_ignoring_case(text, "true");
      if (!equals_ignoring_case(text, "true") && !equals_ignoring_case(text, "false")) return ScalarFault::kMalformed;
      return {};
    case Kind::kTime:
      return parse_time(text, value);
    case Kind::kBlob: {
      std::optional<std::string> bytes = unbase64(text);
      if (!bytes) return ScalarFault::kMalformed;
      *static_cast<std::string*>(value) = *std::move(bytes);
      return {};
    }
    case Kind::kList:
    case Kind::kMap:
    case Kind::kStructure:
      break;
  }
  return ScalarFault::kMalformed;
}

void print_scalar(std::string& out, const Shape& shape, const void* value, TimeStyle times) {
  switch (shape.kind) {
    case Kind::kString:
      out += *static_cast<const std::string*>(value);
      break;
    case Kind::kInteger:
      print_integer<std::int32_t>(out, value);
      break;
    case Kind::kLong:
      print_integer<std::int64_t>(out, value);
      break;
    case Kind::kBoolean:
      out += *static_cast<const bool*>(value) ? "true" : "false";
      break;
    case Kind::kTime: {
      const Time time = *static_cast<const Time*>(value);
      if (shape.time_form == TimeForm::kHttpDate) times = TimeStyle::kHttpDate;
      if (shape.time_form == TimeForm::kMillis) times = TimeStyle::kMillis;
      if (shape.time_form == TimeForm::kIso8601 && times == TimeStyle::kHttpDate) times = TimeStyle::kMillis;
      out += times == TimeStyle::kSeconds  ? iso8601(time)
             : times == TimeStyle::kMillis ? iso8601_millis(time)
                                           : http_date(time);
      break;
    }
    case Kind::kBlob:
      out += base64(*static_cast<const std::string*>(value));
      break;
    case Kind::kList:
    case Kind::kMap:
    case Kind::kStructure:
      break;
  }
}

}  // namespace deputy::protocol
