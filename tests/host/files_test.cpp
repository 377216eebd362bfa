#include "host/files.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace deputy::host {
namespace {
namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "deputy-files-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
    fs::create_directory(root_ + "/data");
    write(root_ + "/victim", "precious");
  }
  void TearDown() override { fs::remove_all(root_); }

  static void write(const std::string& name, std::string_view text) { std::ofstream(name) << text; }
  static std::string read(const std::string& name) {
    std::ifstream file(name);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  [[nodiscard]] std::string at(const std::string& name) const { return root_ + "/data/" + name; }
  [[nodiscard]] Folder folder() const { return Folder::open(root_ + "/data").value(); }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(root_ + "/data")) found.push_back(entry.path().filename());
    std::ranges::sort(found);
    return found;
  }
  static mode_t mode(const std::string& name) {
    struct stat status {};
    return ::lstat(name.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
  }

  std::string root_;
};

TEST_F(Files, AFileIsReplacedInOneStepAndIsTheOwnersAlone) {
  const mode_t before = ::umask(0);
  write(at("endpoint"), "old");
  ASSERT_TRUE(folder().replace("endpoint", "new"));
  ::umask(before);
  EXPECT_EQ(read(at("endpoint")), "new");
  EXPECT_EQ(mode(at("endpoint")), 0600U);
  EXPECT_EQ(names(), std::vector<std::string>{"endpoint"});
}

TEST_F(Files, AFileIsReadWholeOrNotAtAll) {
  write(at("note"), "12345");
  EXPECT_EQ(folder().read("note", 5).value(), "12345");
  EXPECT_FALSE(folder().read("note", 4));
  EXPECT_EQ(folder().read("nothing", 4).value(), std::nullopt);
  EXPECT_TRUE(folder().read("note", 5));
  EXPECT_FALSE(folder().read("note", 5, true));  // others may read it
  fs::permissions(at("note"), fs::perms::owner_read);
  EXPECT_EQ(folder().read("note", 5, true).value(), "12345");
  fs::create_symlink("../victim", at("link"));
  EXPECT_FALSE(folder().read("link", 100));
  fs::create_directory(at("folder"));
  EXPECT_FALSE(folder().read("folder", 100));
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  EXPECT_FALSE(folder().read("pipe", 100));
}

TEST_F(Files, AFolderIsMadeWithItsParentsAndIsTheOwnersAlone) {
  const mode_t before = ::umask(0);
  ASSERT_TRUE(Folder::make(root_ + "/a/b/"));
  ::umask(before);
  EXPECT_EQ(mode(root_ + "/a"), 0700U);
  EXPECT_EQ(mode(root_ + "/a/b"), 0700U);
  EXPECT_TRUE(Folder::make(root_ + "/a/b"));
  EXPECT_EQ(Folder::make(root_ + "/victim", "store").error(), "The store " + root_ + "/victim is not a folder.");
  EXPECT_EQ(Folder::make("", "store").error(), "The store has no name.");
  fs::permissions(root_ + "/a", fs::perms::others_write, fs::perm_options::add);
  EXPECT_FALSE(Folder::make(root_ + "/a"));
}

TEST_F(Files, ALinkUnderTheNameIsReplacedAndItsTargetIsNot) {
  fs::create_symlink("../victim", at("endpoint"));
  fs::create_symlink("../victim", at("endpoint.new-" + std::to_string(::getpid())));
  ASSERT_TRUE(folder().replace("endpoint", "new"));
  EXPECT_EQ(read(root_ + "/victim"), "precious");
  EXPECT_EQ(read(at("endpoint")), "new");
  EXPECT_FALSE(fs::is_symlink(at("endpoint")));
}

TEST_F(Files, NothingIsAppendedThroughALinkOrToWhatIsNoFile) {
  fs::create_symlink("../victim", at("events.jsonl"));
  const auto linked = folder().append("events.jsonl");
  ASSERT_FALSE(linked);
  EXPECT_NE(linked.error().find("symbolic link"), std::string::npos) << linked.error();
  EXPECT_EQ(read(root_ + "/victim"), "precious");

  ASSERT_EQ(::mkfifo(at("fifo").c_str(), 0600), 0);
  EXPECT_FALSE(folder().append("fifo"));
  fs::create_directory(at("folder"));
  EXPECT_FALSE(folder().append("folder"));
}

TEST_F(Files, AFreshFileIsNobodyElses) {
  fs::create_symlink("../victim", at("next"));
  const auto file = folder().fresh("next");
  ASSERT_TRUE(file) << file.error();
  std::size_t written = 0;
  EXPECT_TRUE(write_all(file->get(), "line\n", written));
  EXPECT_EQ(written, 5U);
  EXPECT_EQ(read(root_ + "/victim"), "precious");
  EXPECT_EQ(read(at("next")), "line\n");
}

TEST_F(Files, WhatIsThereIsNotCreatedAgain) {
  ASSERT_TRUE(folder().create("key", "first"));
  ASSERT_TRUE(folder().create("key", "second"));
  EXPECT_EQ(read(at("key")), "first");
  EXPECT_EQ(mode(at("key")), 0600U);
  EXPECT_EQ(names(), std::vector<std::string>{"key"});
}

TEST_F(Files, TheFolderIsHeldWhereverItsPathLeadsLater) {
  const Folder held = folder();
  fs::rename(root_ + "/data", root_ + "/moved");
  fs::create_directory(root_ + "/elsewhere");
  fs::create_symlink("elsewhere", root_ + "/data");
  ASSERT_TRUE(held.replace("endpoint", "new"));
  EXPECT_TRUE(fs::exists(root_ + "/moved/endpoint"));
  EXPECT_FALSE(fs::exists(root_ + "/elsewhere/endpoint"));
}

TEST_F(Files, AListThatCannotBeReadIsNoEmptyList) {
  write(at("one"), "1");
  const Folder held = folder();
  ASSERT_EQ(held.files()->size(), 1U);
  EXPECT_EQ(held.files()->front().size, 1U);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 0;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  EXPECT_FALSE(held.files());
  EXPECT_FALSE(held.replace("two", "2"));
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(names(), std::vector<std::string>{"one"});
  EXPECT_EQ(held.files()->size(), 1U);
}

TEST_F(Files, AFailureLeavesTheOldFileAndNoDraft) {
  write(at("endpoint"), "old");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 4;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);  // what a full disk is like
  EXPECT_FALSE(folder().replace("endpoint", "much longer"));
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(read(at("endpoint")), "old");
  EXPECT_EQ(names(), std::vector<std::string>{"endpoint"});
}

TEST_F(Files, AFileIsFoundByItsPath) {
  const auto found = Folder::of_file(at("trail.jsonl"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->second, "trail.jsonl");
  EXPECT_EQ(found->first.path(), root_ + "/data");
  for (const char* bad : {"", "/", "a/", ".", "a/.."}) EXPECT_FALSE(Folder::of_file(bad)) << bad;
  EXPECT_FALSE(Folder::of_file(at("nowhere/file")));
}

}  // namespace
}  // namespace deputy::host
