#include "services/s3/cors.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "protocol/xml_document.h"

namespace deputy::s3 {

using directory::Bucket;
using services::At;
using services::CrossOriginHeaders;
using services::CrossOriginRequest;

namespace {

constexpr std::array<std::string_view, 5> kMethods = {"GET", "PUT", "HEAD", "POST", "DELETE"};
constexpr std::string_view kVary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

/// "http://*.example.com": one `*` stands for any text.
bool fits(std::string_view pattern, std::string_view text) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  const std::string_view before = pattern.substr(0, star), behind = pattern.substr(star + 1);
  return text.size() >= before.size() + behind.size() && text.starts_with(before) && text.ends_with(behind);
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out;
}

/// The names in Access-Control-Request-Headers, in lower case.
std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view name = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (!name.empty()) names.push_back(ascii_lower(name));
  }
  return names;
}

bool allows(const shapes::CORSRule& rule, const CrossOriginRequest& request, const std::vector<std::string>& headers) {
  if (std::ranges::find(rule.allowed_methods, request.method) == rule.allowed_methods.end()) return false;
  const auto& origins = rule.allowed_origins;
  if (std::ranges::none_of(origins, [&](const std::string& o) { return fits(o, request.origin); })) return false;
  if (headers.empty()) return true;
  if (!rule.allowed_headers) return false;
  std::vector<std::string> patterns;
  for (const std::string& header : *rule.allowed_headers) patterns.push_back(ascii_lower(header));
  return std::ranges::all_of(headers, [&](const std::string& header) {
    return std::ranges::any_of(patterns, [&](const std::string& pattern) { return fits(pattern, header); });
  });
}

CrossOriginHeaders headers_of(const shapes::CORSRule& rule, const CrossOriginRequest& request,
                              const std::vector<std::string>& asked) {
  CrossOriginHeaders out;
  const bool everybody = std::ranges::find(rule.allowed_origins, "*") != rule.allowed_origins.end();
  out.emplace_back("Access-Control-Allow-Origin", everybody ? "*" : std::string(request.origin));
  out.emplace_back("Access-Control-Allow-Methods", joined(rule.allowed_methods));
  if (!asked.empty()) out.emplace_back("Access-Control-Allow-Headers", joined(asked));
  if (rule.expose_headers) out.emplace_back("Access-Control-Expose-Headers", joined(*rule.expose_headers));
  if (rule.max_age_seconds) out.emplace_back("Access-Control-Max-Age", std::to_string(*rule.max_age_seconds));
  if (!everybody) out.emplace_back("Access-Control-Allow-Credentials", "true");
  out.emplace_back("Vary", kVary);
  return out;
}

/// A name or an origin goes into a header of an answer as it is.
bool is_header_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; });
}

Result<void> check_rule(const shapes::CORSRule& rule) {
  const bool long_list = joined(rule.allowed_methods).size() > kMostCorsHeaderBytes ||
                         (rule.expose_headers && joined(*rule.expose_headers).size() > kMostCorsHeaderBytes);
  if (long_list) return errors::configurations_too_large();
  for (const std::string& method : rule.allowed_methods) {
    if (std::ranges::find(kMethods, method) == kMethods.end()) return errors::bad_cors_method(method);
  }
  const auto stars = [](const std::string& text) { return std::ranges::count(text, '*'); };
  for (const std::string& origin : rule.allowed_origins) {
    if (stars(origin) > 1) return errors::cors_wildcards("AllowedOrigin", origin);
  }
  for (const std::string& header : rule.allowed_headers.value_or(std::vector<std::string>())) {
    if (stars(header) > 1) return errors::cors_wildcards("AllowedHeader", header);
  }
  for (const std::string& header : rule.expose_headers.value_or(std::vector<std::string>())) {
    if (stars(header) > 0) return errors::cors_exposes_wildcard(header);
    if (!is_header_text(header)) return errors::malformed_xml();
  }
  return {};
}

}  // namespace

Result<void> check_cors(const At&, const Bucket&, shapes::PutBucketCors::Input& in) {
  const std::vector<shapes::CORSRule>& rules = in.cors_configuration.cors_rules;
  if (rules.size() > kMostCorsRules) return errors::malformed_xml();
  std::size_t bytes = 0;
  const auto add = [&](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) bytes += text.size();
  };
  for (const shapes::CORSRule& rule : rules) {
    TRY_VOID(check_rule(rule));
    add(rule.allowed_methods), add(rule.allowed_origins);
    add(rule.allowed_headers.value_or(std::vector<std::string>()));
    add(rule.expose_headers.value_or(std::vector<std::string>()));
    bytes += rule.id ? rule.id->size() : 0;
  }
  if (bytes > kMostCorsBytes) return errors::configurations_too_large();
  return {};
}

Result<CrossOriginHeaders> cross_origin(const directory::Snapshot& snapshot, const CrossOriginRequest& request) {
  if (request.origin.empty()) return errors::no_origin();
  const Bucket* bucket = snapshot.bucket(request.bucket);
  if (bucket == nullptr) return errors::cors_without_bucket(request.method);
  const directory::SharedText* kept = bucket->configuration(kCors.name);
  if (kept == nullptr) return errors::cors_not_enabled(request.method);
  shapes::GetBucketCors::Output configuration;
  protocol::read_document(*shapes::GetBucketCors::model.output, "CORSConfiguration", kept->view(), &configuration);
  if (request.headers.size() > kMostCorsHeaderBytes) return errors::cors_refused(request.method);
  const std::vector<std::string> asked = names_in(request.headers);
  for (const shapes::CORSRule& rule : configuration.cors_rules.value_or(std::vector<shapes::CORSRule>())) {
    if (allows(rule, request, asked)) return headers_of(rule, request, asked);
  }
  return errors::cors_refused(request.method);
}

}  // namespace deputy::s3
