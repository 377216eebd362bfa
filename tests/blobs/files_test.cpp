// Blobs as files: what lies where, who may read it, what a kill and a full disk leave.
#include "blobs/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "crypto/digest.h"

namespace deputy::blobs {
namespace {

namespace fs = std::filesystem;

class BlobFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "deputy-blobs-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
    folder_ = root_ + "/objects";
  }
  void TearDown() override { fs::remove_all(root_); }

  [[nodiscard]] std::unique_ptr<Files> open() const {
    auto files = Files::open(folder_, Form::kPlain, crypto::system_entropy());
    EXPECT_TRUE(files.ok()) << files.error();
    return files ? std::move(*files) : nullptr;
  }
  static std::string kept(Files& files, const std::string& bytes) {
    auto draft = files.begin();
    EXPECT_TRUE(draft.ok() && (*draft)->write(bytes).ok() && (*draft)->finish().ok());
    (*draft)->keep();
    return (*draft)->name();
  }
  static std::string read(const Files& files, const std::string& name) {
    const auto content = files.open(name);
    if (!content) return content.error().kind == Fault::Kind::kMissing ? "missing" : "broken";
    std::string bytes((*content)->size(), '\0');
    return (*content)->read(0, bytes) ? bytes : "broken";
  }
  [[nodiscard]] std::string drafts() const { return folder_ + "/drafts"; }
  [[nodiscard]] std::string shelf(const std::string& name) const { return folder_ + "/" + name.substr(1, 2); }
  [[nodiscard]] static std::size_t count(const std::string& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }

  std::string root_, folder_;
};

TEST_F(BlobFiles, AreTheirOwnersAlone) {
  const mode_t before = ::umask(0);
  const auto files = open();
  const std::string name = kept(*files, "abc");
  ::umask(before);
  std::map<std::string, mode_t> modes;
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    struct stat status {};
    ASSERT_EQ(::lstat(entry.path().c_str(), &status), 0);
    modes[fs::relative(entry.path(), root_)] = status.st_mode & 07777;
  }
  const std::map<std::string, mode_t> expected{{"objects", 0700},
                                               {"objects/drafts", 0700},
                                               {"objects/" + name.substr(1, 2), 0700},
                                               {"objects/" + name.substr(1, 2) + "/" + name, 0600}};
  EXPECT_EQ(modes, expected);
}

TEST_F(BlobFiles, AFolderThatOthersMayWriteIsRefused) {
  fs::create_directory(folder_);
  ::chmod(folder_.c_str(), 0777);
  const auto files = Files::open(folder_, Form::kPlain, crypto::system_entropy());
  ASSERT_FALSE(files.ok());
  EXPECT_NE(files.error().find("chmod go-w"), std::string::npos) << files.error();
}

TEST_F(BlobFiles, FollowNoLink) {
  std::ofstream(root_ + "/victim") << "precious";
  const auto files = open();
  const std::string name = "p" + std::string(32, '0'), second = "p" + std::string(32, '1');
  fs::create_directory(folder_ + "/00");
  fs::create_symlink(root_ + "/victim", folder_ + "/00/" + name);
  EXPECT_EQ(read(*files, name), "broken");
  fs::create_directory_symlink(root_, folder_ + "/11");
  std::ofstream(root_ + "/" + second) << "elsewhere";
  EXPECT_EQ(read(*files, second), "broken");
  EXPECT_FALSE(files->remove(second).ok());
  EXPECT_TRUE(fs::exists(root_ + "/" + second));
  EXPECT_TRUE(files->remove(name).ok()) << "the link itself goes";
  EXPECT_TRUE(fs::exists(root_ + "/victim"));
  fs::create_directory(folder_ + "/00/" + name);
  EXPECT_EQ(read(*files, name), "broken") << "a folder is no file";
}

TEST_F(BlobFiles, WhatCannotBeMovedIsFoundAmongTheDrafts) {
  std::string name;
  {
    const auto files = open();
    auto draft = files->begin();
    ASSERT_TRUE(draft.ok() && (*draft)->write("abc").ok() && (*draft)->finish().ok());
    name = (*draft)->name();
    std::ofstream(shelf(name)) << "a file where the shelf should be";
    (*draft)->keep();
    draft = Fault{};
    EXPECT_EQ(count(drafts()), 1U);
    fs::remove(shelf(name));
    EXPECT_EQ(read(*files, name), "abc");
    EXPECT_TRUE(files->left_behind().empty()) << "not of an earlier process";
  }
  const auto files = open();
  ASSERT_EQ(files->left_behind(), std::vector<std::string>{name});
  files->recover(name, true);
  EXPECT_EQ(count(drafts()), 0U);
  EXPECT_EQ(read(*files, name), "abc");
}

TEST_F(BlobFiles, DraftsOfAnEarlierProcessGoOrStay) {
  const std::string kept_name = "p" + std::string(32, 'a'), gone = "p" + std::string(32, 'b');
  ASSERT_NE(open(), nullptr);
  std::ofstream(drafts() + "/" + kept_name) << "kept";
  std::ofstream(drafts() + "/" + gone) << "gone";
  std::ofstream(drafts() + "/notes of the operator") << "of no concern";
  const auto files = open();
  EXPECT_EQ(files->left_behind().size(), 2U);
  EXPECT_EQ(read(*files, kept_name), "kept");
  files->recover(kept_name, true);
  files->recover(gone, false);
  files->recover(gone, false);
  EXPECT_EQ(read(*files, kept_name), "kept");
  EXPECT_EQ(read(*files, gone), "missing");
  EXPECT_EQ(count(drafts()), 1U);
}

