#include "authn/recent.h"

#include <gtest/gtest.h>

#include <string>

namespace deputy::authn {
namespace {

struct Entry {
  std::string key;
  int value = 0;
};

TEST(RecentTest, TheLeastRecentlyUsedOfItsSetGoes) {
  Recent<Entry, 1> cache;  // one set of four
  const auto find = [&](const std::string& key) {
    Entry* hit = cache.find(7, [&](const Entry& e) { return e.key == key; });
    return hit != nullptr ? hit->value : 0;
  };
  EXPECT_EQ(find("a"), 0);
  int value = 0;
  for (const char* key : {"a", "b", "c", "d"}) cache.replace(7) = {key, ++value};
  EXPECT_EQ(find("a"), 1);
  cache.replace(7) = {"e", 5};
  EXPECT_EQ(find("b"), 0);
  for (const char* key : {"a", "c", "d", "e"}) EXPECT_NE(find(key), 0) << key;
}

TEST(RecentTest, AnotherHashIsNoHit) {
  Recent<Entry, 4> cache;
  cache.replace(1) = {"a", 1};
  EXPECT_EQ(cache.find(5, [](const Entry&) { return true; }), nullptr);
  EXPECT_NE(cache.find(1, [](const Entry&) { return true; }), nullptr);
}

}  // namespace
}  // namespace deputy::authn
