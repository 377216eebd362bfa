#include "objects/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>

#include "base/prefix.h"
#include "objects/bucket.h"

namespace deputy::objects {
namespace {

using What = Listing::What;

/// What a bucket holds, and how S3 lists it, said as plainly as can be.
struct Model {
  struct Version {
    std::string id;
    bool is_marker = false;
  };
  std::map<std::string, std::vector<Version>> versions;  // newest first
  std::map<std::string, std::vector<std::string>> uploads;

  void fill(store::Store& store) const {
    Writes writes;
    for (const auto& [key, all] : versions) {
      for (std::size_t i = 0; i < all.size(); ++i) {
        directory::ObjectVersion version = version_of(key, all[i].id);
        version.is_marker = all[i].is_marker;
        i == 0 ? writes.newest(version) : writes.other(version);
      }
    }
    for (const auto& [key, ids] : uploads) {
      for (const std::string& id : ids) writes.upload(upload_of(key, id));
    }
    if (!writes.changes().empty()) writes.commit(store);
  }

  struct Line {
    std::string key, id;
    bool is_newest = false;
  };
  [[nodiscard]] std::vector<Line> lines(What what) const {
    std::vector<Line> all;
    if (what == What::kUploads) {
      for (const auto& [key, ids] : uploads) {
        for (const std::string& id : ids) all.push_back({key, id, false});
      }
      return all;
    }
    for (const auto& [key, of_key] : versions) {
      for (std::size_t i = 0; i < of_key.size(); ++i) {
        if (what == What::kVersions || (i == 0 && !of_key[i].is_marker)) all.push_back({key, of_key[i].id, i == 0});
      }
    }
    return all;
  }

  static std::string common_prefix(const Listing& of, const std::string& key) {
    if (of.delimiter.empty() || !key.starts_with(of.prefix)) return "";
    const std::size_t found = key.find(of.delimiter, of.prefix.size());
    return found == std::string::npos ? "" : key.substr(0, found + of.delimiter.size());
  }

