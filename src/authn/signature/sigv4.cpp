#include "authn/signature/sigv4.h"

#include <algorithm>

#include "base/encoding.h"

namespace deputy::authn {
namespace {

/// The text up to the separator, which is taken off the front of `rest` with it.
std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view front = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return front;
}

}  // namespace

AuthorizationParts parse_authorization(std::string_view parameters) {
  AuthorizationParts parts;
  parameters = without_blanks_around(parameters);
  while (!parameters.empty()) {
    const std::string_view part = without_blanks_around(take_until(parameters, ','));
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      parts.has_part_without_equals = true;
      continue;
    }
    const std::string_view name = part.substr(0, equals), value = part.substr(equals + 1);
    std::optional<std::string_view>* const part_of = name == "Credential"      ? &parts.credential
                                                     : name == "SignedHeaders" ? &parts.signed_headers
                                                     : name == "Signature"     ? &parts.signature
                                                                               : nullptr;
    if (part_of == nullptr || part_of->has_value()) parts.has_unknown_or_repeated_part = true;
    if (part_of != nullptr) *part_of = value;
  }
  return parts;
}

std::optional<Credential> parse_credential(std::string_view text) {
  if (std::count(text.begin(), text.end(), '/') != 4) return std::nullopt;
  Credential c;
  c.text = text;
  c.access_key_id = take_until(text, '/');
  c.date = take_until(text, '/');
  c.region = take_until(text, '/');
  c.service = take_until(text, '/');
  c.terminator = text;
  return c;
}

bool is_region(std::string_view text) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), allowed);
}

bool SignedHeaders::parse(std::string_view list) {
  names_.clear();
  bytes_.assign(list);
  for (char& c : bytes_) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (std::string_view rest = bytes_; !rest.empty();) {
    if (names_.size() == kMaxNames) return false;
    names_.push_back(take_until(rest, ';'));
  }
  if (!std::is_sorted(names_.begin(), names_.end())) std::sort(names_.begin(), names_.end());
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
  return true;
}

bool SignedHeaders::contains(std::string_view lower_case_name) const {
  return std::binary_search(names_.begin(), names_.end(), lower_case_name);
}

std::optional<RequestTime> parse_request_time(std::string_view text, bool or_http_date) {
  if (const std::optional<Time> time = parse_basic_iso8601(text)) return RequestTime{*time, std::string(text)};
  const std::optional<Time> time = or_http_date ? parse_http_date(text) : std::nullopt;
  if (!time) return std::nullopt;
  return RequestTime{*time, basic_iso8601(*time)};
}

}  // namespace deputy::authn
