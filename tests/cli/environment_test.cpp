// Credentials as lines for a shell: whatever a value holds, `eval` gives exactly that back.
#include "cli/environment.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace deputy::cli {
namespace {

struct Case {
  const char *value, *quoted;
};

constexpr Case kCases[] = {
    {"", "''"},
    {"plain", "plain"},
    {"http://127.0.0.1:4566/a-b_c,d@e%f=g+h", "http://127.0.0.1:4566/a-b_c,d@e%f=g+h"},
    {"two words", "'two words'"},
    {"it's", R"('it'\''s')"},
    {"'", R"(''\''')"},
    {"$(rm -r x)`y`", "'$(rm -r x)`y`'"},
    {"a\\b\"c", "'a\\b\"c'"},
    {"line\nend", "'line\nend'"},
    {"~", "'~'"},
    {"*", "'*'"},
    {"\xc3\xa9", "'\xc3\xa9'"},
};

TEST(EnvironmentTest, AValueIsQuotedWhereItMust) {
  for (const Case& c : kCases) EXPECT_EQ(shell_quoted(c.value), c.quoted);
}

TEST(EnvironmentTest, AShellReadsBackWhatWasQuoted) {
  for (const Case& c : kCases) {
    const std::string command = "printf %s " + shell_quoted(c.value);
    FILE* shell = ::popen(command.c_str(), "r");
    ASSERT_NE(shell, nullptr);
    char buffer[256];
    const std::size_t size = std::fread(buffer, 1, sizeof buffer, shell);
    EXPECT_EQ(::pclose(shell), 0) << command;
    EXPECT_EQ(std::string(buffer, size), c.value) << command;
  }
}

TEST(EnvironmentTest, WhatMustNotWinIsTakenAway) {
  EXPECT_EQ(export_lines({{"AWS_REGION", "us-east-1"}, {"AWS_PROFILE", std::nullopt}, {"EMPTY", ""}}),
            "export AWS_REGION=us-east-1\nunset AWS_PROFILE\nexport EMPTY=''\n");
}

TEST(EnvironmentTest, WithoutAServerOnlyTheRegionIsKnown) {
  Variables variables;
  add_place(variables, "eu-west-1", testing::TempDir() + "/no_such_data_folder");
  EXPECT_EQ(export_lines(variables), "export AWS_REGION=eu-west-1\nexport AWS_DEFAULT_REGION=eu-west-1\n");
}

TEST(EnvironmentTest, ACommandThatIsNotThereIsToldAsAShellTellsIt) {
  EXPECT_EQ(become({"/no/such/command"}, {}), 127);
  EXPECT_EQ(become({testing::TempDir()}, {}), 126) << "a folder cannot be run";
}

}  // namespace
}  // namespace deputy::cli
