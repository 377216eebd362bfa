#include "cli/aws_call.h"

#include <array>
#include <charconv>

#include "base/encoding.h"

namespace deputy::cli {
namespace {

/// The global options that take a value; --version, --debug and the --no-… take none.
constexpr std::array kWithValue = {"--endpoint-url",
                                   "--profile",
                                   "--region",
                                   "--output",
                                   "--query",
                                   "--color",
                                   "--ca-bundle",
                                   "--cli-read-timeout",
                                   "--cli-connect-timeout",
                                   "--cli-binary-format"};

bool ends_with_ignoring_case(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && equals_ignoring_case(text.substr(text.size() - end.size()), end);
}

}  // namespace

AwsCall read_aws_call(const std::vector<std::string>& words) {
  AwsCall call;
  const auto keep = [&](std::string_view option, std::string_view value) {
    if (option == "--endpoint-url") call.endpoint_url = value;
    if (option == "--profile") call.profile = value;
    if (option == "--region") call.region = value;
  };
  bool version = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (!word.starts_with("--")) {
      if (call.command.empty()) call.command = word;
      continue;
    }
    if (call.command.empty() && word == "--version") version = true;
    if (const std::size_t equals = word.find('='); equals != std::string_view::npos) {
      keep(word.substr(0, equals), word.substr(equals + 1));
      continue;
    }
    for (const std::string_view option : kWithValue) {
      if (word != option || i + 1 == words.size()) continue;
      keep(option, words[++i]);
      break;
    }
  }
  if (version) call.command.clear();
  return call;
}

std::string host_of(std::string_view url) {
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  if (url.starts_with('[')) return std::string(url.substr(1, url.find(']') - 1));
  return std::string(url.substr(0, url.find(':')));
}

bool is_amazons(std::string_view url) {
  std::string host = host_of(url);
  while (host.ends_with('.')) host.pop_back();
  for (const std::string_view domain :
       {"amazonaws.com", "amazonaws.com.cn", "api.aws", "amazonwebservices.com.cn", "amazonaws.eu", "aws.amazon.com"}) {
    if (equals_ignoring_case(host, domain) || ends_with_ignoring_case(host, "." + std::string(domain))) return true;
  }
  return false;
}

bool AwsVersion::knows_endpoint_url() const {
  constexpr int kOfOne = 29, kOfTwo = 13;  // minor versions
  return major > 2 || (major == 2 && minor >= kOfTwo) || (major == 1 && minor >= kOfOne);
}

std::optional<AwsVersion> read_aws_version(std::string_view said) {
  constexpr std::string_view kName = "aws-cli/";
  const std::size_t at = said.find(kName);
  if (at == std::string_view::npos) return std::nullopt;
  const char* const end = said.data() + said.size();
  AwsVersion version;
  const auto major = std::from_chars(said.data() + at + kName.size(), end, version.major);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return std::nullopt;
  if (std::from_chars(major.ptr + 1, end, version.minor).ec != std::errc()) return std::nullopt;
  return version;
}

}  // namespace deputy::cli