TEST_F(BlobFiles, BytesAreCountedAgainAfterAStart) {
  std::string first;
  {
    const auto files = open();
    first = kept(*files, std::string(1000, 'a'));
    for (int i = 0; i < 20; ++i) kept(*files, std::string(100, 'b'));
  }
  const auto files = open();
  kept(*files, std::string(50, 'c'));
  ASSERT_TRUE(files->remove(first).ok());
  for (int i = 0; i < 1000 && files->bytes() != 2050; ++i) ::usleep(10000);
  EXPECT_EQ(files->bytes(), 2050U);
}

// ---- A full disk

TEST_F(BlobFiles, AFileThatMayNotGrowIsLikeAFullDisk) {
  const std::string before = kept(*open(), "written before");
  const pid_t child = ::fork();
  if (child == 0) {
    auto files = open();
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100000, 100000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto draft = files->begin();
    bool good = draft.ok() && (*draft)->write(std::string(60000, 'a')).ok();
    const auto full = (*draft)->write(std::string(60000, 'a'));
    good = good && !full && full.error().kind == Fault::Kind::kFull;
    draft = Fault{};
    auto small = files->begin();
    good = good && small.ok() && (*small)->write("small").ok() && (*small)->finish().ok();
    small = Fault{};
    files = nullptr;
    ::_exit(good ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(count(drafts()), 0U);
  EXPECT_EQ(read(*open(), before), "written before");
}

TEST_F(BlobFiles, AFullDiskTakesNothingAndLosesNothing) {
  fs::create_directory(folder_);
  if (::mount("deputy", folder_.c_str(), "tmpfs", 0, "size=1m,mode=0700") != 0) {
    GTEST_SKIP() << "no small disk can be mounted here";
  }
  {
    const auto files = open();
    const std::string before = kept(*files, std::string(500000, 'a'));
    {
      auto draft = files->begin();
      ASSERT_TRUE(draft.ok());
      Result<void> outcome;
      for (int i = 0; i < 100 && outcome; ++i) outcome = (*draft)->write(std::string(10000, 'b'));
      ASSERT_FALSE(outcome.ok());
      EXPECT_EQ(outcome.error().kind, Fault::Kind::kFull) << outcome.error().message;
    }
    EXPECT_EQ(count(drafts()), 0U) << "a draft that failed gives its room back";
    EXPECT_EQ(read(*files, before), std::string(500000, 'a'));
    EXPECT_EQ(read(*files, kept(*files, std::string(300000, 'c'))), std::string(300000, 'c'));
  }
  ::umount(folder_.c_str());
}

// ---- A kill. A child writes blobs as the server does, and commits the name of each in a log of its own; whatever is in
// the log must be there as a whole, whenever the child is killed, and nothing else may stay.

std::string bytes_of(unsigned number) {
  std::mt19937 random(number);
  std::string bytes(random() % 200000, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

[[noreturn]] void write_until_killed(const std::string& folder, const std::string& log, unsigned from) {
  auto files = Files::open(folder, Form::kPlain, crypto::system_entropy());
  const int committed = ::open(log.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (!files || committed < 0) ::_exit(1);
  for (unsigned i = from;; ++i) {
    auto draft = (*files)->begin();
    const std::string bytes = bytes_of(i);
    if (!draft || !(*draft)->write(bytes) || !(*draft)->finish()) ::_exit(2);
    if (i % 7 == 0) continue;  // never committed
    const std::string line = (*draft)->name() + " " + std::to_string(i) + "\n";
    if (::write(committed, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(3);
    (*draft)->keep();
  }
}

TEST_F(BlobFiles, WhatWasCommittedSurvivesAKillAndNothingElseStays) {
  const std::string log = root_ + "/log";
  std::mt19937 random(11);
  std::map<std::string, unsigned> committed;
  unsigned left_in_all = 0;
  for (int round = 0; round < 12; ++round) {
    const pid_t child = ::fork();
    if (child == 0) write_until_killed(folder_, log, static_cast<unsigned>(round) * 100000);
    ::usleep(20000 + random() % 60000);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << status;

    committed.clear();
    std::ifstream lines(log);
    for (std::string name, number; lines >> name >> number;) {
      committed[name] = static_cast<unsigned>(std::stoul(number));
    }
    const auto files = open();
    for (const auto& [name, number] : committed) {
      ASSERT_EQ(crypto::sha256(read(*files, name)).hex(), crypto::sha256(bytes_of(number)).hex()) << number;
    }
    for (const std::string& name : files->left_behind()) {
      files->recover(name, committed.contains(name));
      ++left_in_all;
    }
    EXPECT_EQ(count(drafts()), 0U);
    std::size_t there = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) there += entry.is_regular_file() ? 1 : 0;
    ASSERT_EQ(there, committed.size());
    for (const auto& [name, number] : committed) ASSERT_NE(read(*files, name), "missing");
  }
  EXPECT_GT(committed.size(), 0U);
  EXPECT_GT(left_in_all, 0U) << "no kill came within a draft";
}

}  // namespace
}  // namespace deputy::blobs
