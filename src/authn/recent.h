// A bounded cache that one thread keeps for itself: what was used lately stays, in sets of four so that finding and
// replacing cost the same however full it is.
//
//   Recent<Entry, 256> cache;
//   if (Entry* hit = cache.find(hash, [&](const Entry& e) { return e.key == key; })) ...
//   Entry& slot = cache.replace(hash);   // empty, in the place of the least recently used of its set
//
// The hash only chooses the set: whoever makes keys collide costs others a miss, never an answer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace deputy::authn {

template <class Entry, std::size_t Sets>
class Recent {
  static_assert((Sets & (Sets - 1)) == 0, "a power of two");
  static constexpr std::size_t kWays = 4;

 public:
  static constexpr std::size_t kCapacity = Sets * kWays;

  /// Null if there is none. Valid until the next replace().
  template <class Matches>
  Entry* find(std::size_t hash, Matches&& matches) {
    if (!sets_) return nullptr;
    for (Way& way : set_of(hash)) {
      if (way.used != 0 && way.hash == hash && matches(static_cast<const Entry&>(way.entry))) {
        way.used = ++clock_;
        return &way.entry;
      }
    }
    return nullptr;
  }

  Entry& replace(std::size_t hash) {
    if (!sets_) sets_ = std::make_unique<std::array<Set, Sets>>();
    Way* oldest = nullptr;
    for (Way& way : set_of(hash)) {
      if (oldest == nullptr || way.used < oldest->used) oldest = &way;
    }
    oldest->entry = Entry{};
    oldest->hash = hash;
    oldest->used = ++clock_;
    return oldest->entry;
  }

 private:
  struct Way {
    std::uint64_t used = 0;  // 0: never
    std::size_t hash = 0;
    Entry entry{};
  };
  using Set = std::array<Way, kWays>;

  Set& set_of(std::size_t hash) { return (*sets_)[hash & (Sets - 1)]; }

  std::unique_ptr<std::array<Set, Sets>> sets_;  // made at the first use: idle threads need none
  std::uint64_t clock_ = 0;
};

}  // namespace deputy::authn
