#include "audit/log.h"

#include <fcntl.h>

#include "audit/folder.h"
#include "audit/stream.h"

namespace deputy::audit {
namespace {

class LogTest : public InFolder {
 protected:
  std::unique_ptr<Log> open(std::uint64_t bytes = Keep::kLeast) {
    Keep keep;
    keep.bytes = bytes;
    auto log = Log::open({.file = Log::default_file(folder_), .keep = keep});
    EXPECT_TRUE(log) << log.error();
    return log ? std::move(log).value() : nullptr;
  }
  [[nodiscard]] std::string all(Share share) const {
    std::string text;
    const auto files = Log::files(Log::default_file(folder_), share);
    for (const std::string& name : files ? *files : std::vector<std::string>{}) text += read(name);
    return text;
  }
};

TEST_F(LogTest, WhoeverProvedNoIdentityPushesOutHisOwnKindOnly) {
  const auto log = open();
  log->append(Share::kKnown, R"({"eventName":"CreateUser"})");
  const std::string flood = "{\"userAgent\":\"" + std::string(6000, 'x') + "\"}";
  for (int i = 0; i < 20'000; ++i) log->append(Share::kStrangers, flood);
  log->append(Share::kKnown, R"({"eventName":"DeleteUser"})");
  log->stop();
  EXPECT_EQ(all(Share::kKnown), "{\"eventName\":\"CreateUser\"}\n{\"eventName\":\"DeleteUser\"}\n");
  EXPECT_LE(all(Share::kStrangers).size(), Keep::kLeast / 8);
  EXPECT_FALSE(all(Share::kStrangers).empty());
}

TEST_F(LogTest, WhatIsLostIsCountedAndTold) {
  const std::string large(1024 * 1024, 'x');
  constexpr int kLines = 200;
  constexpr std::uint64_t kRoomForAll = 8 * (kLines + 1) * Keep::kLeast;  // what tells of a loss is not rotated away
  const auto log = open(kRoomForAll);
  for (int i = 0; i < kLines; ++i) log->append(Share::kStrangers, large);
  log->stop();
  const std::string text = all(Share::kStrangers);
  const auto there = std::count(text.begin(), text.end(), '\n');
  std::uint64_t lost = 0;
  int told = 0;
  const std::string_view word = "\"lostEvents\":";
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    lost += std::stoull(text.substr(at + word.size()));
    ++told;
  }
  EXPECT_GT(lost, 0U);
  EXPECT_LE(text.size(), kRoomForAll / 8);
  EXPECT_LE(static_cast<std::uint64_t>(there - told) + lost, kLines);
  EXPECT_NE(text.find("\"eventName\":\"TrailLoss\""), std::string::npos);
}

TEST_F(LogTest, LinesWaitForAFullDiskAndAreWrittenWhenThereIsRoom) {
  const auto log = open();
  {
    const Limited full(RLIMIT_FSIZE, 0);
    for (int i = 0; i < 100; ++i) log->append(Share::kKnown, "{\"n\":" + std::to_string(i) + "}");
    ::usleep(200'000);
    EXPECT_EQ(all(Share::kKnown), "");
  }
  log->stop();
  std::string expected;
  for (int i = 0; i < 100; ++i) expected += "{\"n\":" + std::to_string(i) + "}\n";
  EXPECT_EQ(all(Share::kKnown), expected);
}

TEST_F(LogTest, TheTrailMayLieElsewhere) {
  std::filesystem::create_directory(at("trail"));
  auto log = Log::open({.file = at("trail/deputy")});
  ASSERT_TRUE(log) << log.error();
  (*log)->append(Share::kKnown, "known");
  (*log)->append(Share::kStrangers, "stranger");
  (*log)->stop();
  EXPECT_EQ(read(at("trail/deputy")), "known\n");
  EXPECT_EQ(read(at("trail/deputy.strangers")), "stranger\n");
  EXPECT_FALSE(Log::open({.file = at("nowhere/deputy")}));
}

TEST(StreamTest, AReaderThatDoesNotReadHoldsNobody) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  Stream stream(ends[1]);
  std::string lines;
  for (int i = 0; i < 100'000; ++i) lines += std::to_string(i) + "\n";
  std::string why, got;
  const std::size_t taken = stream.write(lines, why);
  EXPECT_LT(taken, lines.size());
  EXPECT_EQ(why, "nobody reads standard output");
  char buffer[65536];
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  std::string_view rest = std::string_view(lines).substr(taken);
  for (;;) {
    for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) got.append(buffer, static_cast<std::size_t>(n));
    if (rest.empty()) break;
    rest.remove_prefix(stream.write(rest.substr(0, 4096), why));
  }
  EXPECT_EQ(got, lines);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(KeepTest, SizesAndAgesAreRead) {
  EXPECT_EQ(Keep::parse("2GiB")->bytes, 2ull << 30U);
  EXPECT_FALSE(Keep::parse("2GiB")->age);
  const auto both = Keep::parse("500MB,30d");
  EXPECT_EQ(both->bytes, 500'000'000U);
  EXPECT_EQ(both->age, std::chrono::hours(720));
  EXPECT_EQ(Keep::parse("36h,1MiB")->age, std::chrono::hours(36));
  EXPECT_EQ(Keep::parse("90d")->bytes, Keep().bytes);
  for (const char* bad : {"", "1", "GiB", "1GiB,", "1GiB,2GiB", "1d,2d", "-1d", "0d", "1023KiB", "5000000000d",
                          "40000d", "2000GiB", "1.5GiB", "1 GiB", "1gib", "99999999999999999999GiB"}) {
    EXPECT_FALSE(Keep::parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace deputy::audit
