#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "cli/aws.h"
#include "cli/help.h"
#include "cli/print.h"
#include "cli/verbs.h"
#include "host/process.h"

namespace deputy::cli {
namespace {

/// Whether what goes wrong is to be told as JSON, also what is wrong with the command line itself.
bool wants_json(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (words[i] == "--output=json") return true;
    if (words[i] == "--output" && i + 1 < words.size() && words[i + 1] == "json") return true;
  }
  return false;
}

std::vector<std::string> variables_of_environment() {
  std::vector<std::string> names;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    names.emplace_back(text.substr(0, text.find('=')));
  }
  return names;
}

bool has_variable_of_ours(const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.starts_with("DEPUTY_"); });
}

void add_version(CLI::App& app, Run& run) {
  CLI::App* verb = app.add_subcommand("version", "Which version of Deputy this is");
  verb->callback([&run] {
    run = [] {
      say("deputy {}\n", DEPUTY_VERSION);
      return kDone;
    };
  });
}

void add_verbs_beside_serve(CLI::App& app, Run& run) {
  add_wait(app, run);
  add_stop(app, run);
  add_status(app, run);
  add_account(app, run);
  add_backup(app, run);
  add_apply(app, run);
  add_snapshot(app, run);
  add_entries(app, run);
  add_env(app, run);
  add_profile(app, run);
  add_aws(app, run);
  add_as_service(app, run);
  add_workload(app, run);
  add_identity_provider(app, run);
  add_events(app, run);
  add_coverage(app, run);
  add_mfa(app, run);
  add_evaluate(app, run);
  add_validate(app, run);
  add_version(app, run);
  add_reference(app, run);
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

  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (is_called_aws(argv[0])) return run_aws(words);
  // Options of aws are none of ours. `deputy aws --help` alone is about the verb.
  if (words.size() > 1 && words.front() == "aws" && (words.size() > 2 || (words[1] != "--help" && words[1] != "-h"))) {
    return run_aws({words.begin() + 1, words.end()});
  }
  // A server keeps what is made here for as long as it runs, and waits for it at start. The other verbs are for their
  // words in help and errors, and for whose variables there are.
  const std::vector<std::string> variables = variables_of_environment();
  Run run;
  add_serve(app, run);
  if (words.empty() || words.front() != "serve" || has_variable_of_ours(variables)) add_verbs_beside_serve(app, run);
  if (!words.empty() && words.front() == "help") {  // `deputy help serve` is `deputy serve --help`
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  if (words.empty()) {
    complain_lines(wrapped(app.help()));
    return kUsage;
  }
  if (wants_json(words)) tell_failures_as_json();
  if (const std::string unknown = unknown_command(app, words); !unknown.empty()) {
    fail(unknown);
    return kUsage;
  }
  if (words.front() == "serve") {  // who configures it by the environment sees what went by it
    for (const std::string& sentence : unknown_variables(app, variables)) {
      complain("deputy: {}\n", sentence);
    }
  }
  try {
    std::vector<std::string> backwards(words.rbegin(), words.rend());  // as CLI11 takes them
    app.parse(backwards);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) {
      fail(explained(app, error));
      return kUsage;
    }
    std::ostringstream out, err;
    app.exit(error, out, err);
    say_lines(wrapped(out.str()));
    return kDone;
  }
  return run();
}
