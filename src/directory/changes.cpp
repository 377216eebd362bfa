#include "directory/changes.h"

#include <algorithm>
#include <iterator>
#include <type_traits>

#include "directory/codec.h"

namespace deputy::directory {

template <class Entity>
void Changes::create(const Entity& entity) {
  std::string key = key_of(entity);
  guards_.push_back({key, 0});
  writes_.push_back({std::move(key), encode(entity)});
}

template <class Entity>
void Changes::update(const Entity& entity) {
  std::string key = key_of(entity);
  guards_.push_back({key, entity.revision});
  writes_.push_back({std::move(key), encode(entity)});
}

template <class Entity>
void Changes::erase(const Entity& entity) {
  std::string key = key_of(entity);
  guards_.push_back({key, entity.revision});
  writes_.push_back({std::move(key), std::nullopt});
  if constexpr (std::is_same_v<Entity, Role> || std::is_same_v<Entity, User>) forget_use(entity.id.str());
}

template <class Entity>
void Changes::require_unchanged(const Entity& entity) {
  guards_.push_back({key_of(entity), entity.revision});
}

template <class Entity>
void Changes::rename(const Entity& before, const Entity& after) {
  if (key_of(before) == key_of(after)) return update(after);  // only the case or the path changed
  guards_.push_back({key_of(before), before.revision});  // not erase(): what is known of its uses stays with its id
  writes_.push_back({key_of(before), std::nullopt});
  create(after);
}

void Changes::append(Changes more) {
  std::move(more.guards_.begin(), more.guards_.end(), std::back_inserter(guards_));
  std::move(more.writes_.begin(), more.writes_.end(), std::back_inserter(writes_));
  std::move(more.none_under_.begin(), more.none_under_.end(), std::back_inserter(none_under_));
}

void Changes::erase_unreadable(const std::string& key, Revision revision) {
  guards_.push_back({key, revision});
  writes_.push_back({key, std::nullopt});
}

Changes Changes::of_entries(std::vector<Guard> guards, std::vector<Write> writes) {
  Changes changes;
  changes.guards_ = std::move(guards);
  changes.writes_ = std::move(writes);
  changes.bulk_ = true;
  return changes;
}

void Changes::claim(std::string key) {
  guards_.push_back({key, 0});
  writes_.push_back({std::move(key), std::string()});
}

void Changes::claim_access_key(std::string_view id) { claim(access_key_guard(id)); }
void Changes::release_access_key(std::string_view id) {
  writes_.push_back({access_key_guard(id), std::nullopt});
  forget_use(id);
}
void Changes::claim_alias(std::string_view alias) { claim(alias_guard(alias)); }
void Changes::release_alias(std::string_view alias) { writes_.push_back({alias_guard(alias), std::nullopt}); }
void Changes::forget_use(std::string_view id) { writes_.push_back({last_use_key(id), std::nullopt}); }
void Changes::remember_use(std::string_view id, const LastUse& use) {
  writes_.push_back({last_use_key(id), encode(use)});
}

template <class Held>
void Changes::put(std::string key, const Held& held, Revision there) {
  guards_.push_back({key, there});
  writes_.push_back({std::move(key), encode(held)});
}
template void Changes::put(std::string, const ObjectVersion&, Revision);
template void Changes::put(std::string, const Upload&, Revision);
template void Changes::put(std::string, const Part&, Revision);

void Changes::remove(std::string key, Revision there) {
  guards_.push_back({key, there});
  writes_.push_back({std::move(key), std::nullopt});
}
void Changes::leave_unused(const UnusedBytes& unused) { writes_.push_back({key_of(unused), encode(unused)}); }

#define DEPUTY_ROW(Entity, map, word)                      \
  template void Changes::create(const Entity&);            \
  template void Changes::update(const Entity&);            \
  template void Changes::erase(const Entity&);             \
  template void Changes::require_unchanged(const Entity&); \
  template void Changes::rename(const Entity&, const Entity&);
DEPUTY_KINDS(DEPUTY_ROW)
#undef DEPUTY_ROW

}  // namespace deputy::directory
