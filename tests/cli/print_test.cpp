// What the verbs print: texts of others do nothing to a terminal, and a program gets them as they are.
#include "cli/print.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace deputy::cli {
namespace {

std::string printed(const std::function<void()>& print) {
  testing::internal::CaptureStdout();
  print();
  flush_output();
  return testing::internal::GetCapturedStdout();
}

std::string complained(const std::function<void()>& print) {
  testing::internal::CaptureStderr();
  print();
  return testing::internal::GetCapturedStderr();
}

TEST(PrintTest, ArgumentsAreVisibleAndTheFormatIsOurs) {
  EXPECT_EQ(printed([] { say("{} of {}\n", 3, 7U); }), "3 of 7\n");
  EXPECT_EQ(printed([] { say("<{}>\n", std::string("a\x1b[2Jb\nc")); }), "<a?[2Jb?c>\n");
  EXPECT_EQ(complained([] { complain("deputy: {}\n", "a\rb"); }), "deputy: a?b\n");
}

TEST(PrintTest, LinesStayLines) {
  const struct {
    const char *given, *shown;
  } cases[] = {
      {"", ""}, {"a\nb\n", "a\nb\n"}, {"a\n\nb", "a\n\nb"}, {"\n", "\n"}, {"a\x1b[1m\nb\x07", "a?[1m\nb?"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(printed([&] { say_lines(c.given); }), c.shown);
    EXPECT_EQ(complained([&] { complain_lines(c.given); }), c.shown);
  }
}

TEST(PrintTest, JsonKeepsItsValues) {
  EXPECT_EQ(printed([] { say_json(R"({"a":[1,"x"]})"); }), "{\"a\":[1,\"x\"]}\n");
  EXPECT_EQ(printed([] { say_json("{\"a\":\"\xe2\x80\xae\"}"); }), "{\"a\":\"\\u202e\"}\n");
}

TEST(PrintTest, AProgramGetsTheVeryBytes) {
  const std::string text = "export A='\x1b[2J'\n";
  EXPECT_EQ(printed([&] { hand_over(text); }), text) << "standard output is no terminal here";
}

}  // namespace
}  // namespace deputy::cli
