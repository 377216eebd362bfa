// Which data folders are opened, which are refused and in what words, and what they look like.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <random>

#include "host/log.h"
#include "store/conformance.h"
#include "store/sqlite/sqlite.h"
#include "store/temporary_folder.h"

namespace deputy::store {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class DataFolder : public testing::Test {
 protected:
  Result<std::unique_ptr<Store>> open() {
    return open_sqlite({.folder = temporary_.data(), .history = kHistory, .vfs = ""});
  }

  void expect_refused(const testing::Matcher<std::string>& message) {
    const auto store = open();
    ASSERT_FALSE(store.ok());
    EXPECT_EQ(store.error().code, Error::Code::kRefused);
    EXPECT_THAT(store.error().message, message);
  }

  /// A folder with some entries, closed.
  void fill() {
    auto store = open();
    ASSERT_TRUE(store.ok());
    for (int i = 0; i < 200; ++i) committed(**store, {{}, {put("k" + std::to_string(i % 20), std::string(300, 'v'))}});
  }

  void sql(const std::string& statements) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(database().c_str(), &connection), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(connection, statements.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(connection);
    sqlite3_close(connection);
  }

  static int mode(const std::string& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 ? static_cast<int>(found.st_mode & 0777) : -1;
  }

  [[nodiscard]] std::string database() const { return temporary_.data() + "/deputy.db"; }
  TemporaryFolder temporary_;
};

TEST_F(DataFolder, IsMadePrivateWithItsParents) {
  const std::string deep = temporary_.data() + "/a/b/";
  const auto store = open_sqlite({.folder = deep, .history = kHistory, .vfs = ""});
  ASSERT_TRUE(store.ok()) << store.error().message;
  committed(**store, {{}, {put("a", "1")}});
  EXPECT_EQ(mode(deep), 0700);
  EXPECT_EQ(mode(temporary_.data()), 0700);
  for (const char* name : {"deputy.db", "deputy.db-wal", "deputy.db-shm", "lock"})
    EXPECT_EQ(mode(deep + name), 0600) << name;
}

TEST_F(DataFolder, KeepsEverythingOverARestart) {
  fill();
  const auto store = open();
  ASSERT_TRUE(store.ok());
  EXPECT_EQ(values(**store).size(), 20U);
  EXPECT_EQ(committed(**store, {{{"k19", 200}}, {put("k19", "next")}}), 201U);
  EXPECT_EQ(watched(**store, 199, 2).back().revision, 201U);  // history too
}

TEST_F(DataFolder, ClosedCleanlyItIsOneFileAndTheLock) {
  fill();
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(temporary_.data()))
    names.insert(entry.path().filename());
  EXPECT_EQ(names, (std::set<std::string>{"deputy.db", "lock"}));
}

TEST_F(DataFolder, ASecondServerIsRefusedUntilTheFirstIsGone) {
  {
    const auto first = open();
    ASSERT_TRUE(first.ok());
    expect_refused(AllOf(HasSubstr("in use by another server"), HasSubstr(std::to_string(::getpid()))));
    committed(**first, {{}, {put("a", "1")}});
  }
  EXPECT_TRUE(open().ok());
}

TEST_F(DataFolder, ANewerFormatIsRefusedAndLeftAlone) {
  fill();
  sql("PRAGMA user_version = 3");
  expect_refused(AllOf(HasSubstr("newer Deputy"), HasSubstr("format 3"), HasSubstr("up to 2")));
  sql("PRAGMA user_version = 2");
  EXPECT_TRUE(open().ok());
}

TEST_F(DataFolder, ADatabaseOfAnotherProgramIsRefused) {
  std::filesystem::create_directory(temporary_.data());
  sql("CREATE TABLE theirs (x)");
  expect_refused(HasSubstr("database of another program"));
  sql("INSERT INTO theirs VALUES (1)");  // as it was
}

TEST_F(DataFolder, AFileThatIsNoDatabaseIsRefused) {
  std::filesystem::create_directory(temporary_.data());
  std::ofstream(database()) << std::string(5000, 'x');
  expect_refused(HasSubstr("damaged or is no database"));
}

