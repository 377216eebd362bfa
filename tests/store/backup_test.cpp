// Copies of a store: one moment of it, whole, and never over anything else.
#include "store/sqlite/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>

#include "store/conformance.h"
#include "store/sqlite/sqlite.h"
#include "store/temporary_folder.h"

namespace deputy::store {
namespace {

using testing::HasSubstr;

class BackupTest : public testing::Test {
 protected:
  BackupTest() { fill(20); }

  static Result<std::unique_ptr<Store>> open(const std::string& folder) {
    return open_sqlite({.folder = folder, .history = kHistory, .vfs = ""});
  }
  /// Entries k0, k1, …, each in a commit of its own.
  void fill(int count) {
    auto store = open(folder());
    ASSERT_TRUE(store.ok()) << store.error().message;
    for (int i = 0; i < count; ++i) committed(**store, {{}, {put("k" + std::to_string(i), std::string(500, 'v'))}});
  }
  void sql(const std::string& file, const std::string& statements) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(connection, statements.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(connection);
    sqlite3_close(connection);
  }
  static void expect_refused(const Result<Copied>& result, const testing::Matcher<std::string>& words) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, Error::Code::kRefused);
    EXPECT_THAT(result.error().message, words);
  }
  [[nodiscard]] std::string folder() const { return temporary_.data(); }
  [[nodiscard]] std::string at(const std::string& name) const { return (temporary_.path() / name).string(); }
  [[nodiscard]] static bool exists(const std::string& file) { return std::filesystem::exists(file); }

  TemporaryFolder temporary_;
};

TEST_F(BackupTest, ACopyIsTheStore) {
  const auto saved = back_up(folder(), at("copy.db"));
  ASSERT_TRUE(saved.ok()) << saved.error().message;
  EXPECT_EQ(saved->entries, 20U);
  struct stat found {};
  ASSERT_EQ(::stat(at("copy.db").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600U);

  const auto restored = restore(at("copy.db"), at("other"));
  ASSERT_TRUE(restored.ok()) << restored.error().message;
  EXPECT_EQ(restored->revision, saved->revision);
  EXPECT_EQ(restored->entries, 20U);
  EXPECT_FALSE(exists(at("other/deputy.db.restoring")));
  auto before = open(folder()), after = open(at("other"));
  ASSERT_TRUE(before.ok() && after.ok());
  EXPECT_EQ(values(**before), values(**after));
  EXPECT_EQ(values(**after).size(), 20U);
}

TEST_F(BackupTest, ItIsTakenWhileAServerWrites) {
  auto store = open(folder());
  ASSERT_TRUE(store.ok());
  committed(**store, {{}, {put("more", "x")}});
  const auto saved = back_up(folder(), at("copy.db"));
  ASSERT_TRUE(saved.ok()) << saved.error().message;
  EXPECT_EQ(saved->entries, 21U);
  committed(**store, {{}, {put("later", "x")}});
  EXPECT_EQ(restore(at("copy.db"), at("other"))->entries, 21U);
}

TEST_F(BackupTest, NothingIsWrittenOver) {
  std::ofstream(at("copy.db")) << "mine";
  expect_refused(back_up(folder(), at("copy.db")), HasSubstr("already"));
  std::ifstream in(at("copy.db"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "mine");
  ASSERT_TRUE(back_up(folder(), at("good.db")).ok());
  expect_refused(restore(at("good.db"), folder()), HasSubstr("there is a store in"));
  std::filesystem::create_symlink(at("elsewhere"), at("link.db"));
  expect_refused(back_up(folder(), at("link.db")), HasSubstr("already"));
  EXPECT_FALSE(exists(at("elsewhere")));
}

TEST_F(BackupTest, WhatIsNotThereIsNotCopied) {
  expect_refused(back_up(at("none"), at("copy.db")), HasSubstr("there is no"));
  EXPECT_FALSE(exists(at("copy.db")));
  expect_refused(back_up(folder(), at("no/such/folder/copy.db")), HasSubstr("cannot write"));
  expect_refused(restore(at("none.db"), at("other")), HasSubstr("there is no"));
  EXPECT_FALSE(exists(at("other"))) << "nothing is made for a copy that is none";
}

TEST_F(BackupTest, AQuoteInANameIsAName) {
  const auto saved = back_up(folder(), at("it's a copy.db"));
  ASSERT_TRUE(saved.ok()) << saved.error().message;
  EXPECT_TRUE(restore(at("it's a copy.db"), at("o'ther")).ok());
}

TEST_F(BackupTest, OnlyAStoreOfDeputysIsRestored) {
  std::ofstream(at("text.db")) << std::string(5000, 'x');
  expect_refused(restore(at("text.db"), at("other")), testing::Not(testing::IsEmpty()));
  sql(at("foreign.db"), "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
  expect_refused(restore(at("foreign.db"), at("other")), HasSubstr("is no store of Deputy"));
  ASSERT_TRUE(back_up(folder(), at("newer.db")).ok());
  sql(at("newer.db"), "PRAGMA user_version = 999");
  expect_refused(restore(at("newer.db"), at("other")), HasSubstr("was written by a newer Deputy (format 999"));
  EXPECT_FALSE(exists(at("other")));
}

TEST_F(BackupTest, ADamagedCopyIsRefusedWhole) {
  fill(400);
  ASSERT_TRUE(back_up(folder(), at("copy.db")).ok());
  std::fstream file(at("copy.db"), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(40'000);
  file << std::string(4000, '\x55');
  file.close();
  expect_refused(restore(at("copy.db"), at("other")), HasSubstr("damaged"));
  EXPECT_FALSE(exists(at("other")));
}

TEST_F(BackupTest, AFolderThatAServerHasIsLeftAlone) {
  ASSERT_TRUE(back_up(folder(), at("copy.db")).ok());
  std::filesystem::create_directory(at("other"));
  auto server = open(at("other"));
  ASSERT_TRUE(server.ok());
  EXPECT_FALSE(restore(at("copy.db"), at("other")).ok());
}

TEST_F(BackupTest, WhatARestoreThatWasKilledLeftIsSweptAway) {
  ASSERT_TRUE(back_up(folder(), at("copy.db")).ok());
  std::filesystem::create_directory(at("other"));
  std::filesystem::permissions(at("other"), std::filesystem::perms::owner_all);
  std::ofstream(at("other/deputy.db.restoring")) << "half";
  const auto restored = restore(at("copy.db"), at("other"));
  ASSERT_TRUE(restored.ok()) << restored.error().message;
  EXPECT_FALSE(exists(at("other/deputy.db.restoring")));
  EXPECT_TRUE(open(at("other")).ok());
}

}  // namespace
}  // namespace deputy::store
