#include "cli/aws_call.h"

#include <gtest/gtest.h>

namespace deputy::cli {
namespace {

TEST(AwsCallTest, SaysWhereItGoesAndAsWhom) {
  const struct {
    std::vector<std::string> words;
    const char *endpoint_url, *profile, *region, *command;
    bool stays_here;
  } cases[] = {
      {{}, "", "", "", "", true},
      {{"s3", "ls"}, "", "", "", "s3", false},
      {{"--profile", "a", "s3", "ls", "--region=b"}, "", "a", "b", "s3", false},
      {{"--profile=a", "--endpoint-url", "http://x", "iam", "list-users"}, "http://x", "a", "", "iam", false},
      {{"--endpoint-url=http://x:1", "iam"}, "http://x:1", "", "", "iam", false},
      {{"--output", "text", "configure", "list"}, "", "", "", "configure", true},
      {{"--no-cli-pager", "--version"}, "", "", "", "", true},
      {{"s3api", "get-object", "--version-id", "1", "--version"}, "", "", "", "s3api", false},
      {{"iam", "help"}, "", "", "", "iam", false},
      {{"--profile"}, "", "", "", "", true},
  };
  for (const auto& c : cases) {
    const AwsCall call = read_aws_call(c.words);
    const std::string line = c.words.empty() ? "" : c.words.front() + "…";
    EXPECT_EQ(call.endpoint_url, c.endpoint_url) << line;
    EXPECT_EQ(call.profile, c.profile) << line;
    EXPECT_EQ(call.region, c.region) << line;
    EXPECT_EQ(call.command, c.command) << line;
    EXPECT_EQ(call.stays_here(), c.stays_here) << line;
  }
}

TEST(AwsCallTest, AmazonIsKnownByItsNames) {
  for (const char* url : {"https://sts.amazonaws.com", "https://STS.us-east-1.AmazonAWS.com./",
                          "http://s3.cn-north-1.amazonaws.com.cn:80", "https://iam.global.api.aws",
                          "https://me@s3.amazonaws.com/x", "https://iam.aws.amazon.com"}) {
    EXPECT_TRUE(is_amazons(url)) << url;
  }
  for (const char* url : {"http://127.0.0.1:4566", "http://[::1]:4566", "https://sts.corp.example", "",
                          "http://notamazonaws.com", "https://amazonaws.com.example", "http://x/?amazonaws.com"}) {
    EXPECT_FALSE(is_amazons(url)) << url;
  }
}

TEST(AwsCallTest, AHostIsReadFromItsUrl) {
  EXPECT_EQ(host_of("http://127.0.0.1:4566/"), "127.0.0.1");
  EXPECT_EQ(host_of("http://[::1]:4566"), "::1");
  EXPECT_EQ(host_of("https://deputy.example"), "deputy.example");
}

TEST(AwsCallTest, VersionsAreOldOrNew) {
  const struct {
    const char* said;
    bool known, heeds;
  } cases[] = {
      {"aws-cli/2.9.19 Python/3.11.2 Linux/6.1 source/x86_64.debian.12", true, false},
      {"aws-cli/2.13.0 Python/3.11.4", true, true},
      {"aws-cli/2.38.5 Python/3.13", true, true},
      {"aws-cli/1.28.9 Python/3.8", true, false},
      {"aws-cli/1.29.0 Python/3.8", true, true},
      {"aws-cli/3.0.0", true, true},
      {"aws: command not found", false, false},
      {"aws-cli/x", false, false},
  };
  for (const auto& c : cases) {
    const auto version = read_aws_version(c.said);
    EXPECT_EQ(version.has_value(), c.known) << c.said;
    EXPECT_EQ(version && version->knows_endpoint_url(), c.heeds) << c.said;
  }
}

}  // namespace
}  // namespace deputy::cli
