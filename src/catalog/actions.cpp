#include "catalog/actions.h"

#include <algorithm>

#include "base/encoding.h"
#include "policy/name_pattern.h"

namespace deputy::catalog {
namespace {

/// `visit(name)` for each name until it returns true; whether one did.
template <class Visit>
bool any_name(const ServiceActions& service, Visit visit) {
  std::string_view rest = service.names;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (visit(rest.substr(0, end))) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

}  // namespace

const ServiceActions* find_service(std::string_view prefix) {
  const std::string wanted = ascii_lower(prefix);
  const auto all = services_with_actions();
  const auto found = std::lower_bound(all.begin(), all.end(), wanted,
                                      [](const ServiceActions& s, const std::string& p) { return s.prefix < p; });
  return found != all.end() && found->prefix == wanted ? &*found : nullptr;
}

std::vector<std::string> actions_of(const ServiceActions& service) {
  std::vector<std::string> out;
  any_name(service, [&](std::string_view name) {
    out.push_back(std::string(service.prefix) + ":" + std::string(name));
    return false;
  });
  return out;
}

bool covers_an_action(std::string_view pattern) {
  if (pattern == "*" || pattern == "*:*") return true;
  const std::size_t colon = pattern.find(':');
  if (colon == std::string_view::npos) return false;
  const ServiceActions* service = find_service(pattern.substr(0, colon));
  if (service == nullptr) return false;
  const policy::NamePattern wanted(pattern.substr(colon + 1));
  return any_name(*service, [&](auto name) { return wanted.matches(name); });
}

std::vector<std::string> actions_named(std::string_view name) {
  std::vector<std::string> out;
  for (const ServiceActions& service : services_with_actions()) {
    any_name(service, [&](std::string_view other) {
      if (!equals_ignoring_case(other, name)) return false;
      out.push_back(std::string(service.prefix) + ":" + std::string(other));
      return true;
    });
  }
  return out;
}

}  // namespace deputy::catalog
