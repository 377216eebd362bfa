// Splitting and unescaping of forms and query strings.
#include <algorithm>

#include "base/encoding.h"
#include "protocol/query.h"

namespace deputy::protocol {
namespace {

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

int hex_value(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

Error malformed_query(std::string message) { return {"MalformedQueryString", 400, std::move(message)}; }

/// Calls `see(name, value)` with the still encoded halves of each pair, until it returns false.
template <class See>
void for_each_pair(std::string_view text, See see) {
  while (!text.empty()) {
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

Result<std::optional<std::string>> scan_parameter(std::string_view form, std::string_view wanted) {
  std::optional<std::string_view> found;
  for_each_pair(form, [&](std::string_view name, std::string_view value) {
    const bool plain = name.find_first_of("%+") == std::string_view::npos;
    if (plain ? name != wanted : percent_decode(name, true) != wanted) return true;
    found = value;
    return false;
  });
  if (!found) return std::optional<std::string>();
  TRY_VOID(check_escapes(*found));
  return percent_decode(*found, true);
}

Result<std::string_view> Parameters::decoded(std::string_view text) {
  const std::size_t first = text.find_first_of("%+");
  if (first == std::string_view::npos) return text;
  const std::size_t begin = arena_.size();
  arena_.insert(arena_.end(), text.begin(), text.begin() + static_cast<std::ptrdiff_t>(first));
  for (std::size_t i = first; i < text.size(); ++i) {
    char c = text[i] == '+' ? ' ' : text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) {
        return Failure(check_escapes(text.substr(i)).error());
      }
      c = static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    }
    arena_.push_back(c);
  }
  return std::string_view(arena_.data() + begin, arena_.size() - begin);
}

Result<void> Parameters::add(std::string_view text) {
  std::optional<Error> failed;
  for_each_pair(text, [&](std::string_view raw_name, std::string_view raw_value) {
    const auto name = decoded(raw_name);
    const auto value = name.ok() ? decoded(raw_value) : name;
    if (!value) {
      failed = value.error();
    } else if (sorted_.size() == kMostParameters || !is_utf8(*name) || !is_utf8(*value)) {
      failed = Error("MalformedInput", 400, "");
    } else {
      sorted_.push_back({*name, *value, static_cast<std::uint32_t>(sorted_.size())});
    }
    return !failed;
  });
  if (failed) return *std::move(failed);
  return {};
}

Result<Parameters> Parameters::parse(std::string_view query, std::string_view form) {
  Parameters out;
  out.arena_.reserve(query.size() + form.size());  // no text grows by decoding
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
