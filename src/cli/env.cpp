#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/admin_client.h"
#include "cli/environment.h"
#include "cli/print.h"
#include "cli/profiles.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

int print(const std::string& wanted, const std::string& data) {
  const AwsFiles files = AwsFiles::of_environment();
  const auto found = find_profile(files, wanted);
  if (!found) return fail(found.error());
  const std::optional<Profile>& profile = *found;
  if (!profile || profile->access_key_id.empty()) {
    return fail(fmt::format(
        "there is no profile {0}, and none that deputy wrote for an account of that id (in {1}); a profile is made "
        "with: deputy account create ID --profile NAME",
        wanted, files.credentials));
  }
  Variables variables{
      {"AWS_ACCESS_KEY_ID", profile->access_key_id},
      {"AWS_SECRET_ACCESS_KEY", profile->secret_access_key},
      {"AWS_SESSION_TOKEN", profile->session_token.empty() ? std::nullopt : std::optional(profile->session_token)},
      {"AWS_PROFILE", std::nullopt}};
  const std::string region = profile->region.empty() ? "us-east-1" : profile->region;
  add_place(variables, region, data);  // where the server listens now: a profile may be older than that
  if (endpoint_of(data).empty()) {
    if (!profile->endpoint_url.empty()) add_endpoint(variables, profile->endpoint_url);
    if (!profile->ca_bundle.empty()) variables.emplace_back("AWS_CA_BUNDLE", profile->ca_bundle);
  }
  hand_over(export_lines(variables));
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
