#include <CLI/CLI.hpp>

#include "cli/print.h"
#include "cli/seeds.h"
#include "cli/verbs.h"
#include "seed/json_schema.h"

namespace deputy::cli {

void add_apply(CLI::App& app, Run& run) {
  auto options = std::make_shared<SeedOptions>();
  auto schema = std::make_shared<bool>(false);
  CLI::App* verb =
      app.add_subcommand("apply", "Make accounts and what they hold as seed files or CloudFormation templates say");
  verb->add_option("file", options->files, "YAML or JSON; - is standard input. An account may stand in several files")
      ->type_name("FILE");
  add_server_options(*verb, options->data);
  add_output_option(*verb, options->output);
  verb->add_flag("--dry-run", options->dry_run, "Say what would change, and change nothing");
  verb->add_flag("--prune", options->prune, "Remove what the accounts of the files hold and the files do not name");
  verb->add_flag("--reuse-id", options->reuse_ids,
                 "Take ids of accounts that were deleted: whatever still trusts such an id trusts the new one");
  verb->add_option("--account", options->account, "Whose resources a CloudFormation template describes")
      ->type_name("ACCOUNT");
  verb->add_option("--parameter", options->parameters, "A parameter of a CloudFormation template; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);  // what follows is a file
  verb->add_flag("--force", options->force, "Overwrite AWS CLI profiles that deputy did not write");
  verb->add_flag("--schema", *schema, "Print the JSON Schema of seeds, and ask no server");
  verb->footer(
      "Examples:\n"
      "  deputy apply team.yaml\n"
      "  deputy apply --dry-run --prune accounts.yaml roles.yaml\n"
      "  deputy apply --output json team.yaml\n"
      "  deputy apply --account 111111111111 --parameter Stage=test template.yaml\n\n"
      "All of it is written in one commit or nothing. Applied again it changes nothing. Every fault is told with its\n"
      "file, line and column. What may stand in a file: docs/guides/seeds.md.");
  verb->callback([&run, options, schema] {
    run = [options, schema] {
      if (*schema) {
        say_lines(seed::json_schema());
        return kDone;
      }
      if (options->files.empty()) {
        fail("which file? deputy apply FILE, or deputy apply - for standard input");
        return kUsage;
      }
      return apply_seeds(*options);
    };
  });
}

}  // namespace deputy::cli
