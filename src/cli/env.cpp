#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/profiles.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

/// For a POSIX shell: in single quotes, unless nothing in it needs them.
std::string quoted(const std::string& value) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:+,@%=";
  if (!value.empty() && value.find_first_not_of(plain) == std::string::npos) return value;
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

int print(const std::string& wanted) {
  const auto profile = find_profile(AwsFiles::of_environment(), wanted);
  if (!profile || profile->access_key_id.empty()) {
    return fail(fmt::format("there is no profile {}, and none that deputy wrote for an account of that id", wanted));
  }
  fmt::print("export AWS_ACCESS_KEY_ID={}\n", quoted(profile->access_key_id));
  fmt::print("export AWS_SECRET_ACCESS_KEY={}\n", quoted(profile->secret_access_key));
  fmt::print("unset AWS_SESSION_TOKEN AWS_PROFILE\n");
  if (!profile->region.empty())
    fmt::print("export AWS_REGION={0}\nexport AWS_DEFAULT_REGION={0}\n", quoted(profile->region));
  if (!profile->endpoint_url.empty()) fmt::print("export AWS_ENDPOINT_URL={}\n", quoted(profile->endpoint_url));
  return kDone;
}

}  // namespace

void add_env(CLI::App& app, Run& run) {
  auto wanted = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("env", "Print export lines for a profile or an account");
  verb->add_option("profile", *wanted, "A profile, or an account that has one")
      ->type_name("PROFILE-OR-ACCOUNT")
      ->required();
  verb->footer("Example:\n  eval \"$(deputy env account-b)\"\n  aws s3 ls");
  verb->callback([&run, wanted] { run = [wanted] { return print(*wanted); }; });
}

}  // namespace deputy::cli
