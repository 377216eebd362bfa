#include "directory/usage.h"

namespace deputy::directory {

void Usage::used(std::string_view id, Time when, std::string_view region, std::string_view service) {
  constexpr auto precision = std::chrono::minutes(1);
  Shard& s = shard(id);
  const std::lock_guard lock(s.mutex);
  LastUse& use = s.uses[std::string(id)];
  if (when - use.when < precision && use.service == service && use.region == region) return;
  use = {when, std::string(region), std::string(service)};
}

std::optional<LastUse> Usage::last(std::string_view id) const {
  Shard& s = shard(id);
  const std::lock_guard lock(s.mutex);
  const auto at = s.uses.find(std::string(id));
  if (at == s.uses.end()) return std::nullopt;
  return at->second;
}

}  // namespace deputy::directory