TEST_F(DataFolder, AFileInItsPlaceIsRefused) {
  std::ofstream(temporary_.data()) << "x";
  expect_refused(HasSubstr("is not a folder"));
}

TEST_F(DataFolder, WhereNothingCanBeMadeItIsRefused) {
  const auto store = open_sqlite({.folder = "/proc/deputy/data", .history = kHistory, .vfs = ""});
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().code, Error::Code::kRefused);
  EXPECT_THAT(store.error().message,
              HasSubstr("The data folder /proc/deputy cannot be made: No such file or directory"));
}

TEST_F(DataFolder, WhatOthersMayWriteIsRefused) {
  std::filesystem::create_directory(temporary_.data());
  for (const mode_t mode : {0777, 0770, 01777, 0702}) {
    ASSERT_EQ(::chmod(temporary_.data().c_str(), mode), 0);
    expect_refused(AllOf(HasSubstr("Others may write in the data folder"), HasSubstr("chmod go-w")));
    EXPECT_TRUE(std::filesystem::is_empty(temporary_.data()));
  }
  ASSERT_EQ(::chmod(temporary_.data().c_str(), 0755), 0);
  EXPECT_TRUE(open().ok());
}

TEST_F(DataFolder, ALinkInPlaceOfTheDatabaseIsNotFollowed) {
  std::filesystem::create_directory(temporary_.data());
  std::filesystem::permissions(temporary_.data(), std::filesystem::perms::owner_all);
  std::filesystem::create_symlink(temporary_.data() + "/elsewhere", temporary_.data() + "/deputy.db");
  expect_refused(HasSubstr("is no regular file"));
  EXPECT_FALSE(std::filesystem::exists(temporary_.data() + "/elsewhere"));
}

TEST_F(DataFolder, WithoutANameItIsRefused) {
  const auto store = open_sqlite({.folder = "", .history = kHistory, .vfs = ""});
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().code, Error::Code::kRefused);
}

TEST_F(DataFolder, WithoutPermissionItIsRefused) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may do everything";
  std::filesystem::create_directory(temporary_.data());
  ::chmod(temporary_.data().c_str(), 0500);
  expect_refused(HasSubstr("Permission denied"));
}

TEST_F(DataFolder, ATruncatedDatabaseIsNotTakenForAnEmptyOne) {
  fill();
  std::filesystem::resize_file(database(), 4096);
  log::set_level(log::Level::kOff);
  const auto store = open();
  const bool served = store.ok() && (*store)->scan("").ok();
  log::set_level(log::Level::kInfo);
  EXPECT_FALSE(served);
}

TEST_F(DataFolder, FlippedBytesNeverCrashIt) {
  fill();
  std::ifstream in(database(), std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  std::mt19937 random(1);
  log::set_level(log::Level::kOff);
  for (int round = 0; round < 300; ++round) {
    std::string bad = good;
    for (int flips = 0; flips < 8; ++flips) bad[random() % bad.size()] = static_cast<char>(random());
    std::ofstream(database(), std::ios::binary | std::ios::trunc) << bad;
    const auto store = open();
    if (!store) {
      EXPECT_EQ(store.error().code, Error::Code::kRefused);
      continue;
    }
    static_cast<void>((*store)->scan("").ok());
    static_cast<void>((*store)->commit({{}, {put("k3", "new"), drop("k4")}}).ok());
  }
  log::set_level(log::Level::kInfo);
}

TEST_F(DataFolder, TheLogAndTheHistoryStayBounded) {
  const auto store = open_sqlite({.folder = temporary_.data(), .history = 16, .vfs = ""});
  ASSERT_TRUE(store.ok());
  const std::string value(100 * 1000, 'v');
  for (int i = 0; i < 300; ++i) committed(**store, {{}, {put("k" + std::to_string(i % 3), value)}});  // 30 MB in all
  EXPECT_LT(std::filesystem::file_size(database() + "-wal"), 10U << 20U);
  EXPECT_LT(std::filesystem::file_size(database()), 10U << 20U);
}

}  // namespace
}  // namespace deputy::store
