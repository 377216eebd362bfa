#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/admin_client.h"
#include "cli/environment.h"
#include "cli/profiles.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

int print(const std::string& wanted, const std::string& data) {
  const auto profile = find_profile(AwsFiles::of_environment(), wanted);
  if (!profile || profile->access_key_id.empty()) {
    return fail(fmt::format("there is no profile {}, and none that deputy wrote for an account of that id", wanted));
  }
  fmt::print("export AWS_ACCESS_KEY_ID={}\n", shell_quoted(profile->access_key_id));
  fmt::print("export AWS_SECRET_ACCESS_KEY={}\n", shell_quoted(profile->secret_access_key));
  fmt::print("unset AWS_SESSION_TOKEN AWS_PROFILE\n");
  if (!profile->region.empty())
    fmt::print("export AWS_REGION={0}\nexport AWS_DEFAULT_REGION={0}\n", shell_quoted(profile->region));
  // Where the server of the data folder listens now; a profile may be older than that.
  std::string endpoint = endpoint_of(data);
  if (endpoint.empty()) endpoint = profile->endpoint_url;
  if (!endpoint.empty()) fmt::print("export AWS_ENDPOINT_URL={}\n", shell_quoted(endpoint));
  return kDone;
}

}  // namespace

void add_env(CLI::App& app, Run& run) {
  auto wanted = std::make_shared<std::string>();
  auto data = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("env", "Print export lines for a profile or an account");
  verb->add_option("profile", *wanted, "A profile, or an account that has one")
      ->type_name("PROFILE-OR-ACCOUNT")
      ->required();
  add_data_option(*verb, *data);
  verb->footer("Example:\n  eval \"$(deputy env account-b)\"\n  aws s3 ls");
  verb->callback([&run, wanted, data] { run = [wanted, data] { return print(*wanted, *data); }; });
}

}  // namespace deputy::cli
