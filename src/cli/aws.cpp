#include "cli/aws.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>

#include "cli/admin_client.h"
#include "cli/aws_call.h"
#include "cli/environment.h"
#include "cli/print.h"
#include "cli/profiles.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

namespace fs = std::filesystem;

/// Nothing listens there (RFC 863): what would leave for anywhere but Deputy fails at once.
constexpr const char* kNoProxy = "http://127.0.0.1:9";
/// Where programs on an instance or in a container find credentials (deputy workload), beside Deputy itself.
constexpr const char* kReachable = "127.0.0.1,localhost,::1,169.254.169.254,169.254.170.2,169.254.170.23";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// The first `aws` on the PATH that is not a link to this program; empty if there is none.
std::string find_aws() {
  if (std::string named = variable("DEPUTY_AWS"); !named.empty()) return named;
  std::error_code fault;
  const fs::path self = fs::read_symlink("/proc/self/exe", fault);
  const std::string path = variable("PATH");
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const std::string file = path.substr(begin, end - begin) + "/aws";
    begin = end + 1;
    if (::access(file.c_str(), X_OK) != 0 || fs::is_directory(file, fault)) continue;
    if (fs::weakly_canonical(file, fault) != self) return file;
  }
  return {};
}

std::optional<AwsVersion> version_of(const std::string& aws) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> said(
      ::popen((shell_quoted(aws) + " --version 2>&1 < /dev/null").c_str(), "r"), ::pclose);
  std::array<char, 512> line{};
  if (!said || std::fgets(line.data(), line.size(), said.get()) == nullptr) return std::nullopt;
  return read_aws_version(line.data());
}

std::string first_of(std::initializer_list<std::string> values) {
  for (const std::string& value : values) {
    if (!value.empty()) return value;
  }
  return {};
}

/// What the program finds around it.
Variables surroundings(const AwsCall& call, const std::string& profile, const std::string& url) {
  const AwsFiles files = AwsFiles::of_environment();
  Variables variables;
  for (const char* name : {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"}) {
    variables.emplace_back(name, kNoProxy);
  }
  for (const char* name : {"NO_PROXY", "no_proxy"}) {
    variables.emplace_back(name, url.empty() ? kReachable : std::string(kReachable) + "," + host_of(url));
  }
  if (variable("AWS_EC2_METADATA_SERVICE_ENDPOINT").empty())
    variables.emplace_back("AWS_EC2_METADATA_DISABLED", "true");
  if (first_of(
          {call.region, variable("AWS_REGION"), variable("AWS_DEFAULT_REGION"), setting_of(files, profile, "region")})
          .empty()) {
    variables.emplace_back("AWS_DEFAULT_REGION", "us-east-1");
  }
  if (!url.empty()) add_endpoint(variables, url);
  const std::string data = default_data_folder();
  if (variable("AWS_CA_BUNDLE").empty() && !data.empty() && url == endpoint_of(data)) {
    if (std::string file = ca_bundle_of(data); !file.empty()) variables.emplace_back("AWS_CA_BUNDLE", std::move(file));
  }
  return variables;
}

}  // namespace

bool is_called_aws(const char* program) { return fs::path(program).filename() == "aws"; }

int run_aws(const std::vector<std::string>& words) {
  const std::string aws = find_aws();
  if (aws.empty()) {
    return fail(
        "there is no aws on the PATH: Debian's package awscli has one, and so has pip install awscli; AWS's own is at "
        "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html");
  }
  const AwsCall call = read_aws_call(words);
  const std::string profile =
      first_of({call.profile, variable("AWS_PROFILE"), variable("AWS_DEFAULT_PROFILE"), "default"});
  const AwsFiles files = AwsFiles::of_environment();
  const std::string data = default_data_folder();
  const std::string url = first_of({call.endpoint_url, variable("AWS_ENDPOINT_URL"),
                                    setting_of(files, profile, "endpoint_url"), data.empty() ? "" : endpoint_of(data)});
  if (is_amazons(url)) {
    return fail(fmt::format("{} is Amazon's: deputy aws speaks to Deputy alone. For the other, use aws itself", url));
  }
  if (url.empty() && !call.stays_here()) {
    return fail(
        fmt::format("the profile {} has no endpoint_url, AWS_ENDPOINT_URL is not set, and no server is running on {}; "
                    "start one with: "
                    "deputy serve",
                    profile, data.empty() ? "a data folder that is known" : data));
  }
  if (!setting_of(files, profile, "role_arn").empty() && !call.stays_here()) {
    if (const auto version = version_of(aws); version && !version->knows_endpoint_url()) {
      return fail(fmt::format(
          "{} is version {}.{}, which asks the real STS for the role of the profile {}: take 2.13 or newer, or make a "
          "profile of the session: deputy aws sts assume-role … | deputy profile NAME",
          aws, version->major, version->minor, profile));
    }
  }
  std::vector<std::string> command{aws};
  if (!url.empty() && call.endpoint_url.empty() && !call.stays_here()) {
    command.insert(command.end(), {"--endpoint-url", url});
  }
  command.insert(command.end(), words.begin(), words.end());
  return become(command, surroundings(call, profile, url));
}

void warn_of_old_aws() {
  if (::isatty(STDERR_FILENO) != 1) return;
  const std::string aws = find_aws();
  const auto version = aws.empty() ? std::nullopt : version_of(aws);
  if (!version || version->knows_endpoint_url()) return;
  complain(
      "Beware: {} is version {}.{}, which does not heed the profile's endpoint_url: it would ask the real AWS.\n"
      "Type deputy aws instead of aws, or take 2.13 or newer.\n",
      aws, version->major, version->minor);
}

void add_aws(CLI::App& app, Run& run) {
  CLI::App* verb = app.add_subcommand("aws", "The AWS CLI, any version, speaking to Deputy and to nobody else");
  verb->prefix_command();
  verb->footer(
      "All words go to the aws on the PATH (or DEPUTY_AWS). It asks the server that --endpoint-url, AWS_ENDPOINT_URL, "
      "the\n"
      "profile or the data folder names; never Amazon. Versions before 2.13 (Debian 12 has 2.9) heed no endpoint_url "
      "of a\n"
      "profile: with those, type deputy aws for aws, or put a link named aws before the other one on the PATH.\n"
      "Examples:\n"
      "  deputy aws --profile account-a s3 ls\n"
      "  alias aws='deputy aws'\n"
      "  ln -s \"$(command -v deputy)\" ~/.local/bin/aws");
  verb->callback([&run, verb] { run = [words = verb->remaining()] { return run_aws(words); }; });
}

}  // namespace deputy::cli
