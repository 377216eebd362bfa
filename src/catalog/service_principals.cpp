#include "catalog/service_principals.h"

#include <algorithm>

namespace deputy::catalog {
namespace {

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
  return false;
}

}  // namespace deputy::catalog
