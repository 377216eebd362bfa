#include "cli/help.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "cli/verbs.h"

namespace deputy::cli {
namespace {

constexpr void (*kVerbs[])(CLI::App&, cli::Run&) = {add_serve,  add_wait,     add_stop, add_account,    add_entries,
                                                    add_env,    add_profile,  add_aws,  add_as_service, add_workload,
                                                    add_events, add_coverage, add_mfa,  add_evaluate,   add_validate};

class HelpTest : public testing::Test {
 protected:
  HelpTest() {
    app_.name("deputy");
    app_.require_subcommand(1);
    for (const auto add : kVerbs) add(app_, run_);
  }
  std::string refusal_of(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end());
    try {
      app_.parse(words);
    } catch (const CLI::ParseError& error) {
      return explained(app_, error);
    }
    return {};
  }

  CLI::App app_;
  cli::Run run_;
};

void expect_narrow(const CLI::App& app) {
  std::istringstream lines(wrapped(app.help()));
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), kHelpColumns) << app.get_name() << ": " << line;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) expect_narrow(*verb);
}

TEST_F(HelpTest, NoLineIsLongerThanAHundredColumns) { expect_narrow(app_); }

TEST_F(HelpTest, WhatWasMeantIsSaid) {
  const struct {
    std::vector<std::string> words;
    const char* said;
  } cases[] = {
      {{"events", "--folow"}, "there is no option --folow of deputy events. Did you mean \"--follow\"?"},
      {{"account", "create", "--profil=x"},
       "there is no option --profil of deputy account create. Did you mean \"--profile\"?"},
      {{"events", "--zzzzzzzz"}, "there is no option --zzzzzzzz of deputy events. See: deputy events --help"},
      {{"account", "show"}, "id is required. See: deputy account show --help"},
      {{"account"}, "A subcommand is required. See: deputy account --help"},
  };
  for (const auto& c : cases) {
    const std::string said = refusal_of(c.words);
    EXPECT_NE(said.find(c.said), std::string::npos) << said;
  }
}

TEST_F(HelpTest, ACommandThatIsNoneHasOneThatIsNear) {
  EXPECT_EQ(unknown_command(app_, {"events", "--folow"}), "");
  EXPECT_NE(unknown_command(app_, {"evnts"}).find("there is no command \"evnts\" of deputy. Did you mean \"events\"?"),
            std::string::npos);
  EXPECT_NE(unknown_command(app_, {"account", "lst"}).find("Did you mean \"list\"?"), std::string::npos);
  EXPECT_NE(unknown_command(app_, {"qqqqqqqq"}).find("; there are: serve, wait,"), std::string::npos);
}

TEST_F(HelpTest, AVariableThatNobodyHeedsIsTold) {
  const auto told = unknown_variables(app_, {"DEPUTY_LISTN", "DEPUTY_DATA", "DEPUTY_LISTEN", "DEPUTY", "PATH",
                                             "DEPUTY_AUDIT_KEEP", "DEPUTY_SERVICE_HOST", "DEPUTY_PORT_4566_TCP_ADDR"});
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front(),
            "DEPUTY_LISTN is no variable of Deputy's, and nothing heeds it. Did you mean \"DEPUTY_LISTEN\"?");
}

TEST(WrappedTest, LinesAreBrokenWhereTheyMay) {
  const struct {
    const char *help, *wrapped;
  } cases[] = {
      {"", ""},
      {"short\n", "short\n"},
      {"one two three four\nfive\n", "one two three\nfour five\n"},
      {"one two three\n\nfour\n", "one two three\n\nfour\n"},
      {"Examples:\n  deputy x\n", "Examples:\n  deputy x\n"},
      {"prose\nExamples:\n  deputy x\n", "prose\nExamples:\n  deputy x\n"},
      {"  --a   what it does\n", "  --a   what it\n        does\n"},
      {"        what it does\n", "        what it\n        does\n"},
      {"aaaaaaaaaaaaaaaaaaaaaa b\n", "aaaaaaaaaaaaaaaaaaaaaa\nb\n"},
      {"aaaaaaaaaaaaaaaaaaaaaa\n", "aaaaaaaaaaaaaaaaaaaaaa\n"},
  };
  constexpr std::size_t kColumns = 15;
  for (const auto& c : cases) EXPECT_EQ(wrapped(c.help, kColumns), c.wrapped) << c.help;
}

}  // namespace
}  // namespace deputy::cli
