// What may stand in a policy of each type, and how much.
#include "services/organizations/policy_content.h"

#include <gtest/gtest.h>

#include "services/organizations/policy_types.h"

namespace deputy::organizations {
namespace {

using directory::PolicyType;

constexpr const char* kTaken = "";
constexpr const char* kMalformed = "MalformedPolicyDocumentException";
constexpr const char* kTooLarge = "ConstraintViolationException";

struct Case {
  const char* name;
  PolicyType type;
  std::string content;
  const char* code;  // empty: it is taken
};

/// `count` characters in all, of which the filling has several bytes each.
std::string scp_of(std::size_t count) {
  const std::string front = R"({"Statement":{"Sid":")", back = R"(","Effect":"Deny","Action":"s3:*","Resource":"*"}})";
  return front + std::string(count - front.size() - back.size(), 'a') + back;
}
std::string tags_of(std::size_t count) {
  const std::string front = R"({"tags":{"a":{"tag_key":{"@@assign":")", back = R"("}}}})";
  std::string filling;
  for (std::size_t i = front.size() + back.size(); i < count; ++i) filling += "\xc3\xa4";
  return front + filling + back;
}

const Case kCases[] = {
    {"an SCP", PolicyType::kServiceControl, R"({"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}})",
     kTaken},
    {"no JSON", PolicyType::kServiceControl, "nonsense", kMalformed},
    {"nothing", PolicyType::kServiceControl, " ", kMalformed},
    {"an SCP as large as one may be", PolicyType::kServiceControl, scp_of(10'240), kTaken},
    {"an SCP with one character more", PolicyType::kServiceControl, scp_of(10'241), kTooLarge},
    {"white space counts", PolicyType::kServiceControl, scp_of(10'240) + "\n", kTooLarge},
    {"what is malformed and too large is malformed", PolicyType::kServiceControl, scp_of(10'241) + "}", kMalformed},
    {"an RCP", PolicyType::kResourceControl,
     R"({"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}})", kTaken},
    {"an RCP that allows everything is AWS's alone", PolicyType::kResourceControl,
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]})",
     kMalformed},
    {"an SCP where an RCP is to be", PolicyType::kResourceControl,
     R"({"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}})", kMalformed},
    {"an RCP of a service that RCPs do not limit", PolicyType::kResourceControl,
     R"({"Statement":{"Effect":"Deny","Principal":"*","Action":"ec2:*","Resource":"*"}})", kMalformed},

    {"a tag policy", PolicyType::kTag, R"({"tags":{"Team":{"tag_key":{"@@assign":"Team"}}}})", kTaken},
    {"one without tags", PolicyType::kTag, R"({"tags":{}})", kTaken},
    {"characters are counted, not bytes", PolicyType::kTag, tags_of(10'000), kTaken},
    {"one too many of them", PolicyType::kTag, tags_of(10'001), kTooLarge},
    {"another type's key", PolicyType::kTag, R"({"plans":{}})", kMalformed},
    {"a key in capitals", PolicyType::kTag, R"({"Tags":{}})", kMalformed},
    {"a second key", PolicyType::kTag, R"({"tags":{},"plans":{}})", kMalformed},
    {"no key", PolicyType::kTag, "{}", kMalformed},
    {"a list", PolicyType::kTag, R"(["tags"])", kMalformed},
    {"something behind it", PolicyType::kTag, R"({"tags":{}} x)", kMalformed},
    {"tags that are no object", PolicyType::kTag, R"({"tags":["a"]})", kMalformed},
    {"an operator for all tags", PolicyType::kTag, R"({"tags":{"@@assign":["a"]}})", kMalformed},
    {"an operator for one tag", PolicyType::kTag, R"({"tags":{"a":{"@@assign":"a"}}})", kMalformed},
    {"a key that tags do not have", PolicyType::kTag, R"({"tags":{"a":{"tag_name":{"@@assign":"a"}}}})", kMalformed},
    {"a key too deep", PolicyType::kTag, R"({"tags":{"a":{"tag_value":{"b":{"@@assign":"a"}}}}})", kMalformed},
    {"the same key in two cases", PolicyType::kTag, R"({"tags":{"a":{},"A":{}}})", kMalformed},
    {"a value without operator", PolicyType::kTag, R"({"tags":{"a":{"tag_key":"a"}}})", kMalformed},
    {"an operator that nobody knows", PolicyType::kTag, R"({"tags":{"a":{"tag_key":{"@@set":"a"}}}})", kMalformed},
    {"an operator in capitals", PolicyType::kTag, R"({"tags":{"a":{"tag_key":{"@@Assign":"a"}}}})", kMalformed},
    {"an operator twice", PolicyType::kTag, R"({"tags":{"a":{"tag_key":{"@@assign":"a","@@assign":"b"}}}})",
     kMalformed},
    {"a value to append that is no list", PolicyType::kTag, R"({"tags":{"a":{"tag_value":{"@@append":"a"}}}})",
     kMalformed},
    {"a value to remove that is no list", PolicyType::kTag, R"({"tags":{"a":{"tag_value":{"@@remove":"a"}}}})",
     kMalformed},
    {"an object as value", PolicyType::kTag, R"({"tags":{"a":{"tag_key":{"@@assign":{}}}}})", kMalformed},
    {"null as value", PolicyType::kTag, R"({"tags":{"a":{"tag_key":{"@@assign":null}}}})", kMalformed},
    {"a list in a list", PolicyType::kTag, R"({"tags":{"a":{"tag_value":{"@@assign":[["a"]]}}}})", kMalformed},
    {"all three, allowed below", PolicyType::kTag,
     R"({"tags":{"@@operators_allowed_for_child_policies":["@@assign","@@append","@@remove"]}})", kTaken},
    {"an operator that cannot be allowed", PolicyType::kTag,
     R"({"tags":{"@@operators_allowed_for_child_policies":["@@set"]}})", kMalformed},
    {"none together with one", PolicyType::kTag,
     R"({"tags":{"@@operators_allowed_for_child_policies":["@@none","@@assign"]}})", kMalformed},
    {"no operator at all", PolicyType::kTag, R"({"tags":{"@@operators_allowed_for_child_policies":[]}})", kMalformed},
    {"an operator outside of a list", PolicyType::kTag,
     R"({"tags":{"@@operators_allowed_for_child_policies":"@@all"}})", kMalformed},
    {"no UTF-8", PolicyType::kTag, "{\"tags\":{\"\xff\":{}}}", kMalformed},
    {"deeper than anything", PolicyType::kBackup,
     [] {
       std::string deep = R"({"plans":)";
       for (int i = 0; i < 100'000; ++i) deep += R"({"a":)";
       return deep;
     }(),
     kMalformed},

    {"opting out", PolicyType::kAiServicesOptOut,
     R"({"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}})", kTaken},
    {"opting out by appending", PolicyType::kAiServicesOptOut,
     R"({"services":{"default":{"opt_out_policy":{"@@append":["optOut"]}}}})", kMalformed},
    {"opting out of something else", PolicyType::kAiServicesOptOut,
     R"({"services":{"default":{"opt_in_policy":{"@@assign":"optOut"}}}})", kMalformed},
    {"a large one", PolicyType::kAiServicesOptOut, R"({"services":{}})" + std::string(2'500, ' '), kTooLarge},

    {"a backup plan", PolicyType::kBackup,
     R"({"plans":{"p":{"rules":{"r":{"lifecycle":{"delete_after_days":{"@@assign":"2"}}}}}}})", kTaken},
    {"chat", PolicyType::kChatbot, R"({"chatbot":{"platforms":{"slack":{"client":{"@@assign":"enabled"}}}}})", kTaken},
    {"attributes of EC2", PolicyType::kDeclarativeEc2,
     R"({"ec2_attributes":{"image_block_public_access":{"state":{"@@assign":"block_new_sharing"}}}})", kTaken},
    {"Security Hub", PolicyType::kSecurityHub,
     R"({"securityhub":{"enable_in_regions":{"@@append":["ALL_SUPPORTED"]}}})", kTaken},
    {"Inspector", PolicyType::kInspector,
     R"({"inspector":{"enablement":{"ec2_scanning":{"enable_in_regions":{"@@assign":["us-east-1"]}}}}})", kTaken},
    {"upgrades", PolicyType::kUpgradeRollout, R"({"upgrade_rollout":{"default":{"patch_order":{"@@assign":"last"}}}})",
     kTaken},
    {"Bedrock", PolicyType::kBedrock,
     R"({"bedrock":{"guardrail_inference":{"us-east-1":{"config_1":{"identifier":{"@@assign":"a"}}}}}})", kTaken},
    {"S3", PolicyType::kS3, R"({"s3_attributes":{"public_access_block_configuration":{"@@assign":"all"}}})", kTaken},
};

TEST(PolicyContentTest, EachTypeTakesItsDocuments) {
  for (const Case& c : kCases) {
    const auto checked = check_content(c.type, c.content);
    EXPECT_EQ(checked ? "" : checked.error().code(), c.code) << c.name;
  }
}

TEST(PolicyContentTest, RefusalsAreWordedAsAwsWordsThem) {
  EXPECT_EQ(check_content(PolicyType::kTag, "{}").error().message(),
            "The provided policy document does not meet the requirements of the specified policy type.");
  EXPECT_EQ(check_content(PolicyType::kTag, tags_of(10'001)).error().message(),
            "You have exceeded the maximum policy size.");
}

TEST(PolicyTypesTest, FactsAreOfTheirType) {
  for (std::uint32_t i = 1; i <= static_cast<std::uint32_t>(directory::kLastPolicyType); ++i) {
    const auto type = static_cast<PolicyType>(i);
    EXPECT_EQ(facts_of(type).type, type);
    EXPECT_EQ(facts_of(type).has_effective(), i > 2) << name_of(type);
    EXPECT_EQ(facts_of(type).least_attached, i > 2 ? 0U : 1U) << name_of(type);
  }
}

}  // namespace
}  // namespace deputy::organizations
