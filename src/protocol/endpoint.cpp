#include "protocol/endpoint.h"

#include "base/encoding.h"

namespace deputy::protocol {
namespace {

bool cut_suffix(std::string_view& text, std::string_view suffix) {
  if (text.size() < suffix.size()) return false;
  if (!equals_ignoring_case(text.substr(text.size() - suffix.size()), suffix)) return false;
  text.remove_suffix(suffix.size());
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

Endpoint endpoint_of(std::string_view host) {
  if (host.starts_with('[')) return {};  // an address
  std::string_view name = host.substr(0, host.find(':'));
  if (name.ends_with('.')) name.remove_suffix(1);
  const bool local = cut_suffix(name, ".localhost");
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
