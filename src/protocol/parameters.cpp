// Splitting and unescaping of forms and query strings.
#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "protocol/limits.h"
#include "protocol/query.h"

namespace deputy::protocol {
namespace {

/// Bytes that mean something in a form.
constexpr std::array<bool, 256> kSpecial = [] {
  std::array<bool, 256> special{};
  for (const unsigned char c : {'&', '=', '%', '+'}) special[c] = true;
  return special;
}();

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

int hex_value(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

Error malformed_query(std::string message) { return {"MalformedQueryString", 400, std::move(message)}; }

/// Calls `see(name, value)` with the still encoded halves of each pair, until it returns false or there were as many as
/// may be sent, empty ones counted.
template <class See>
void for_each_pair(std::string_view text, See see) {
  for (std::size_t count = 0; !text.empty() && count < kMostParameters; ++count) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view name = pair.substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    if (!see(name, value)) return;
  }
}

}  // namespace

Result<void> check_escapes(std::string_view text) {
  for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 3)) {
    if (i + 2 >= text.size()) return malformed_query("Incomplete trailing escape % sequence");
    if (!is_hex(text[i + 1]) || !is_hex(text[i + 2])) {
      return malformed_query("Illegal hex character in escape % pattern: %" + std::string(text.substr(i + 1, 2)));
    }
  }
  return {};
}

bool is_form(const http::Request& request) {
  const std::string_view* type = request.header("content-type");
  return type != nullptr &&
         equals_ignoring_case(type->substr(0, type->find_first_of("; ")), "application/x-www-form-urlencoded");
}

Result<std::optional<std::string>> scan_parameter(std::string_view form, std::string_view wanted) {
  constexpr std::size_t longest_escape = 3;
  std::optional<std::string_view> found;
  for_each_pair(form, [&](std::string_view name, std::string_view value) {
    if (name.size() < wanted.size() || name.size() > longest_escape * wanted.size()) return true;
    if (name != wanted && percent_decode(name, true) != wanted) return true;
    found = value;
    return false;
  });
  if (!found) return std::optional<std::string>();
  TRY_VOID(check_escapes(*found));
  return percent_decode(*found, true);
}

Result<void> Parameters::add(std::string_view text) {
  char* begin = arena_.get() + used_;
  char* out = begin;
  char* equals = nullptr;  // where the value begins, once there is one
  unsigned char bits = 0;  // of all bytes: the highest is set where one is not ASCII
  const char* const bytes = text.data();
  for (std::size_t i = 0; i <= text.size(); ++i) {
    for (; i < text.size() && !kSpecial[static_cast<unsigned char>(bytes[i])]; ++i) {
      bits |= static_cast<unsigned char>(bytes[i]);
      *out++ = bytes[i];
    }
    char c = i < text.size() ? text[i] : '&';
    if (c == '&') {
      if (++pairs_ > kMostParameters) return Error("MalformedInput", 400, "");
      if (out == begin && equals == nullptr) continue;
      const std::string_view whole(begin, static_cast<std::size_t>(out - begin));
      const std::size_t split = equals == nullptr ? whole.size() : static_cast<std::size_t>(equals - begin);
      const Parameter parameter{whole.substr(0, split), whole.substr(split),
                                static_cast<std::uint32_t>(sorted_.size())};
      const bool sound = bits < 0x80 || (is_utf8(parameter.name) && is_utf8(parameter.value));
      if (!sound) return Error("MalformedInput", 400, "");
      sorted_.push_back(parameter);
      begin = out;
      equals = nullptr;
      bits = 0;
      continue;
    }
    if (c == '=' && equals == nullptr) {
      equals = out;
      continue;
    }
    if (c == '%') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return check_escapes(text.substr(i));
      c = static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else if (c == '+') {
      c = ' ';
    }
    bits |= static_cast<unsigned char>(c);
    *out++ = c;
  }
  used_ = static_cast<std::size_t>(out - arena_.get());
  return {};
}

Result<Parameters> Parameters::parse(std::string_view query, std::string_view form) {
  Parameters out;
  out.arena_ = std::make_unique_for_overwrite<char[]>(query.size() + form.size());  // no text grows by decoding
  out.sorted_.reserve(16);
  TRY_VOID(out.add(query));
  TRY_VOID(out.add(form));
  std::ranges::sort(out.sorted_, [](const Parameter& a, const Parameter& b) {
    const int order = a.name.compare(b.name);
    return order != 0 ? order < 0 : a.position < b.position;
  });
  return out;
}

const std::string_view* Parameters::find(std::string_view name) const {
  const auto at = std::ranges::lower_bound(sorted_, name, {}, &Parameter::name);
  return at != sorted_.end() && at->name == name ? &at->value : nullptr;
}

}  // namespace deputy::protocol
