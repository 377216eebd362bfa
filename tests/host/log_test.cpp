#include "host/log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace deputy {
namespace {

std::string logged(const std::function<void()>& write) {
  testing::internal::CaptureStderr();
  write();
  return testing::internal::GetCapturedStderr();
}

TEST(Log, NobodyWritesALineOfHisOwn) {
  const std::string url = "http://127.0.0.1:1/\r\n2026-01-01T00:00:00Z info all is well\x1b[2J";
  const std::string line = logged([&] { log::warning("no keys from {}: {}", url, "refused"); });
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_NE(
      line.find(" warning no keys from http://127.0.0.1:1/??2026-01-01T00:00:00Z info all is well?[2J: refused\n"),
      std::string::npos)
      << line;
  EXPECT_EQ(logged([&] { log::last_word("cannot open \x1b]0;x\a\n"); }), "deputy: cannot open ?]0;x??\n");
}

TEST(Log, ALineIsBounded) {
  const std::string large(10'000'000, 'x');
  EXPECT_LT(logged([&] { log::error("{} and {}", large, large); }).size(), 2 * kMostVisible + 100);
  EXPECT_LT(logged([&] { log::write(log::Level::kError, large); }).size(), log::kMostOfLine + 100);
}

TEST(Log, ALineOfJsonIsOneObject) {
  log::set_form(log::Form::kJson);
  const std::string line = logged([] { log::warning("no keys from {}: {}", "\"a\\b\"\n}", 7); });
  const std::string last = logged([] { log::last_word("cannot \"open\""); });
  log::set_form(log::Form::kText);
  EXPECT_TRUE(line.starts_with("{\"time\":\"2")) << line;
  EXPECT_TRUE(line.ends_with("Z\",\"level\":\"warning\",\"message\":\"no keys from \\\"a\\\\b\\\"?}: 7\"}\n")) << line;
  EXPECT_TRUE(last.ends_with("\"level\":\"error\",\"message\":\"cannot \\\"open\\\"\"}\n")) << last;
}

TEST(Log, NumbersAreAsTheyAre) {
  EXPECT_NE(logged([] { log::error("{:03} {:.1f} {}", 7, 2.5, true); }).find(" error 007 2.5 true\n"),
            std::string::npos);
}

}  // namespace
}  // namespace deputy
