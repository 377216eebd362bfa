#include "objects/memory.h"

#include <fmt/format.h>

#include <atomic>
#include <deque>
#include <map>
#include <thread>

#include "objects/bucket.h"

namespace deputy::objects {
namespace {

std::string name(const VersionPtr& version) { return version == nullptr ? "-" : version->version; }
std::string text(const Versions& versions) {
  return name(versions.newest) + " " + name(versions.named) + " " + name(versions.next);
}

/// A store whose commits become known to the memory when the test says so.
class Site {
 public:
  explicit Site(std::size_t most = 1 << 20) : memory(most) {}

  directory::Revision write(const Writes& writes) {
    const directory::Revision revision = writes.commit(*store);
    told_.emplace_back(revision, writes.readings(revision));
    return revision;
  }
  bool tell_next() {
    if (told_.empty()) return false;
    memory.committed(told_.front().first, told_.front().second);
    told_.pop_front();
    return true;
  }
  void tell_all() {
    while (tell_next()) {
    }
  }
  struct Reading {
    OfKey of;
    VersionsAt at;
    std::uint64_t epoch;
  };
  Reading read(const OfKey& of) {
    const std::uint64_t epoch = memory.epoch();
    return {of, *read_versions(of, pages_of(*store)), epoch};
  }
  void learn(const Reading& reading) { memory.learn(reading.of, reading.at, reading.epoch); }
  std::string found(const OfKey& of) {
    const auto versions = memory.find(of);
    return versions ? text(*versions) : "?";
  }

  std::unique_ptr<store::Store> store = store::open_memory();
  Memory memory;

 private:
  std::deque<std::pair<directory::Revision, std::vector<directory::Reading>>> told_;
};

const OfKey kKey{kBucket, "k", ""};

TEST(MemoryTest, TellsWhatWasReadAndWhatWasWrittenSince) {
  Site site;
  EXPECT_EQ(site.found(kKey), "?");
  site.learn(site.read(kKey));
  EXPECT_EQ(site.found(kKey), "- - -") << "that there is none is known, too";
  site.write(Writes().newest(version_of("k", "9")));
  site.tell_all();
  EXPECT_EQ(site.found(kKey), "9 - -");
  site.write(Writes().newest(version_of("k", "8")).other(version_of("k", "9")));
  site.tell_all();
  EXPECT_EQ(site.found(kKey), "8 - 9");
  EXPECT_EQ(site.found({kBucket, "k", "9"}), "8 9 9");
  EXPECT_EQ(site.found({kBucket, "k", "8"}), "8 8 9");
  EXPECT_EQ(site.found({kBucket, "k", "7"}), "?");
  site.learn(site.read({kBucket, "k", "7"}));
  EXPECT_EQ(site.found({kBucket, "k", "7"}), "8 - 9");
  EXPECT_EQ(site.memory.find(kKey)->newest->revision, 2U);
  site.write(Writes().newest(version_of("k", "9")).without("k", "9"));
  site.tell_all();
  EXPECT_EQ(site.found(kKey), "?") << "what is behind it now has to be read";
  site.write(Writes().without_newest("k"));
  site.tell_all();
  site.learn(site.read(kKey));
  EXPECT_EQ(site.found(kKey), "- - -");
}

TEST(MemoryTest, WhatWasReadBeforeACommitNeverHidesIt) {
  Site site;
  site.write(Writes().newest(version_of("k", "9")));
  site.tell_all();
  const auto before = site.read(kKey);
  site.write(Writes().newest(version_of("k", "8")));
  site.learn(before);  // the commit has not been told yet: nobody was answered
  EXPECT_EQ(site.found(kKey), "9 - -");
  site.tell_all();
  EXPECT_EQ(site.found(kKey), "8 - -");
  site.learn(before);
  EXPECT_EQ(site.found(kKey), "8 - -");

  Site other;
  const auto old = other.read(kKey);
  other.write(Writes().newest(version_of("k", "8")));
  other.tell_all();
  other.learn(old);
  EXPECT_EQ(other.found(kKey), "?");
}

TEST(MemoryTest, WhatWasReadIsNotTakenBackByACommitBeforeIt) {
  Site site;
  site.write(Writes().newest(version_of("k", "9")));
  site.write(Writes().newest(version_of("k", "8")));
  site.learn(site.read(kKey));
  site.tell_next();
  EXPECT_EQ(site.found(kKey), "8 - -");
}

TEST(MemoryTest, VersionsThatWereReadAtTwoMomentsAreNotMixed) {
  Site site;
  site.write(Writes().newest(version_of("k", "7")).other(version_of("k", "8")).other(version_of("k", "9")));
  site.tell_all();
  site.learn(site.read({kBucket, "k", "9"}));
  site.write(Writes().without("k", "9"));
  site.learn(site.read(kKey));  // read with that commit, which has not been told yet
  site.tell_all();
  EXPECT_NE(site.found({kBucket, "k", "9"}), "7 9 8");
}

TEST(MemoryTest, WhatIsInDoubtIsForgotten) {
  Site site;
  site.write(Writes().newest(version_of("k", "9")));
  site.tell_all();
  const auto before = site.read(kKey);
  site.learn(before);
  site.memory.forget();
  EXPECT_EQ(site.found(kKey), "?");
  site.learn(before);
  EXPECT_EQ(site.found(kKey), "?") << "it was read before";
  site.learn(site.read(kKey));
  EXPECT_EQ(site.found(kKey), "9 - -");
}

TEST(MemoryTest, TakesNoMoreThanItMay) {
  constexpr std::size_t kMost = 256 * 1024;
  Site site(kMost);
  for (int i = 0; i < 3000; ++i) {
    const std::string key = fmt::format("key-{}", i);
    site.write(Writes().newest(version_of(key, "1")));
    site.tell_all();
    site.learn(site.read({kBucket, key, ""}));
    ASSERT_LE(site.memory.bytes(), kMost);
  }
  EXPECT_GT(site.memory.bytes(), kMost / 2);
  EXPECT_EQ(site.found({kBucket, "key-2999", ""}), "1 - -");
  EXPECT_EQ(site.found({kBucket, "key-0", ""}), "?");
  directory::ObjectVersion large = version_of("key-2999", "0");
  large.content = std::string(kMost, 'x');
  site.write(Writes().newest(large));
  site.tell_all();
  EXPECT_LE(site.memory.bytes(), kMost);
  EXPECT_EQ(site.found({kBucket, "key-2999", ""}), "?");
}

/// Keys whose versions come and go as operations make them, and what they were at each revision.
class History {
 public:
  using Ids = std::vector<std::string>;  // newest first

