// The index of what buckets hold over a live directory, as the server puts them together: everybody finds what was
// answered, whoever reads or writes at the same time.
#include "server/object_pages.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "objects/index.h"
#include "store/memory/memory.h"
#include "store/sqlite/sqlite.h"
#include "store/temporary_folder.h"

namespace deputy::server {
namespace {

constexpr const char* kBucket = "BUCKETBUCKET";
const AccountId kAccount = *AccountId::parse("111111111111");

class ObjectPagesTest : public testing::TestWithParam<bool> {
 protected:
  ObjectPagesTest() {
    auto store = GetParam() ? std::move(store::open_sqlite({.folder = folder_.data()})).value() : store::open_memory();
    state_ = std::move(state::State::open(std::move(store), {})).value();
    index_.emplace(object_pages(*state_));
    state_->set_witness({.committed = [this](auto revision, auto readings) { index_->committed(revision, readings); },
                         .in_doubt = [this] { index_->forget(); }});
  }
  ~ObjectPagesTest() override { state_.reset(); }

  objects::Versions versions(const std::string& key) {
    const objects::Looks looks{objects::OfKey{kBucket, key, ""}};
    if (const auto seen = index_->remembered(looks)) return seen->versions(0);
    std::promise<objects::Versions> answer;
    index_->read(kAccount, looks, [&](const auto& seen) {
      EXPECT_TRUE(seen) << seen.error().message;
      answer.set_value(seen ? seen->versions(0) : objects::Versions());
    });
    return answer.get_future().get();
  }
  /// A new version, as an operation of a versioned bucket writes it; its size counts them. False: somebody was first.
  bool put(const std::string& key) {
    const objects::Versions there = versions(key);
    directory::ObjectVersion version;
    version.bucket = kBucket;
    version.key = key;
    version.size = there.newest == nullptr ? 1 : there.newest->size + 1;
    version.is_null = false;
    version.version = std::to_string(999'999 - version.size);  // newest first
    directory::Changes changes;
    if (there.newest != nullptr) {
      changes.put(directory::version_key(kBucket, key, there.newest->version), *there.newest, 0);
    }
    changes.put(directory::newest_key(kBucket, key), version, there.newest == nullptr ? 0 : there.newest->revision);
    std::promise<bool> done;
    state_->commit(changes, [&](const auto& outcome) { done.set_value(outcome.ok()); });
    return done.get_future().get();
  }

  store::TemporaryFolder folder_;
  std::unique_ptr<state::State> state_;
  std::optional<objects::Index> index_;
};

TEST_P(ObjectPagesTest, EveryoneReadsTheirOwnWrites) {
  constexpr int kWriters = 3, kWrites = 60;
  std::atomic<int> stale = 0, mixed = 0;
  std::atomic<bool> stop = false;
  {
    std::vector<std::jthread> readers;
    for (int r = 0; r < 2; ++r) {
      readers.emplace_back([&] {
        std::uint64_t last = 0;
        while (!stop) {
          const objects::Versions seen = versions("shared");
          const std::uint64_t size = seen.newest == nullptr ? 0 : seen.newest->size;
          if (size < last) ++stale;
          last = size;
          if (size > 1 && (seen.next == nullptr || seen.next->size != size - 1)) ++mixed;
        }
      });
    }
    std::vector<std::jthread> writers;
    for (int w = 0; w < kWriters; ++w) {
      writers.emplace_back([&, w] {
        const std::string own = "own-" + std::to_string(w);
        for (int i = 1; i <= kWrites; ++i) {
          EXPECT_TRUE(put(own));
          const objects::Versions seen = versions(own);
          if (seen.newest == nullptr || seen.newest->size != static_cast<std::uint64_t>(i)) ++stale;
          if (i > 1 && (seen.next == nullptr || seen.next->size != static_cast<std::uint64_t>(i - 1))) ++stale;
          while (!put("shared")) {
          }
        }
      });
    }
    writers.clear();
    stop = true;
  }
  EXPECT_EQ(stale, 0);
  EXPECT_EQ(mixed, 0);
  const auto all = state_->page(directory::versions_of(kBucket, "shared"), "", 1000);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->entries.size(), kWriters * kWrites - 1U) << "no version was lost";
}

INSTANTIATE_TEST_SUITE_P(Stores, ObjectPagesTest, testing::Bool(),
                         [](const auto& tested) { return tested.param ? "Sqlite" : "Memory"; });

}  // namespace
}  // namespace deputy::server
