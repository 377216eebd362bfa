#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "cli/aws.h"
#include "cli/print.h"
#include "cli/verbs.h"
#include "host/process.h"

namespace deputy::cli {
namespace {

/// The word where a command should stand and none does; with the commands that could. CLI11 only says that one is
/// missing.
std::optional<std::string> unknown_command(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* at = &app;
  for (const std::string& word : words) {
    if (at->get_require_subcommand_min() == 0 || word.starts_with('-')) return std::nullopt;
    const CLI::App* next = nullptr;
    std::string known;
    for (const CLI::App* command : at->get_subcommands([](const CLI::App*) { return true; })) {
      if (command->check_name(word)) next = command;
      if (!command->get_group().empty()) known += (known.empty() ? "" : ", ") + command->get_name();
    }
    if (next != nullptr) {
      at = next;
      continue;
    }
    return fmt::format("there is no command \"{}\" {} {}; there are: {}", word, at == &app ? "of" : "under",
                       at->get_name(), known);
  }
  return std::nullopt;
}

}  // namespace
}  // namespace deputy::cli

int main(int argc, char** argv) {
  using namespace deputy::cli;
  deputy::host::look_up_names_without_plugins();
  CLI::App app{
      "Deputy: an AWS-compatible identity system (IAM, STS and the S3 that makes credentials worth having) that "
      "enforces\n"
      "every policy as AWS does."};
  app.name("deputy");
  app.set_version_flag("--version", "deputy " DEPUTY_VERSION);
  app.require_subcommand(1);
  app.footer(
      "A first tour:\n"
      "  deputy serve --detach\n"
      "  deputy account create 222222222222 --name \"Account B\" --profile account-b\n"
      "  aws --profile account-b sts get-caller-identity\n\n"
      "Exit codes: 0 done, 1 refused or failed, 2 the command line was not understood.");

  Run run;
  add_serve(app, run);
  add_wait(app, run);
  add_stop(app, run);
  add_account(app, run);
  add_backup(app, run);
  add_entries(app, run);
  add_env(app, run);
  add_profile(app, run);
  add_aws(app, run);
  add_as_service(app, run);
  add_workload(app, run);
  add_events(app, run);
  add_coverage(app, run);
  add_mfa(app, run);
  add_evaluate(app, run);
  add_validate(app, run);
  add_reference(app, run);
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (is_called_aws(argv[0])) return run_aws(words);
  // Options of aws are none of ours. `deputy aws --help` alone is about the verb.
  if (words.size() > 1 && words.front() == "aws" && (words.size() > 2 || (words[1] != "--help" && words[1] != "-h"))) {
    return run_aws({words.begin() + 1, words.end()});
  }
  if (!words.empty() && words.front() == "help") {  // `deputy help serve` is `deputy serve --help`
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  if (words.empty()) {
    complain_lines(app.help());
    return kUsage;
  }
  if (const auto unknown = unknown_command(app, words)) {
    fail(*unknown);
    return kUsage;
  }
  try {
    std::vector<std::string> backwards(words.rbegin(), words.rend());  // as CLI11 takes them
    app.parse(backwards);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, err;
    const int code = app.exit(error, out, err);
    say_lines(out.str());
    complain_lines(err.str());
    return code == 0 ? kDone : kUsage;
  }
  return run();
}
