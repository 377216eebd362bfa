// What verbs share: the data folder that is meant, their common options, and the answer of a failure.
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "cli/verbs.h"

namespace deputy::cli {
namespace {

/// An environment variable for one test.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    value != nullptr ? ::setenv(name, value, 1) : ::unsetenv(name);
  }
  ~Variable() { old_ ? ::setenv(name_, old_->c_str(), 1) : ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

TEST(OptionsTest, TheDataFolderIsTheOneThatIsNamedFirst) {
  const struct {
    const char *deputy_data, *xdg_data_home, *home, *folder;  // null: not set
  } cases[] = {
      {"/data", "/xdg", "/h", "/data"},
      {"/data/../other/", nullptr, "/h", "/other"},
      {"", "/xdg", "/h", "/xdg/deputy"},
      {nullptr, "/xdg", "/h", "/xdg/deputy"},
      {nullptr, "not/absolute", "/h", "/h/.local/share/deputy"},
      {nullptr, nullptr, "/h", "/h/.local/share/deputy"},
      {nullptr, nullptr, nullptr, ""},
  };
  for (const auto& c : cases) {
    const Variable data("DEPUTY_DATA", c.deputy_data), xdg("XDG_DATA_HOME", c.xdg_data_home), home("HOME", c.home);
    EXPECT_EQ(default_data_folder(), c.folder);
  }
}

TEST(OptionsTest, ADataFolderIsTheSameWhereverTheNextCommandRuns) {
  const std::string here = std::filesystem::current_path().string();
  const Variable data("DEPUTY_DATA", "./x");
  EXPECT_EQ(default_data_folder(), here + "/x");
  CLI::App app;
  std::string folder;
  add_data_option(app, folder);
  app.parse("--data y/../z/");
  EXPECT_EQ(folder, here + "/z");
}

TEST(OptionsTest, WithoutAHomeADataFolderMustBeNamed) {
  const Variable data("DEPUTY_DATA", nullptr), xdg("XDG_DATA_HOME", nullptr), home("HOME", nullptr);
  CLI::App app;
  std::string folder;
  add_data_option(app, folder);
  EXPECT_THROW(app.parse(""), CLI::RequiredError);
  app.parse("--data /x");
  EXPECT_EQ(folder, "/x");
}

TEST(OptionsTest, OptionsHaveTheirDefaultsAndTheirValues) {
  const Variable variable("DEPUTY_DATA", "/data");
  const auto parsed = [](const std::string& line) {
    CLI::App app;
    std::string data, output;
    add_data_option(app, data);
    add_output_option(app, output);
    app.parse(line);
    return data + " " + output;
  };
  EXPECT_EQ(parsed(""), "/data people");
  EXPECT_EQ(parsed("--data /x --output json"), "/x json");
  EXPECT_THROW(parsed("--output xml"), CLI::ParseError);
}

TEST(OptionsTest, AFailureSaysWhoSpeaks) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(fail("no\x1b such"), kFailed);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "deputy: no? such\n");
}

TEST(OptionsTest, AFailureIsJsonWhereThatIsWanted) {
  tell_failures_as_json();
  testing::internal::CaptureStderr();
  EXPECT_EQ(fail("no \"such\"", "AccountNotFoundException"), kFailed);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "{\"error\":{\"code\":\"AccountNotFoundException\",\"message\":\"no \\\"such\\\"\"}}\n");
  tell_failures_as_json(false);
}

/// Each verb by itself: `deputy VERB --help` has a description, and a command line without what it needs is refused.
TEST(OptionsTest, EveryVerbTellsWhatItDoes) {
  constexpr void (*kVerbs[])(CLI::App&, cli::Run&) = {add_serve,  add_wait,     add_stop, add_account,    add_entries,
                                                      add_env,    add_profile,  add_aws,  add_as_service, add_workload,
                                                      add_events, add_coverage, add_mfa,  add_evaluate,   add_validate};
  for (const auto add : kVerbs) {
    CLI::App app;
    cli::Run run;
    add(app, run);
    for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
      EXPECT_FALSE(verb->get_description().empty()) << verb->get_name();
      EXPECT_FALSE(run) << verb->get_name() << " runs before it was chosen";
    }
  }
}

}  // namespace
}  // namespace deputy::cli
