#include "directory/usage.h"

#include <algorithm>

#include "directory/codec.h"

namespace deputy::directory {

void Usage::used(std::string_view id, Time when, std::string_view region, std::string_view service) {
  constexpr auto precision = std::chrono::minutes(1);
  Shard& s = shard(id);
  const std::lock_guard lock(s.mutex);
  auto& [use, changed] = s.uses[std::string(id)];
  if (when - use.when < precision && use.service == service && use.region == region) return;
  use.when = when;
  use.region = region;
  use.service = service;
  if (!std::exchange(changed, true)) s.changed.emplace_back(id);
}

namespace {

/// The use of this name in a list that is sorted by names; made if there is none.
template <class Use>
Use& of_name(std::vector<Use>& uses, std::string_view name) {
  const auto at = std::ranges::lower_bound(uses, name, {}, &Use::name);
  if (at != uses.end() && at->name == name) return *at;
  Use made;
  made.name = name;
  return *uses.insert(at, std::move(made));
}

}  // namespace

void Usage::called(std::string_view id, Time when, std::string_view region, std::string_view service,
                   std::string_view action) {
  constexpr auto precision = std::chrono::minutes(1);
  region = region.substr(0, kLongestRegion);
  Shard& s = shard(id);
  const std::lock_guard lock(s.mutex);
  auto& [use, changed] = s.uses[std::string(id)];
  ServiceUse& of_service = of_name(use.services, service);
  ActionUse& of_action = of_name(of_service.actions, action);
  if (when - of_action.when < precision && of_action.region == region && of_service.region == region) return;
  use.when = of_service.when = of_action.when = when;
  use.region = of_service.region = of_action.region = region;
  if (!std::exchange(changed, true)) s.changed.emplace_back(id);
}

std::optional<LastUse> Usage::last(std::string_view id) const {
  Shard& s = shard(id);
  const std::lock_guard lock(s.mutex);
  const auto at = s.uses.find(std::string(id));
  if (at == s.uses.end()) return std::nullopt;
  return at->second.use;
}

void Usage::forget_deleted(const Changes& changes) {
  for (const Changes::Write& write : changes.writes()) {
    if (write.value || !write.key.starts_with(kLastUses)) continue;
    const std::string id = write.key.substr(kLastUses.size());
    Shard& s = shard(id);
    const std::lock_guard lock(s.mutex);
    s.uses.erase(id);
    std::erase(s.changed, id);
  }
}

void Usage::restore(std::string_view id, std::string_view bytes) {
  PolicyPool no_policies;
  auto use = decode<LastUse>(bytes, no_policies);
  if (!use) return;
  Shard& s = shard(id);
  const std::lock_guard lock(s.mutex);
  s.uses[std::string(id)] = {std::move(use).value()};
}

std::vector<std::pair<std::string, LastUse>> Usage::take_changed(std::size_t most) {
  std::vector<std::pair<std::string, LastUse>> taken;
  for (Shard& s : shards_) {
    const std::lock_guard lock(s.mutex);
    while (taken.size() < most && !s.changed.empty()) {
      std::string id = std::move(s.changed.back());
      s.changed.pop_back();
      Known& known = s.uses[id];
      known.changed = false;
      taken.emplace_back(std::move(id), known.use);
    }
  }
  return taken;
}

}  // namespace deputy::directory
