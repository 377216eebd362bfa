// What a command line of the AWS CLI says, as far as `deputy aws` has to know it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deputy::cli {

struct AwsCall {
  std::string endpoint_url, profile, region;  // empty: not given
  std::string command;                        // "s3api"; empty: none
  /// Speaks to nobody: `configure`, `help`, --version.
  [[nodiscard]] bool stays_here() const { return command.empty() || command == "configure" || command == "help"; }
};

AwsCall read_aws_call(const std::vector<std::string>& words);

/// Whether a URL leads to Amazon.
bool is_amazons(std::string_view url);
/// "127.0.0.1" of "http://127.0.0.1:4566/", "::1" of "http://[::1]:4566".
std::string host_of(std::string_view url);

struct AwsVersion {
  int major = 0, minor = 0;
  /// Whether it goes where AWS_ENDPOINT_URL and a profile's endpoint_url point.
  [[nodiscard]] bool knows_endpoint_url() const;
};
/// Of "aws-cli/2.9.19 Python/3.11.2 …"; nothing if it is not that.
std::optional<AwsVersion> read_aws_version(std::string_view said);

}  // namespace deputy::cli
