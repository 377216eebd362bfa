// Marker and MaxItems (docs/wire.md, 5.6).
#include "services/iam/paging.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/encoding.h"

namespace deputy::iam {
namespace {

struct Input {
  std::optional<std::string> marker{};
  std::optional<std::int32_t> max_items{};
};
struct Output {
  std::optional<bool> is_truncated{};
  std::optional<std::string> marker{};
};
struct Thing {
  std::string name, path;
};
using Things = directory::SortedMap<Thing>;

Things things(int count) {
  Things all;
  for (int i = 0; i < count; ++i) {
    const std::string name = std::to_string(1000 + i);
    all.put(name, std::make_shared<const Thing>(Thing{name, i % 2 == 0 ? "/even/" : "/odd/"}));
  }
  return all;
}

/// The names of one page.
std::vector<std::string> read(const Things& all, const Input& in, Output& out,
                              const std::optional<std::string>& prefix = {}) {
  std::vector<std::string> names;
  auto page = page_of(in, "ListThings");
  EXPECT_TRUE(page.ok());
  give_page(out, *page, all, under_path(prefix), [&](const Thing& thing) { names.push_back(thing.name); });
  return names;
}

TEST(PagingTest, AHundredItemsAreAPageUnlessMaxItemsSaysOtherwise) {
  Output out;
  EXPECT_EQ(read(things(100), {}, out).size(), 100U);
  EXPECT_EQ(out.is_truncated, false);
  EXPECT_EQ(out.marker, std::nullopt);

  out = {};
  EXPECT_EQ(read(things(101), {}, out).size(), 100U);
  EXPECT_EQ(out.is_truncated, true);
  EXPECT_TRUE(out.marker);

  out = {};
  EXPECT_EQ(read(things(101), {.max_items = 101}, out).size(), 101U);
  EXPECT_EQ(out.is_truncated, false);
}

TEST(PagingTest, PagesOfAnySizeGiveEveryItemOnceAndInOrder) {
  const Things all = things(100);
  for (const std::int32_t size : {1, 2, 7, 49, 50, 51, 1000}) {
    std::vector<std::string> seen;
    Input in{.max_items = size};
    for (;;) {
      Output out;
      const auto names = read(all, in, out, "/odd/");
      EXPECT_FALSE(names.empty());
      seen.insert(seen.end(), names.begin(), names.end());
      in.marker = out.marker;
      if (!*out.is_truncated) break;
    }
    EXPECT_EQ(seen.size(), 50U) << size;
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  }
}

TEST(PagingTest, WhatIsDeletedBetweenTwoPagesMovesNothingElse) {
  Things all = things(10);
  Output first;
  EXPECT_EQ(read(all, {.max_items = 3}, first).back(), "1002");
  all.erase("1000");
  all.erase("1002");  // the one that the Marker names
  Output second;
  EXPECT_EQ(read(all, {.marker = first.marker, .max_items = 3}, second).front(), "1003");
}

TEST(PagingTest, AListInMemoryIsSortedAndCutTheSameWay) {
  const std::vector<std::string> items{"c", "a", "e", "b", "d"};
  std::string seen;
  Input in{.max_items = 2};
  for (int pages = 0; pages < 3; ++pages) {
    Output out;
    give_page(
        out, *page_of(in, "L"), items, [](const std::string& s) { return s; },
        [&](const std::string& s) { seen += s; });
    EXPECT_EQ(out.is_truncated, pages < 2);
    in.marker = out.marker;
  }
  EXPECT_EQ(seen, "abcde");
}

TEST(PagingTest, AnEmptyListIsOnePage) {
  Output out;
  EXPECT_TRUE(read({}, {}, out).empty());
  EXPECT_EQ(out.is_truncated, false);
  EXPECT_EQ(out.marker, std::nullopt);
}

TEST(PagingTest, AMarkerThatThisListDidNotGiveIsRefused) {
  const std::string good = make_marker("ListThings", "a");
  EXPECT_EQ(*read_marker("ListThings", good), "a");
  const std::string bad[] = {"",
                             "x",
                             "AAAA",
                             good + "=",
                             good.substr(1),
                             make_marker("ListOthers", "a"),
                             make_marker("ListThingsToo", "a"),
                             make_marker("ListThing", "s\na"),
                             base64("ListThings\n"),
                             base64("ListThings"),
                             "ListThings\na"};
  for (const std::string& marker : bad) {
    const auto page = page_of(Input{.marker = marker}, "ListThings");
    ASSERT_FALSE(page.ok()) << marker;
    EXPECT_EQ(page.error().code(), "ValidationError");
    EXPECT_EQ(page.error().status(), 400);
    EXPECT_EQ(page.error().message(), "Invalid Marker.");
  }
}

TEST(PagingTest, AMarkerFitsIntoARequest) {
  EXPECT_LE(make_marker("ListEntitiesForPolicy", std::string(200, 'x')).size(), 320U);
}

}  // namespace
}  // namespace deputy::iam
