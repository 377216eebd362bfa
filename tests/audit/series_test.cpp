// The files of the trail while descriptors, space, permissions and names are taken away between the steps.
#include "audit/series.h"

#include "audit/folder.h"

namespace deputy::audit {
namespace {

namespace fs = std::filesystem;

/// Stands still until it is told.
class ToldClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return now_; }
  void move(std::chrono::seconds by) { now_ += by; }

 private:
  Time now_ = SystemClock().now();
};

class SeriesTest : public InFolder {
 protected:
  static constexpr std::uint64_t kKeep = 16 * 1000;  // sixteen files of 1000 bytes

  std::unique_ptr<Series> open(SeriesOptions options = {.keep = kKeep, .age = {}, .leave_free = 0}) {
    auto series = Series::open(host::Folder::open(folder_).value(), "events.jsonl", options, clock_);
    EXPECT_TRUE(series) << series.error();
    return series ? std::move(series).value() : nullptr;
  }
  /// A line of a hundred bytes that tells its number.
  static std::string line(int number) {
    std::string text = std::to_string(number) + " ";
    return text + std::string(99 - text.size(), 'x') + "\n";
  }
  /// Writes the lines [from, to) one by one; those that were taken.
  int add(Series& series, int from, int to) {
    int taken = 0;
    for (int i = from; i < to; ++i) taken += series.write(line(i), why_) == 100 ? 1 : 0;
    return taken;
  }
  /// The numbers of all lines that are kept, in their order; a line that is not whole is -1.
  [[nodiscard]] std::vector<int> kept() const {
    std::vector<int> numbers;
    const auto files = Series::files(host::Folder::open(folder_).value(), "events.jsonl");
    EXPECT_TRUE(files);
    for (const std::string& name : files ? *files : std::vector<std::string>{}) {
      const std::string text = read(name);
      for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        numbers.push_back(end - begin == 99 ? std::stoi(text.substr(begin)) : -1);
        begin = end + 1;
      }
    }
    return numbers;
  }
  static std::vector<int> range(int from, int to) {
    std::vector<int> numbers;
    for (int i = from; i < to; ++i) numbers.push_back(i);
    return numbers;
  }
  [[nodiscard]] std::uint64_t bytes() const {
    std::uint64_t sum = 0;
    for (const std::string& name : names()) sum += fs::file_size(at(name));
    return sum;
  }

  ToldClock clock_;
  std::string why_;
};

TEST_F(SeriesTest, LinesAreRotatedAndTheOldestGo) {
  const auto series = open();
  EXPECT_EQ(add(*series, 0, 1000), 1000);
  const std::vector<int> numbers = kept();
  EXPECT_EQ(numbers, range(numbers.front(), 1000));
  EXPECT_GE(numbers.size(), 140U);
  EXPECT_LE(bytes(), kKeep);
}

TEST_F(SeriesTest, ABatchIsNotLargerThanAFile) {
  const auto series = open();
  std::string batch;
  for (int i = 0; i < 1000; ++i) batch += line(i);
  EXPECT_EQ(series->write(batch, why_), batch.size());
  EXPECT_LE(bytes(), kKeep);
  EXPECT_EQ(kept().back(), 999);
}

TEST_F(SeriesTest, ALineLongerThanAFileHasOneOfItsOwn) {
  const auto series = open();
  const std::string large = std::string(5000, 'y') + "\n";
  EXPECT_EQ(add(*series, 0, 3), 3);
  EXPECT_EQ(series->write(large, why_), large.size());
  EXPECT_EQ(add(*series, 3, 5), 2);
  EXPECT_EQ(kept(), (std::vector<int>{0, 1, 2, -1, 3, 4}));
}

TEST_F(SeriesTest, ARestartGoesOnWhereTheTrailEnded) {
  for (int start = 0; start < 5; ++start) add(*open(), start * 7, start * 7 + 7);
  EXPECT_EQ(kept(), range(0, 35));
}

TEST_F(SeriesTest, RotationNeedsNoDescriptorAndGoesOnWhenThereAreSome) {
  const auto series = open();
  add(*series, 0, 9);
  {
    const Limited none(RLIMIT_NOFILE, 0);
    EXPECT_EQ(add(*series, 9, 60), 51) << why_;
  }
  EXPECT_TRUE(fs::exists(at("events.jsonl")));
  EXPECT_GE(names().size(), 2U) << "one rotation at least: the next file was held open";
  EXPECT_EQ(kept(), range(0, 60));
  EXPECT_EQ(add(*series, 60, 80), 20);
  EXPECT_LT(fs::file_size(at("events.jsonl")), 1100U) << "it rotates again";
  EXPECT_EQ(kept(), range(0, 80));
}

