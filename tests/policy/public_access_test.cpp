// What S3 calls public: a table of statements, and what becomes of several. [S-197, S-198]
#include "policy/public_access.h"

#include <gtest/gtest.h>

#include <string>

namespace deputy::policy {
namespace {

std::string statement(std::string_view effect, std::string_view principal, std::string_view condition) {
  return R"({"Effect":")" + std::string(effect) + R"(","Principal":)" + std::string(principal) +
         R"(,"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*")" +
         (condition.empty() ? "" : R"(,"Condition":)" + std::string(condition)) + "}";
}
std::string policy(const std::string& statements) {
  return R"({"Version":"2012-10-17","Statement":[)" + statements + "]}";
}

struct Case {
  const char *name, *principal, *condition;
  bool is_public;
};
constexpr const char* kStar = R"("*")";
constexpr Case kCases[] = {
    // Whom a statement names
    {"everybody", kStar, "", true},
    {"everybody, as a principal of AWS", R"({"AWS":"*"})", "", true},
    {"everybody among others", R"({"AWS":["111111111111","*"]})", "", true},
    {"an account", R"({"AWS":"111111111111"})", "", false},
    {"another account's role", R"({"AWS":"arn:aws:iam::222222222222:role/r"})", "", false},
    {"a service", R"({"Service":"logging.s3.amazonaws.com"})", "", false},
    {"a service and everybody", R"({"Service":"logging.s3.amazonaws.com","AWS":"*"})", "", true},
    // Keys that pin a request
    {"an organization", kStar, R"({"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}})", false},
    {"an organization, in another case", kStar, R"({"StringEquals":{"AWS:principalorgid":"o-abcdefghij"}})", false},
    {"paths of an organization", kStar, R"({"ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":"o-a/r-a/"}})", false},
    {"an endpoint", kStar, R"({"StringEquals":{"aws:SourceVpce":"vpce-1"}})", false},
    {"a network", kStar, R"({"StringEquals":{"aws:SourceVpc":["vpc-1","vpc-2"]}})", false},
    {"a source", kStar, R"({"ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-east-1:111111111111:t"}})", false},
    {"a source, by a pattern without wildcards", kStar,
     R"({"ArnLike":{"aws:SourceArn":"arn:aws:sns:us-east-1:111111111111:t"}})", false},
    {"an account behind a source", kStar, R"({"StringEquals":{"aws:SourceAccount":"111111111111"}})", false},
    {"an account behind a source, as a number", kStar, R"({"NumericEquals":{"aws:SourceAccount":"111111111111"}})",
     false},
    {"an owner of a source", kStar, R"({"StringEqualsIgnoreCase":{"aws:SourceOwner":"111111111111"}})", false},
    {"an organization behind a source", kStar, R"({"StringEquals":{"aws:SourceOrgID":"o-abcdefghij"}})", false},
    {"a user", kStar, R"({"StringEquals":{"aws:userid":"AIDAEXAMPLE"}})", false},
    {"sessions of a role", kStar, R"({"StringLike":{"aws:userid":"AROAEXAMPLE:*"}})", true},
    {"a caller's account", kStar, R"({"StringEquals":{"aws:PrincipalAccount":"111111111111"}})", false},
    {"a caller", kStar, R"({"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/r"}})", false},
    {"a key of KMS", kStar,
     R"({"StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:r:a:key/k"}})", false},
    {"an access point's account", kStar, R"({"StringEquals":{"s3:DataAccessPointAccount":"111111111111"}})", false},
    {"an access point", kStar, R"({"ArnEquals":{"s3:DataAccessPointArn":"arn:aws:s3:r:111111111111:accesspoint/p"}})",
     false},
    {"all access points of an account", kStar,
     R"({"ArnLike":{"s3:DataAccessPointArn":"arn:aws:s3:r:111111111111:accesspoint/*"}})", false},
    {"access points of any account", kStar, R"({"ArnLike":{"s3:DataAccessPointArn":"arn:aws:s3:r:*:accesspoint/*"}})",
     true},
    // Keys that do not
    {"encryption in transit", kStar, R"({"Bool":{"aws:SecureTransport":"true"}})", true},
    {"a referer", kStar, R"({"StringEquals":{"aws:Referer":"https://example.com/"}})", true},
    {"a tag of the caller", kStar, R"({"StringEquals":{"aws:PrincipalTag/team":"blue"}})", true},
    {"a date", kStar, R"({"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}})", true},
    {"a prefix", kStar, R"({"StringEquals":{"s3:prefix":"home/"}})", true},
    {"two conditions, of which one pins", kStar,
     R"({"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"aws:SourceVpce":"vpce-1"}})", false},
    // Values and operators that do not pin
    {"a pattern", kStar, R"({"StringLike":{"aws:SourceVpce":"vpce-*"}})", true},
    {"a pattern that matches itself alone", kStar, R"({"StringEquals":{"aws:SourceVpce":"vpce-*"}})", true},
    {"one pattern among values", kStar, R"({"StringLike":{"aws:SourceVpce":["vpce-1","vpce-?"]}})", true},
    {"a variable", kStar, R"({"StringEquals":{"aws:SourceAccount":"${aws:PrincipalTag/a}"}})", true},
    {"all but one", kStar, R"({"StringNotEquals":{"aws:SourceVpce":"vpce-1"}})", true},
    {"if there is one", kStar, R"({"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1"}})", true},
    {"all of none", kStar, R"({"ForAllValues:StringEquals":{"aws:SourceVpce":"vpce-1"}})", true},
    {"any of them", kStar, R"({"ForAnyValue:StringEquals":{"aws:SourceVpce":"vpce-1"}})", false},
    {"that there is one", kStar, R"({"Null":{"aws:SourceVpce":"false"}})", true},
    // Addresses
    {"an address", kStar, R"({"IpAddress":{"aws:SourceIp":"203.0.113.7"}})", false},
    {"a range", kStar, R"({"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}})", false},
    {"a private range", kStar, R"({"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}})", false},
    {"a range that is too wide", kStar, R"({"IpAddress":{"aws:SourceIp":"11.0.0.0/7"}})", true},
    {"all addresses", kStar, R"({"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}})", true},
    {"one range of several is too wide", kStar, R"({"IpAddress":{"aws:SourceIp":["203.0.113.0/24","0.0.0.0/1"]}})",
     true},
    {"an address of version 6", kStar, R"({"IpAddress":{"aws:SourceIp":"2001:db8::1"}})", false},
    {"a provider's range of version 6", kStar, R"({"IpAddress":{"aws:SourceIp":"2001:db8::/32"}})", false},
    {"unique local addresses", kStar, R"({"IpAddress":{"aws:SourceIp":"fd00::/8"}})", true},
    {"all addresses of version 6", kStar, R"({"IpAddress":{"aws:SourceIp":"::/0"}})", true},
    {"an address if there is one", kStar, R"({"IpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"}})", true},
    {"all of no addresses", kStar, R"({"ForAllValues:IpAddress":{"aws:SourceIp":"203.0.113.0/24"}})", true},
    {"any address", kStar, R"({"ForAnyValue:IpAddress":{"aws:SourceIp":"203.0.113.0/24"}})", false},
    {"all but a range", kStar, R"({"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}})", true},
    {"an address as a text", kStar, R"({"StringEquals":{"aws:SourceIp":"203.0.113.7"}})", true},
    {"another address of the network", kStar, R"({"IpAddress":{"aws:VpcSourceIp":"10.0.0.1"}})", true},
};

TEST(PublicAccessTest, AStatementIsPublicIfNothingPinsItsRequests) {
  for (const Case& c : kCases) {
    EXPECT_EQ(is_public(policy(statement("Allow", c.principal, c.condition))), c.is_public) << c.name;
    EXPECT_FALSE(is_public(policy(statement("Deny", c.principal, c.condition)))) << c.name;
  }
}

TEST(PublicAccessTest, APolicyIsPublicIfOneOfItsStatementsIs) {
  const std::string open = statement("Allow", kStar, ""), own = statement("Allow", R"({"AWS":"111111111111"})", ""),
                    closed = statement("Deny", kStar, "");
  EXPECT_FALSE(is_public(policy(own)));
  EXPECT_FALSE(is_public(policy(own + "," + closed)));
  EXPECT_TRUE(is_public(policy(own + "," + open)));
  EXPECT_TRUE(is_public(policy(open + "," + closed))) << "what a Deny takes away does not count";
  EXPECT_TRUE(is_public("nonsense")) << "nobody knows what it says";
}

}  // namespace
}  // namespace deputy::policy
