// What pages cost in the embedded store: SQLite's own count of its steps, and of connections.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <thread>

#include "store/proof.h"
#include "store/sqlite/sqlite.h"
#include "store/temporary_folder.h"

namespace deputy::store {
namespace {

std::atomic<int> connections, steps;

int count_steps(unsigned, void*, void* statement, void*) {
  steps += sqlite3_stmt_status(static_cast<sqlite3_stmt*>(statement), SQLITE_STMTSTATUS_VM_STEP, 1);
  return 0;
}

/// Called by SQLite for each connection that is opened.
int watch_connection(sqlite3* connection, const char**, const void*) {
  ++connections;
  return sqlite3_trace_v2(connection, SQLITE_TRACE_PROFILE, count_steps, nullptr);
}

class PagesTest : public testing::Test {
 protected:
  PagesTest() {
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch_connection));
    connections = 0;
  }
  ~PagesTest() override { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(watch_connection)); }

  void open(int keys) {
    store_ = std::move(open_sqlite({.folder = folder_.data(), .uncounted = {"object/"}})).value();
    Commit many;
    many.bulk = true;
    for (int i = 0; i < keys; ++i) many.changes.push_back({"object/" + std::to_string(10'000'000 + i), "value"});
    ASSERT_TRUE(store_->commit(std::move(many)));
  }
  int steps_of(std::string_view from, std::string_view end, std::size_t limit, std::size_t found) {
    steps = 0;
    const auto page = store_->page(from, end, limit);
    EXPECT_TRUE(page);
    EXPECT_EQ(page->entries.size(), found);
    return steps;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(PagesTest, APageCostsWhatItHolds) {
  open(60'000);
  static_cast<void>(store_->page("object/", "", 1));  // prepares
  const int small = steps_of("object/10030000", "object0", 10, 10),
            large = steps_of("object/10030000", "object0", 1000, 1000);
  EXPECT_GT(small, 10);
  EXPECT_LE(small, 10 * 30);
  EXPECT_LE(large, 1000 * 30);
  EXPECT_LE(steps_of("object/10030000", "", 1000, 1000), 1000 * 30);
  EXPECT_LE(steps_of("object/10059999", "object0", 1000, 1), 60);
  EXPECT_LE(steps_of("p", "q", 1000, 0), 60) << "behind all of them";

  steps = 0;
  Commit needs;
  needs.none_under = {"object/2"};
  needs.changes = {{"x", ""}};
  ASSERT_TRUE(store_->commit(std::move(needs)));
  EXPECT_LE(steps, 200);
}

TEST_F(PagesTest, WhoReadsNoPageHasNoConnectionForIt) {
  open(100);
  ASSERT_TRUE(store_->commit({{}, {{"a", "b"}}}));
  const int before = connections;
  EXPECT_EQ(before, 1) << "the writer's";
  for (int i = 0; i < 50; ++i) EXPECT_EQ(steps_of("object/", "", 5, 5) > 0, true);
  EXPECT_EQ(connections, before + 1) << "it stays open for the next one";
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 200; ++i) EXPECT_TRUE(store_->page("object/", "", 3));
      });
    }
  }
  connections = 0;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(store_->page("object/", "", 3));
  EXPECT_EQ(connections, 0);
  store_->rest();
  EXPECT_TRUE(store_->page("object/", "", 3));
  EXPECT_EQ(connections, 0) << "one was read since, so they stay";
  store_->rest();
  store_->rest();
  EXPECT_TRUE(store_->page("object/", "", 3));
  EXPECT_EQ(connections, 1);
}

TEST_F(PagesTest, WhatIsNotCountedMakesNoStartSlower) {
  open(60'000);
  store_.reset();
  steps = 0;
  store_ = std::move(open_sqlite({.folder = folder_.data(), .uncounted = {"object/"}})).value();
  EXPECT_LE(steps, 2000);
}

}  // namespace
}  // namespace deputy::store