TEST_F(SeriesTest, WithoutPermissionTheLargeFileGrowsUpToItsBound) {
  const auto series = open();
  add(*series, 0, 5);
  ASSERT_EQ(::chmod(folder_.c_str(), 0500), 0);
  const int taken = add(*series, 5, 500);
  EXPECT_LE(fs::file_size(at("events.jsonl")), kKeep);
  EXPECT_LT(taken, 495);
  EXPECT_GT(taken, 100);
  EXPECT_FALSE(why_.empty());
  ASSERT_EQ(::chmod(folder_.c_str(), 0700), 0);
  EXPECT_EQ(add(*series, 1000, 1020), 20);
  EXPECT_EQ(kept().back(), 1019);
  EXPECT_LT(fs::file_size(at("events.jsonl")), 1100U);
}

TEST_F(SeriesTest, AFileThatWasMovedOrDeletedIsMadeAgain) {
  const auto series = open();
  add(*series, 0, 3);
  fs::rename(at("events.jsonl"), at("moved"));
  EXPECT_EQ(add(*series, 3, 5), 2);
  EXPECT_EQ(kept(), range(3, 5));
  fs::remove(at("events.jsonl"));
  EXPECT_EQ(add(*series, 5, 7), 2);
  EXPECT_EQ(kept(), range(5, 7));
}

TEST_F(SeriesTest, NothingIsWrittenThroughALink) {
  write(at("victim"), "precious");
  fs::create_symlink("victim", at("events.jsonl"));
  EXPECT_FALSE(Series::open(host::Folder::open(folder_).value(), "events.jsonl", {.keep = kKeep}, clock_));
  fs::remove(at("events.jsonl"));
  const auto series = open();
  add(*series, 0, 2);
  fs::rename(at("events.jsonl"), at("moved"));
  fs::create_symlink("victim", at("events.jsonl"));
  EXPECT_EQ(add(*series, 2, 50), 48) << "into the file that is open";
  EXPECT_EQ(read(at("victim")), "precious");
}

TEST_F(SeriesTest, AFullDiskLeavesWholeLinesAndGoesOnByItself) {
  const auto series = open();
  add(*series, 0, 3);
  {
    const Limited small(RLIMIT_FSIZE, 450);
    const std::string two = line(3) + line(4);
    EXPECT_EQ(series->write(two, why_), 100U) << "one fits, half of the other is taken back";
    EXPECT_NE(why_.find("events.jsonl"), std::string::npos) << why_;
    EXPECT_EQ(add(*series, 4, 6), 0);
  }
  EXPECT_EQ(add(*series, 4, 6), 2);
  EXPECT_EQ(kept(), range(0, 6));
}

TEST_F(SeriesTest, WhatACrashLeavesIsMended) {
  add(*open(), 0, 15);  // ten of them rotated
  write(at("events.jsonl"), line(10) + "half a li");
  fs::create_hard_link(at("events.jsonl"), at("events.000002.jsonl"));  // between two steps of a rotation
  write(at("events.jsonl.next"), "");
  const auto files = Series::files(host::Folder::open(folder_).value(), "events.jsonl");
  EXPECT_EQ(files->size(), 2U) << "no line is told twice";
  const auto series = open();
  EXPECT_FALSE(fs::exists(at("events.000002.jsonl")));
  add(*series, 11, 12);
  std::vector<int> expected = range(0, 11);
  expected.insert(expected.end(), {-1, 11});
  EXPECT_EQ(kept(), expected);
}

TEST_F(SeriesTest, AListThatCannotBeReadIsNoEmptyTrail) {
  add(*open(), 0, 30);
  const host::Folder folder = host::Folder::open(folder_).value();
  const Limited none(RLIMIT_NOFILE, 0);
  EXPECT_FALSE(Series::files(folder, "events.jsonl"));
}

TEST_F(SeriesTest, OldLinesGoAlsoWhenNothingComes) {
  const auto series = open({.keep = kKeep, .age = std::chrono::hours(32), .leave_free = 0});
  add(*series, 0, 15);
  clock_.move(std::chrono::hours(3));
  add(*series, 15, 16);
  EXPECT_EQ(kept(), range(0, 16));
  clock_.move(std::chrono::hours(31));
  series->idle();
  EXPECT_EQ(kept(), range(15, 16));
  clock_.move(std::chrono::hours(3));
  series->idle();
  EXPECT_EQ(kept(), range(0, 0));
  EXPECT_EQ(add(*series, 16, 17), 1);
}

TEST_F(SeriesTest, SpaceForOthersIsLeftByItsOwnOldest) {
  add(*open(), 0, 50);
  const auto series = open({.keep = kKeep, .age = {}, .leave_free = UINT64_MAX});
  EXPECT_EQ(add(*series, 50, 51), 0);
  EXPECT_NE(why_.find("nearly full"), std::string::npos) << why_;
  EXPECT_EQ(kept(), range(40, 50)) << "the newest file";
}

}  // namespace
}  // namespace deputy::audit