  explicit History(Site& site) : site_(site) { at_.push_back({}); }

  void step(std::size_t draw) {
    const std::string key = fmt::format("k{}", draw % 3);
    Ids& ids = now_[key];
    Writes writes;
    const std::size_t what = draw / 3 % 4;
    if (ids.empty() || what < 2) {
      if (!ids.empty()) writes.other(version_of(key, ids.front()));
      ids.insert(ids.begin(), fmt::format("{:06}", 999'999 - at_.size()));
      writes.newest(version_of(key, ids.front()));
    } else if (what == 2) {
      ids.erase(ids.begin());
      ids.empty() ? writes.without_newest(key) : writes.newest(version_of(key, ids.front())).without(key, ids.front());
    } else {
      if (ids.size() < 2) return;
      const std::size_t which = 1 + draw / 12 % (ids.size() - 1);
      writes.without(key, ids[which]);
      ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(which));
    }
    ASSERT_EQ(site_.write(writes), at_.size());
    at_.push_back(now_);
  }
  /// A version that there is or was.
  std::string some_id(std::size_t draw) const { return fmt::format("{:06}", 999'999 - draw % at_.size()); }

  bool was(const OfKey& of, const std::string& seen, directory::Revision from) const {
    for (directory::Revision r = from; r < at_.size(); ++r) {
      const auto found = at_[r].find(of.key);
      const Ids ids = found == at_[r].end() ? Ids() : found->second;
      const bool named = std::find(ids.begin(), ids.end(), of.version) != ids.end();
      if (seen == fmt::format("{} {} {}", ids.empty() ? "-" : ids[0], named ? of.version : "-",
                              ids.size() < 2 ? "-" : ids[1])) {
        return true;
      }
    }
    return false;
  }
  [[nodiscard]] directory::Revision head() const { return at_.size() - 1; }

 private:
  Site& site_;
  std::map<std::string, Ids> now_;
  std::vector<std::map<std::string, Ids>> at_;  // by revision
};

TEST(MemoryTest, KeepsWithTheStoreWhateverTheOrder) {
  std::size_t found = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    std::uint64_t state = seed;
    const auto draw = [&] {
      state = state * 6364136223846793005U + 1442695040888963407U;
      return static_cast<std::size_t>(state >> 33U);
    };
    Site site;
    History history(site);
    std::vector<Site::Reading> readings;
    directory::Revision told = 0;
    for (int step = 0; step < 300; ++step) {
      const std::string key = fmt::format("k{}", draw() % 3);
      const OfKey of{kBucket, key, draw() % 2 == 0 ? "" : history.some_id(draw())};
      switch (draw() % 6) {
        case 0:
          history.step(draw());
          break;
        case 1:
          if (site.tell_next()) ++told;
          break;
        case 2:
          readings.push_back(site.read(of));
          break;
        case 3:
          if (readings.empty()) break;
          site.learn(readings[draw() % readings.size()]);
          if (readings.size() > 5) readings.erase(readings.begin());
          break;
        default:
          if (const auto versions = site.memory.find(of)) {
            ++found;
            ASSERT_TRUE(history.was(of, text(*versions), told))
                << "seed " << seed << ", step " << step << ": " << of.key << " " << of.version << " is "
                << text(*versions);
          }
      }
    }
  }
  EXPECT_GT(found, 2500U);
}

TEST(MemoryTest, ReadersAndAWriterOnManyThreads) {
  Site site;
  std::atomic<std::uint64_t> acknowledged = 0;
  std::atomic<bool> stop = false;
  std::atomic<int> stale = 0;
  {
    std::vector<std::jthread> readers;
    for (int t = 0; t < 3; ++t) {
      readers.emplace_back([&] {
        while (!stop) {
          const std::uint64_t least = acknowledged;
          auto versions = site.memory.find(kKey);
          if (!versions) {
            const auto reading = site.read(kKey);
            site.learn(reading);
            versions = answer(reading.at, "");
          }
          const std::uint64_t seen = versions->newest == nullptr ? 0 : versions->newest->size;
          if (seen < least) ++stale;
        }
      });
    }
    for (std::uint64_t n = 1; n <= 3000; ++n) {
      directory::ObjectVersion version = version_of("k", "1");
      version.size = n;
      site.write(Writes().newest(version));
      site.tell_all();
      acknowledged = n;
      if (n % 500 == 0) site.memory.forget();
    }
    stop = true;
  }
  EXPECT_EQ(stale, 0);
}

}  // namespace
}  // namespace deputy::objects
