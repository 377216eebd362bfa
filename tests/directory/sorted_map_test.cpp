#include "directory/sorted_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace deputy::directory {
namespace {

using Model = std::map<std::string, int>;

void expect_equal(const SortedMap<int>& map, const Model& model) {
  ASSERT_EQ(map.size(), model.size());
  auto expected = model.begin();
  map.scan("", [&](std::string_view key, int value) {
    EXPECT_EQ(key, expected->first);
    EXPECT_EQ(value, expected->second);
    ++expected;
    return true;
  });
  EXPECT_EQ(expected, model.end());
}

TEST(SortedMapTest, AgreesWithStdMapAndOldCopiesStay) {
  std::mt19937 random(7);
  SortedMap<int> map;
  Model model;
  std::vector<std::pair<SortedMap<int>, Model>> history;
  for (int step = 0; step < 20'000; ++step) {
    const std::string key = std::to_string(random() % 2000);
    if (random() % 3 == 0) {
      map.erase(key);
      model.erase(key);
    } else {
      map.put(key, std::make_shared<const int>(step));
      model[key] = step;
    }
    if (step % 1000 == 0) history.emplace_back(map, model);
  }
  history.emplace_back(map, model);
  for (const auto& [copy, expected] : history) expect_equal(copy, expected);
}

TEST(SortedMapTest, ScanBeginsAtTheFirstKeyNotBelow) {
  SortedMap<int> map;
  for (int i = 0; i < 1000; ++i) map.put(std::to_string(10'000 + 2 * i), std::make_shared<const int>(i));
  for (int i = 0; i < 999; ++i) {
    map.scan(std::to_string(10'001 + 2 * i), [&](std::string_view, int value) {
      EXPECT_EQ(value, i + 1);
      return false;
    });
  }
  map.scan("9", [](std::string_view, int) {
    ADD_FAILURE() << "nothing is that large";
    return false;
  });
}

}  // namespace
}  // namespace deputy::directory
