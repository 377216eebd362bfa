// The command line of `deputy validate`; what it does stands in cases/validate.h.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "cases/validate.h"
#include "cli/print.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

struct Options {
  std::string type, output;
  bool strict = false, first = false;
  std::vector<std::string> files;
};

/// Beyond what the parser reads at all, so that it can say that a document is too long.
constexpr std::size_t kMostRead = 1024 * 1024;

/// The file, or standard input for "-"; false if it cannot be read.
bool read(const std::string& file, std::string& text) {
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  std::istream& in = file == "-" ? std::cin : opened;
  if (!in) return false;
  text.resize(kMostRead);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return !in.bad() && (in || in.eof());
}

int run_validate(const Options& options) {
  const bool json_wanted = options.output == "json";
  std::string out;
  JsonWriter json(out);
  if (json_wanted) json.begin_array();
  int result = kDone;
  for (const std::string& file : options.files) {
    std::string text;
    if (!read(file, text)) {
      fail("cannot read " + file);
      result = kUsage;
      continue;
    }
    const cases::Checked checked =
        options.first ? cases::check(options.type, text) : cases::check_all(options.type, text);
    const std::string shown = file == "-" ? "<stdin>" : file;
    if (json_wanted) {
      cases::write_json(json, shown, checked);
    } else {
      out += cases::for_people(shown, text, checked);
    }
    const bool good = checked.valid() && (!options.strict || checked.findings.empty());
    if (!good && result == kDone) result = kFailed;
  }
  if (json_wanted) {
    json.end_array();
    say_json(out);
  } else {
    say_lines(out);
  }
  return result;
}

}  // namespace

void add_validate(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("validate", "Check policy documents as AWS does, and say what was meant");
  verb->add_option("--type", options->type, "What the document is to be")
      ->required()
      ->check(CLI::IsMember(cases::policy_types()));
  verb->add_option("FILE", options->files, "Policy documents; \"-\" is standard input")->required();
  verb->add_flag("--first", options->first, "The first error alone, as AWS tells it");
  verb->add_flag("--strict", options->strict, "Refuse documents with warnings too");
  add_output_option(*verb, options->output);
  verb->footer(
      "An error is what AWS refuses, in AWS's words. A warning is what it takes although it does nothing: an action "
      "that no\n"
      "service has.\n\n"
      "Examples:\n"
      "  deputy validate --type trust trust-policy.json\n"
      "  deputy validate --type identity policies/*.json\n"
      "  aws iam get-role --role-name Reader --query Role.AssumeRolePolicyDocument | deputy validate --type trust -\n"
      "  deputy validate --type scp --output json guardrails.json | jq '.[].errors'\n\n"
      "Exit codes: 0 all are valid, 1 some are not (with --strict: or have warnings), 2 a file could not be read, or "
      "the\n"
      "command line not understood.");
  verb->callback([&run, options] { run = [options] { return run_validate(*options); }; });
}

}  // namespace deputy::cli
