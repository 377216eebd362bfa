// deputy as-service: an AWS service assumes a role, as AWS's control plane lets it, and a program runs with what it
// got.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/arn.h"
#include "base/json_writer.h"
#include "cli/environment.h"
#include "cli/print.h"
#include "cli/service_call.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

struct Options {
  std::string data, output;
  ServiceCall call;
  bool print = false;
  std::vector<std::string> command;
};

/// What services call their sessions: the resource that they act for, else themselves.
std::string session_name(const ServiceCall& call) {
  if (!call.source_arn.empty()) return as_session_name(call.source_arn.substr(call.source_arn.find_last_of(":/") + 1));
  return as_session_name(call.service.substr(0, call.service.find('.')));
}

/// What `credential_process` of an AWS profile expects.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
std::string process_document(const workload::Credentials& c) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("Version").value(1).key("AccessKeyId").value(c.access_key_id);
  json.key("SecretAccessKey").value(c.secret_access_key).key("SessionToken").value(c.session_token);
  json.key("Expiration").value(iso8601(c.expires)).end_object();
  return out;
}

int run_as_service(Options options) {
  ServiceCall& call = options.call;
  if (call.session_name.empty()) call.session_name = session_name(call);
  if (const auto arn = Arn::split(call.source_arn); arn && call.source_account.empty()) {
    call.source_account = arn->account;
  }
  const auto made = assume_as_service(options.data, call);
  if (!made) return fail(worded(made.error()), made.error().code);
  if (options.print && options.output == "json") {
    say_json(process_document(*made));
    return kDone;
  }
  Variables variables{{"AWS_ACCESS_KEY_ID", made->access_key_id},
                      {"AWS_SECRET_ACCESS_KEY", made->secret_access_key},
                      {"AWS_SESSION_TOKEN", made->session_token},
                      {"AWS_PROFILE", std::nullopt}};
  add_place(variables, call.region, options.data);
  if (!options.print) return become(options.command, variables);
  hand_over(export_lines(variables));
  return kDone;
}

}  // namespace

void add_as_service(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("as-service", "Let an AWS service assume a role, and run a program as that session");
  ServiceCall& call = options->call;
  verb->add_option("service", call.service, "The service principal")->type_name("SERVICE")->required();
  verb->add_option("--role", call.role_arn, "The role; its trust policy decides")->type_name("ARN")->required();
  verb->add_option("--source-arn", call.source_arn, "aws:SourceArn: the customer's resource that it acts for")
      ->type_name("ARN");
  verb->add_option("--source-account", call.source_account,
                   "aws:SourceAccount: whose resource (default: the account in --source-arn)")
      ->type_name("ACCOUNT");
  add_service_options(*verb, call);
  verb->add_option("--session-name", call.session_name, "Of the session (default: the name in --source-arn)")
      ->type_name("NAME");
  verb->add_option("--duration", call.seconds, "How long the session lasts (default: 3600)")->type_name("SECONDS");
  auto* print = verb->add_flag("--print-credentials", options->print,
                               "Print export lines (with --output json: what credential_process expects)");
  add_server_options(*verb, options->data);
  add_output_option(*verb, options->output);
  auto* command = verb->add_option("command", options->command, "What to run, behind --")->type_name("COMMAND");
  command->excludes(print);
  verb->footer(
      "The trust policy of the role decides, with the keys that AWS sets for services; nobody else can be a service.\n"
      "Examples:\n"
      "  deputy as-service lambda.amazonaws.com --role arn:aws:iam::222222222222:role/report \\\n"
      "    --source-arn arn:aws:lambda:us-east-1:222222222222:function:report -- aws s3 ls\n"
      "  eval \"$(deputy as-service events.amazonaws.com --role … --print-credentials)\"");
  verb->callback([&run, options] {
    if (!options->call.source_arn.empty() && !Arn::split(options->call.source_arn)) {
      throw CLI::ValidationError("--source-arn", options->call.source_arn + " is no ARN");
    }
    if (!options->print && options->command.empty()) {
      throw CLI::RequiredError("a command behind -- or --print-credentials");
    }
    run = [options] { return run_as_service(*options); };
  });
}

}  // namespace deputy::cli