  /// "key id", "key id*" of the newest, "prefix/ >" of a common one; at the end "…" if there are more.
  [[nodiscard]] std::vector<std::string> list(const Listing& of) const {
    std::vector<std::string> shown;
    if (of.limit == 0) return shown;
    std::string last_common;
    for (const Line& line : lines(of.what)) {
      if (!line.key.starts_with(of.prefix)) continue;
      if (!of.after_key.empty()) {
        const bool marks_common = common_prefix(of, of.after_key) == of.after_key;
        if (marks_common && line.key.starts_with(of.after_key)) continue;
        if (line.key < of.after_key) continue;
        const bool by_id = of.what != What::kObjects && !of.after_id.empty() && !marks_common;
        if (line.key == of.after_key && !(by_id && line.id > of.after_id)) continue;
      }
      const std::string common = common_prefix(of, line.key);
      if (!common.empty() && common == last_common) continue;
      last_common = common;
      if (shown.size() == of.limit) {
        shown.emplace_back("…");
        break;
      }
      shown.push_back(!common.empty() ? common + " >" : line.key + " " + line.id + (line.is_newest ? "*" : ""));
    }
    return shown;
  }
};

/// Items and common prefixes in the one order of the listing.
std::vector<std::string> shown(const Listed& listed) {
  std::vector<std::pair<std::string, std::string>> by_key;
  for (const std::string& prefix : listed.common_prefixes) by_key.emplace_back(prefix, prefix + " >");
  for (const Listed::Item& item : listed.items) {
    if (item.upload != nullptr) {
      by_key.emplace_back(item.upload->key, item.upload->key + " " + item.upload->id);
    } else {
      by_key.emplace_back(item.version->key,
                          item.version->key + " " + item.version->version + (item.is_newest ? "*" : ""));
      EXPECT_TRUE(item.version->content.empty());
    }
  }
  std::stable_sort(by_key.begin(), by_key.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> lines;
  for (auto& [key, line] : by_key) lines.push_back(std::move(line));
  if (listed.truncated) lines.emplace_back("…");
  return lines;
}

std::string told(const Listing& of) {
  return fmt::format("what {} prefix '{}' delimiter '{}' after '{}' '{}' limit {}", static_cast<int>(of.what),
                     of.prefix, of.delimiter, of.after_key, of.after_id, of.limit);
}

Listed must(const Listing& of, const Read& read, std::size_t most_visited = kMostVisited) {
  auto listed = read_listing(of, read, most_visited);
  EXPECT_TRUE(listed) << listed.error().message;
  return listed ? std::move(listed).value() : Listed();
}

/// All pages of a listing, one behind the other.
std::vector<std::string> all_pages(Listing of, const Read& read, std::size_t most_visited = kMostVisited) {
  std::vector<std::string> lines;
  for (int page = 0; page < 10'000; ++page) {
    const Listed listed = must(of, read, most_visited);
    for (std::string& line : shown(listed)) {
      if (line != "…") lines.push_back(std::move(line));
    }
    if (!listed.truncated) return lines;
    EXPECT_LE(listed.items.size() + listed.common_prefixes.size(), of.limit);
    of.after_key = listed.last_key;
    of.after_id = listed.last_id;
  }
  ADD_FAILURE() << "it has no end: " << told(of);
  return lines;
}

class Random {
 public:
  explicit Random(unsigned seed) : state_(seed * 2654435761U + 1) {}
  std::size_t below(std::size_t end) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (state_ >> 33U) % end;
  }
  std::string text(std::size_t longest) {
    static const char* const kParts[] = {"a", "b", "/", "-", "\x01", "é", "\xFF", "z"};
    std::string text;
    for (std::size_t n = below(longest + 1); n > 0; --n) text += kParts[below(std::size(kParts))];
    return text;
  }

 private:
  std::uint64_t state_;
};

Model random_model(Random& random) {
  Model model;
  for (std::size_t n = random.below(25); n > 0; --n) {
    const std::string key = "a" + random.text(5);
    auto& versions = model.versions[random.below(3) == 0 ? key : key.substr(random.below(2))];
    for (std::size_t v = random.below(4) + 1; v > 0; --v) {
      versions.push_back({fmt::format("v{:02}", versions.size()), random.below(3) == 0});
    }
    for (std::size_t u = random.below(3); u > 0; --u) {
      auto& ids = model.uploads[key];
      ids.push_back(fmt::format("u{:02}", ids.size()));
    }
  }
  model.versions.erase("");
  return model;
}

Listing random_listing(Random& random, const Model& model) {
  static const char* const kDelimiters[] = {"", "/", "-", "a/", "//", "é", "\xFF"};
  Listing of;
  of.bucket = kBucket;
  of.what = static_cast<What>(random.below(3));
  of.delimiter = kDelimiters[random.below(std::size(kDelimiters))];
  if (random.below(2) == 0) of.prefix = random.text(3);
  switch (random.below(4)) {
    case 0:
      of.after_key = random.text(4);
      break;
    case 1:
      if (!model.versions.empty()) {
        auto at = model.versions.begin();
        std::advance(at, random.below(model.versions.size()));
        of.after_key = at->first;
        if (random.below(2) == 0) of.after_key = Model::common_prefix(of, of.after_key);
      }
      break;
    default:
      break;
  }
  if (!of.after_key.empty() && random.below(2) == 0)
    of.after_id = fmt::format("{}{:02}", "vu"[random.below(2)], random.below(5));
  of.limit = random.below(8);
  return of;
}

TEST(ListingTest, IsWhatTheModelSaysForRandomBuckets) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    Random random(seed);
    const Model model = random_model(random);
    const auto store = store::open_memory();
    model.fill(*store);
    const Read read = pages_of(*store);
    for (int i = 0; i < 5; ++i) {
      Listing of = random_listing(random, model);
      ASSERT_EQ(shown(must(of, read)), model.list(of)) << "seed " << seed << ": " << told(of);
      of.limit = 1 + random.below(4);
      Listing whole = of;
      whole.limit = 100'000;
      ASSERT_EQ(all_pages(of, read), model.list(whole)) << "seed " << seed << ", all pages: " << told(of);
      ASSERT_EQ(all_pages(whole, read, 1 + random.below(9)), model.list(whole))
          << "seed " << seed << ", cut: " << told(of);
    }
  }
}

/// Counts what a listing reads.
struct Counted {
  Read read;
  std::size_t calls = 0, entries = 0;
  Read reader() {
    return [this](std::span<const Range> ranges) {
      auto moment = read(ranges);
      ++calls;
      for (const Page& page : moment->pages) entries += page.entries.size();
      return moment;
    };
  }
};

