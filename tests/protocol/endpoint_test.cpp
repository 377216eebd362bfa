#include "protocol/endpoint.h"

#include <gtest/gtest.h>

namespace deputy::protocol {
namespace {

struct Case {
  std::string_view host, service, region, bucket;  // "!" before a region: it binds
};

class EndpointTest : public testing::TestWithParam<Case> {};

TEST_P(EndpointTest, TheHostSaysServiceRegionAndBucket) {
  const Endpoint found = endpoint_of(GetParam().host);
  EXPECT_EQ(found.service ? service(*found.service).name : "", GetParam().service);
  EXPECT_EQ((found.binds_region ? "!" : "") + std::string(found.region), GetParam().region);
  EXPECT_EQ(found.bucket, GetParam().bucket);
}

// docs/wire.md, section 2
INSTANTIATE_TEST_SUITE_P(
    Hosts, EndpointTest,
    testing::Values(
        Case{"iam.amazonaws.com", "iam", "!us-east-1", ""}, Case{"IAM.AmazonAWS.com:443", "iam", "!us-east-1", ""},
        Case{"iam.global.api.aws", "iam", "!us-east-1", ""}, Case{"iam-fips.amazonaws.com", "iam", "!us-east-1", ""},
        Case{"iam.us-gov.amazonaws.com", "iam", "!us-gov-west-1", ""},
        Case{"iam.cn-north-1.amazonaws.com.cn", "iam", "!cn-north-1", ""},
        Case{"sts.amazonaws.com", "sts", "!us-east-1", ""},
        Case{"sts.eu-west-1.amazonaws.com", "sts", "!eu-west-1", ""},
        Case{"sts-fips.us-east-1.amazonaws.com.", "sts", "!us-east-1", ""},
        Case{"organizations.us-east-1.amazonaws.com", "organizations", "!us-east-1", ""},
        Case{"s3.amazonaws.com", "s3", "", ""}, Case{"b.s3.amazonaws.com", "s3", "", "b"},
        Case{"a.b.s3.eu-west-1.amazonaws.com", "s3", "!eu-west-1", "a.b"},
        Case{"b.s3.dualstack.eu-west-1.amazonaws.com", "s3", "!eu-west-1", "b"},
        Case{"sts.s3.eu-west-1.amazonaws.com", "s3", "!eu-west-1", "sts"}, Case{"b.localhost:4566", "", "", "b"},
        Case{"a.b.localhost", "", "", "a.b"}, Case{"b.s3.localhost:4566", "s3", "", "b"},
        Case{"s3.localhost", "s3", "", ""}, Case{"sts.localhost:4566", "sts", "", ""},
        Case{"sts.eu-west-1.localhost", "sts", "eu-west-1", ""}, Case{"localhost:4566", "", "", ""},
        Case{"127.0.0.1:4566", "", "", ""}, Case{"[::1]:4566", "", "", ""}, Case{"deputy.example", "", "", ""},
        Case{"ec2.eu-west-1.amazonaws.com", "", "", ""}, Case{"", "", "", ""}, Case{"..localhost", "", "", "."},
        Case{".amazonaws.com", "", "", ""}));

}  // namespace
}  // namespace deputy::protocol
