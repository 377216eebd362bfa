#include "policy/principal_names.h"

#include <algorithm>
#include <array>

namespace deputy::policy {
namespace {

constexpr std::array<std::string_view, 4> kBuiltInProviders = {kCognito, "www.amazon.com", "graph.facebook.com",
                                                               "accounts.google.com"};
constexpr std::array<std::string_view, 2> kAlexa = {"alexa-appkit.amazon.com", "alexa-connectedhome.amazon.com"};

constexpr std::size_t kLongestLabel = 63;  // of a host name
constexpr std::size_t kLongestName = 253;

bool is_label(std::string_view label) {
  const auto ordinary = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), ordinary);
}

}  // namespace

bool is_service_principal(std::string_view name) {
  if (name.size() > kLongestName) return false;
  for (const std::string_view domain : {std::string_view(".amazonaws.com"), std::string_view(".amazonaws.com.cn")}) {
    if (!name.ends_with(domain)) continue;
    std::string_view labels = name.substr(0, name.size() - domain.size());
    while (true) {
      const std::size_t dot = labels.find('.');
      if (!is_label(labels.substr(0, dot))) return false;
      if (dot == std::string_view::npos) return true;
      labels.remove_prefix(dot + 1);
    }
  }
  return std::find(kAlexa.begin(), kAlexa.end(), name) != kAlexa.end();
}

bool is_built_in_provider(std::string_view name) {
  return std::find(kBuiltInProviders.begin(), kBuiltInProviders.end(), name) != kBuiltInProviders.end();
}

}  // namespace deputy::policy
