// The command line of `deputy evaluate`; what it does stands in cases/evaluate.h.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "cases/evaluate.h"
#include "cli/print.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

int run_evaluate(const std::vector<std::string>& files, bool trace) {
  std::ios::sync_with_stdio(false);
  std::cin.tie(nullptr);
  if (files.empty()) return cases::evaluate(std::cin, json_output(), trace);
  int result = kDone;
  for (const std::string& file : files) {
    std::ifstream opened;
    if (file != "-") {
      opened.open(file);
      if (!opened) return fail("cannot read " + file);
    }
    std::istream& in = file == "-" ? std::cin : opened;
    if (cases::evaluate(in, json_output(), trace) != kDone) result = kFailed;
  }
  return result;
}

}  // namespace

void add_evaluate(CLI::App& app, Run& run) {
  auto files = std::make_shared<std::vector<std::string>>();
  auto trace = std::make_shared<bool>(false);
  CLI::App* verb = app.add_subcommand("evaluate", "Decide requests that come as lines of JSON, without a server");
  verb->add_option("FILE", *files, "Files of cases, one a line; none or \"-\": standard input");
  verb->add_flag("--trace", *trace, "Say of each statement whether it applies, and if not, why");
  verb->footer(
      "Each line holds a request and the policies that bind it; docs/policy-evaluation.md, section 0, has the schema.\n"
      "Each answer is a line:\n"
      "  {\"name\":\"x\",\"decision\":\"Deny\",\"explicit\":false,\"layer\":\"identity\",\"statement\":null}\n"
      "A line that is no case answers {\"name\":...,\"error\":...} and does not stop the others.\n\n"
      "Examples:\n"
      "  deputy evaluate cases.jsonl\n"
      "  jq -c '.[]' vectors.json | deputy evaluate\n"
      "  deputy evaluate --trace one.jsonl | jq '.trace.statements[] | select(.applies | not) | .reason'\n\n"
      "Exit codes: 0 every line was decided, 1 some were not.");
  verb->callback([&run, files, trace] { run = [files, trace] { return run_evaluate(*files, *trace); }; });
}

}  // namespace deputy::cli
