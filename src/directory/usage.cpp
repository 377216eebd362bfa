#include "directory/usage.h"

namespace deputy::directory {

void Usage::used(std::string_view id, Time when, std::string_view region, std::string_view service) {
  constexpr auto precision = std::chrono::minutes(1);
  Shard& s = shard(id);
  const std::lock_guard lock(s.mutex);
  Slot& slot = s.slots[std::string(id)];
  if (when - slot.use.when < precision && slot.use.service == service && slot.use.region == region) return;
  slot.use = {when, std::string(region), std::string(service)};
  slot.changed = true;
}

std::optional<LastUse> Usage::last(std::string_view id) const {
  Shard& s = shard(id);
  const std::lock_guard lock(s.mutex);
  const auto at = s.slots.find(std::string(id));
  if (at == s.slots.end()) return std::nullopt;
  return at->second.use;
}

std::vector<std::pair<std::string, LastUse>> Usage::take_changed() {
  std::vector<std::pair<std::string, LastUse>> changed;
  for (Shard& s : shards_) {
    const std::lock_guard lock(s.mutex);
    for (auto& [id, slot] : s.slots) {
      if (std::exchange(slot.changed, false)) changed.emplace_back(id, slot.use);
    }
  }
  return changed;
}

void Usage::restore(std::string id, LastUse use) {
  Shard& s = shard(id);
  const std::lock_guard lock(s.mutex);
  s.slots[std::move(id)] = {std::move(use), false};
}

}  // namespace deputy::directory