TEST(ListingTest, WhatIsBelowACommonPrefixIsNotRead) {
  const auto store = store::open_memory();
  Writes writes;
  for (int i = 0; i < 30'000; ++i) writes.newest(version_of(fmt::format("logs/{:06}", i), "1"));
  writes.newest(version_of("a", "1")).newest(version_of("z", "1"));
  writes.commit(*store);
  Counted counted{.read = pages_of(*store)};
  const Read read = counted.reader();
  Listing of{
      .what = What::kObjects, .bucket = kBucket, .prefix = {}, .delimiter = "/", .after_key = {}, .after_id = {}};
  EXPECT_EQ(shown(must(of, read)), (std::vector<std::string>{"a 1*", "logs/ >", "z 1*"}));
  EXPECT_LE(counted.entries, 200U);
  EXPECT_LE(counted.calls, 4U);

  counted = {.read = counted.read};
  of.what = What::kVersions;
  EXPECT_EQ(shown(must(of, read)), (std::vector<std::string>{"a 1*", "logs/ >", "z 1*"}));
  EXPECT_LE(counted.entries, 200U);
}

TEST(ListingTest, ManyCommonPrefixesWithManyKeysCostAFewKeysEach) {
  const auto store = store::open_memory();
  Writes writes;
  for (int i = 0; i < 100; ++i) {
    for (int j = 0; j < 300; ++j) writes.newest(version_of(fmt::format("{:03}/{:03}", i, j), "1"));
  }
  writes.commit(*store);
  Counted counted{.read = pages_of(*store)};
  const Listing of{
      .what = What::kObjects, .bucket = kBucket, .prefix = {}, .delimiter = "/", .after_key = {}, .after_id = {}};
  EXPECT_EQ(must(of, counted.reader()).common_prefixes.size(), 100U);
  EXPECT_LE(counted.entries, 2000U);
}

TEST(ListingTest, APageReadsNoMoreThanItShows) {
  const auto store = store::open_memory();
  Writes writes;
  for (int i = 0; i < 5000; ++i) writes.newest(version_of(fmt::format("{:06}", i), "1"));
  writes.commit(*store);
  Counted counted{.read = pages_of(*store)};
  Listing of{
      .what = What::kObjects, .bucket = kBucket, .prefix = {}, .delimiter = {}, .after_key = "002", .after_id = {}};
  EXPECT_EQ(must(of, counted.reader()).items.size(), 1000U);
  EXPECT_EQ(counted.calls, 1U);
  EXPECT_EQ(counted.entries, 1001U);
  of.limit = 1;
  EXPECT_EQ(must(of, counted.reader()).items.size(), 1U);
  EXPECT_LE(counted.entries, 1010U);
}

TEST(ListingTest, DeleteMarkersEndAPageBeforeItCostsTooMuch) {
  const auto store = store::open_memory();
  Writes writes;
  for (int i = 0; i < 3000; ++i) {
    directory::ObjectVersion marker = version_of(fmt::format("{:06}", i), "1");
    marker.is_marker = i != 2999;
    writes.newest(marker);
  }
  writes.commit(*store);
  const Read read = pages_of(*store);
  Listing of{.what = What::kObjects, .bucket = kBucket, .prefix = {}, .delimiter = {}, .after_key = {}, .after_id = {}};
  const Listed first = must(of, read, 1000);
  EXPECT_TRUE(first.truncated);
  EXPECT_TRUE(first.items.empty());
  EXPECT_EQ(first.last_key, "001000");
  EXPECT_EQ(all_pages(of, read, 1000), std::vector<std::string>{"002999 1*"});
}

TEST(ListingTest, ANullVersionCanBeTheMarker) {
  const auto store = store::open_memory();
  directory::ObjectVersion null_one = version_of("k", "2"), newest = version_of("k", "1");
  null_one.is_null = true;
  newest.null_version = "2";
  Writes().newest(newest).other(null_one).other(version_of("k", "3")).newest(version_of("l", "1")).commit(*store);
  const Read read = pages_of(*store);
  Listing of{
      .what = What::kVersions, .bucket = kBucket, .prefix = {}, .delimiter = {}, .after_key = "k", .after_id = "null"};
  EXPECT_EQ(shown(must(of, read)), (std::vector<std::string>{"k 3", "l 1*"}));
  of.after_key = "l";
  EXPECT_EQ(shown(must(of, read)), std::vector<std::string>{}) << "l has no such version";
}

TEST(ListingTest, ADamagedEntryIsLeftOut) {
  const auto store = store::open_memory();
  Writes()
      .newest(version_of("a", "1"))
      .add(directory::newest_key(kBucket, "b"), "?")
      .newest(version_of("c", "1"))
      .commit(*store);
  const Listing of{
      .what = What::kObjects, .bucket = kBucket, .prefix = {}, .delimiter = {}, .after_key = {}, .after_id = {}};
  EXPECT_EQ(shown(must(of, pages_of(*store))), (std::vector<std::string>{"a 1*", "c 1*"}));
}

TEST(ListingTest, OfAStoreThatCannotBeReadThereIsNone) {
  const Read read = [](std::span<const Range>) -> Result<Moment> { return Fault{Fault::Kind::kUnavailable, "no"}; };
  const auto listed = read_listing(
      {.what = What::kObjects, .bucket = kBucket, .prefix = {}, .delimiter = {}, .after_key = {}, .after_id = {}},
      read);
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().kind, Fault::Kind::kUnavailable);
}

}  // namespace
}  // namespace deputy::objects
