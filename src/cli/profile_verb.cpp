// `deputy profile`: what the AWS CLI answered, made into a profile; nobody types keys that a program just printed.
#include <fmt/format.h>
#include <simdjson.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "cli/admin_client.h"
#include "cli/answer.h"
#include "cli/print.h"
#include "cli/profiles.h"
#include "cli/verbs.h"
#include "crypto/secret.h"

namespace deputy::cli {
namespace {

constexpr std::size_t kMostRead = 256 * 1024;

struct Options {
  std::string data, name, region, endpoint_url;
  bool force = false;
};

std::string read_input() {
  std::string text(kMostRead, '\0');
  std::size_t size = 0;
  for (ssize_t got; size < text.size() && (got = ::read(STDIN_FILENO, &text[size], text.size() - size)) > 0;) {
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

/// Access key and secret of the first of these members that is there.
void take_keys(const simdjson::dom::element& answer, Profile& profile) {
  for (const std::string& at : {std::string("/AccessKey"), std::string("/Credentials"), std::string()}) {
    profile.access_key_id = text(answer, at + "/AccessKeyId");
    profile.secret_access_key = text(answer, at + "/SecretAccessKey");
    profile.session_token = text(answer, at + "/SessionToken");
    if (!profile.access_key_id.empty() && !profile.secret_access_key.empty()) return;
  }
}

/// Whose they are, as far as the answer says.
std::string owner_of(const simdjson::dom::element& answer) {
  if (const std::string user = text(answer, "/AccessKey/UserName"); !user.empty()) return "user " + user;
  if (const std::string account = text(answer, "/Account/AccountId"); !account.empty()) return account_owner(account);
  for (const char* arn : {"/AssumedRoleUser/Arn", "/FederatedUser/Arn"}) {
    if (std::string found = text(answer, arn); !found.empty()) return found;
  }
  return "a session";
}

int write(const Options& options) {
  std::string input = read_input();
  if (input.empty()) return fail("nothing came on standard input: the command before this one did not succeed");
  simdjson::dom::parser parser;
  simdjson::dom::element answer;
  Profile profile;
  if (parser.parse(input).get(answer) == simdjson::SUCCESS && answer.is_object()) take_keys(answer, profile);
  crypto::wipe(input);
  if (profile.secret_access_key.empty()) {
    return fail(
        "standard input is not what aws iam create-access-key or an aws sts command prints in JSON: with another "
        "format "
        "of output or a --query, add --output json and leave the query away");
  }
  profile.name = options.name;
  profile.owner = owner_of(answer);
  profile.region = options.region;
  profile.endpoint_url = options.endpoint_url.empty() ? endpoint_of(options.data) : options.endpoint_url;
  if (profile.endpoint_url.empty()) {
    return fail(
        fmt::format("no server is running on {}, so the profile has no address: start one, or name it with "
                    "--endpoint-url",
                    options.data));
  }
  if (options.endpoint_url.empty()) profile.ca_bundle = ca_bundle_of(options.data);
  const AwsFiles files = AwsFiles::of_environment();
  const auto written = write_profile(files, profile, options.force);
  crypto::wipe(profile.secret_access_key);
  if (!written) return fail(written.error());
  say("The AWS profile {} has the credentials of {} ({}, region {}).\n", profile.name, profile.owner, files.credentials,
      profile.region);
  return kDone;
}

}  // namespace

void add_profile(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("profile", "Make an AWS profile of the credentials that aws printed");
  verb->add_option("name", options->name, "Of the profile")->type_name("NAME")->required();
  add_data_option(*verb, options->data);
  verb->add_option("--region", options->region, "Of the profile")->default_val("us-east-1");
  verb->add_option("--endpoint-url", options->endpoint_url, "Of the profile (default: where the server listens)");
  verb->add_flag("--force", options->force,
                 "Overwrite a profile that deputy did not write, or that is somebody else's");
  verb->footer(
      "It reads the JSON on standard input: of create-access-key, assume-role and all that STS gives credentials for.\n"
      "Examples:\n"
      "  aws iam create-access-key --user-name dana | deputy profile dana\n"
      "  aws sts assume-role --role-arn … --role-session-name work | deputy profile work\n"
      "  aws --profile work s3 ls");
  verb->callback([&run, options] { run = [options] { return write(*options); }; });
}

}  // namespace deputy::cli
