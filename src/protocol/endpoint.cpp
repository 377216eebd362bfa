#include "protocol/endpoint.h"

#include <algorithm>

#include "base/encoding.h"
#include "protocol/route.h"

namespace deputy::protocol {
namespace {

bool cut_suffix(std::string_view& text, std::string_view suffix) {
  if (text.size() < suffix.size()) return false;
  if (!equals_ignoring_case(text.substr(text.size() - suffix.size()), suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// "bucket.s3" of "bucket.s3.corp.example". The domain itself is nobody's bucket.
bool cut_domain(std::string_view& name, std::string_view domain) {
  std::string_view rest = name;
  if (!cut_suffix(rest, domain) || !cut_suffix(rest, ".")) return false;
  name = rest;
  return true;
}

/// "sts", "sts-fips", "s3", "s3-fips"; null: none
const Service* service_of_label(std::string_view label) {
  cut_suffix(label, "-fips");
  for (const Service* service : services()) {
    if (!service->operator_only && equals_ignoring_case(service->signing_name, label)) return service;
  }
  return nullptr;
}

/// "eu-west-1", not "global", "dualstack" or "us-gov".
bool is_region(std::string_view label) {
  return label.find('-') != std::string_view::npos && label.back() >= '0' && label.back() <= '9';
}

/// The region that a scope must name at a name of AWS's whose label behind the service is `label`; empty: any.
std::string_view region_of_name(const Service& service, std::string_view label) {
  if (is_region(label)) return label;
  if (service.names_in_host) return {};
  return equals_ignoring_case(label, "us-gov") ? "us-gov-west-1" : "us-east-1";  // the home of the partition
}

}  // namespace

bool can_be_domain(std::string_view name) {
  constexpr std::size_t kLongestName = 253, kLongestLabel = 63;
  constexpr std::string_view kTaken[] = {"amazonaws.com", "amazonaws.com.cn", "api.aws", "localhost"};
  const bool taken = std::ranges::any_of(kTaken, [&](std::string_view other) {
    std::string_view rest = name;
    return equals_ignoring_case(name, other) || cut_domain(rest, other);
  });
  if (taken || name.empty() || name.size() > kLongestName) return false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::string_view label = name.substr(begin, name.find('.', begin) - begin);
    const bool fits = !label.empty() && label.size() <= kLongestLabel && label.front() != '-' && label.back() != '-';
    if (!fits || !std::ranges::all_of(label, [](char c) { return c == '-' || is_letter_or_digit(c); })) return false;
    begin += label.size() + 1;
  }
  return true;
}

Endpoint endpoint_of(std::string_view host, std::span<const std::string> domains) {
  if (host.starts_with('[')) return {};  // an address
  std::string_view name = host.substr(0, host.find(':'));
  if (name.ends_with('.')) name.remove_suffix(1);
  const bool local = cut_suffix(name, ".localhost") ||
                     std::ranges::any_of(domains, [&](const std::string& domain) { return cut_domain(name, domain); });
  if (!local && !cut_suffix(name, ".amazonaws.com") && !cut_suffix(name, ".amazonaws.com.cn") &&
      !cut_suffix(name, ".api.aws")) {
    return {};
  }

  // [bucket.]service[.dualstack | .global][.region]. From the right, because a bucket may be called anything.
  std::string_view front = name, last;
  while (!front.empty()) {
    const std::size_t dot = front.rfind('.');
    const std::string_view label = dot == std::string_view::npos ? front : front.substr(dot + 1);
    front = dot == std::string_view::npos ? std::string_view{} : front.substr(0, dot);
    const Service* service = service_of_label(label);
    if (service != nullptr && (front.empty() || service->names_in_host)) {
      const std::string_view region = !local            ? region_of_name(*service, last)
                                      : is_region(last) ? last
                                                        : std::string_view{};
      return {.service = service->id,
              .region = region,
              .binds_region = !local && !region.empty(),
              .is_global = !local && !is_region(last),
              .bucket = front};
    }
    if (last.empty()) last = label;
  }
  if (local) return {.service = {}, .region = {}, .binds_region = false, .is_global = false, .bucket = name};
  return {};
}

}  // namespace deputy::protocol
