// What an administrator may know of a refusal, and what not.
#include <gtest/gtest.h>
#include <simdjson.h>

#include "authz/world.h"

namespace deputy::authz {
namespace {

using simdjson::dom::element;

const char* const kTrustsB =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]})";

class DenialFactsTest : public ::testing::Test {
 protected:
  element facts(const directory::Caller& caller, const Access& access) {
    const Circumstances how{
        .now = world.now, .source_ip = "203.0.113.7", .user_agent = agent, .referer = {}, .region = "us-east-1"};
    const auto snapshot = directory::Snapshot::empty({});
    text.clear();
    EXPECT_FALSE(authorize(caller, {{access}}, how, *snapshot, Wording::kStandard, &text));
    return parser.parse(text);
  }
  void give_alice(std::string document) {
    auto compiled = policy::compile(document, policy::Kind::kIdentity);
    ASSERT_TRUE(compiled) << compiled.error().message;
    world.alice.inline_policies = {{"p", directory::PolicyText(std::move(document), *compiled)}};
  }
  static std::string_view at(element json, const char* pointer) {
    return json.at_pointer(pointer).get_string().value();
  }

  World world;
  std::string agent, text;
  simdjson::dom::parser parser;
};

TEST_F(DenialFactsTest, AnExplicitDenyNamesItsStatement) {
  give_alice(R"({"Version":"2012-10-17","Statement":[
      {"Effect":"Allow","Action":"*","Resource":"*"},
      {"Sid":"NotAtNight","Effect":"Deny","Action":["iam:*","s3:*"],"Resource":"*",
       "Condition":{"StringEquals":{"aws:PrincipalTag/Team":["blue","red"]}}}]})");
  const element json =
      facts(world.caller("user"), {.action = policy::Action("iam:GetRole"), .resource = "*", .owner = {}});
  EXPECT_FALSE(json["allowed"].get_bool().value());
  EXPECT_TRUE(json["explicitDeny"].get_bool().value());
  EXPECT_EQ(at(json, "/matchedStatements/items/0/statementId"), "NotAtNight");
  EXPECT_EQ(at(json, "/matchedStatements/items/0/effect"), "DENY");
  EXPECT_EQ(at(json, "/matchedStatements/items/0/actions/items/1/value"), "s3:*");
  EXPECT_EQ(at(json, "/matchedStatements/items/0/conditions/items/0/values/items/1/value"), "red");
  EXPECT_EQ(at(json, "/context/principal/id"), "AIDAAAAAAAAAAAAAAAAAA");
  EXPECT_EQ(at(json, "/context/principal/arn"), "arn:aws:iam::111111111111:user/team/alice");
  EXPECT_EQ(at(json, "/context/action"), "iam:GetRole");
  EXPECT_EQ(at(json, "/context/resource"), "*");
  EXPECT_EQ(at(json, "/context/conditions/items/0/key"), "aws:PrincipalArn");
}

TEST_F(DenialFactsTest, AMissingAllowMatchesNothing) {
  const element json =
      facts(world.caller("user"), {.action = policy::Action("iam:GetRole"), .resource = "*", .owner = {}});
  EXPECT_FALSE(json["explicitDeny"].get_bool().value());
  EXPECT_EQ(json.at_pointer("/matchedStatements/items").get_array().value().size(), 0U);
}

TEST_F(DenialFactsTest, WhatAnotherAccountDecidedIsNotTold) {
  const auto trust = policy::compile(kTrustsB, policy::Kind::kTrust);
  ASSERT_TRUE(trust);
  const directory::Tags tags{{"Secret", "project"}};
  Access access{.action = policy::Action("sts:AssumeRole"),
                .resource = "arn:aws:iam::222222222222:role/R",
                .owner = *AccountId::parse("222222222222"),
                .resource_policy = trust->get(),
                .resource_kind = policy::ResourceKind::kTrust,
                .resource_tags = &tags};
  EXPECT_FALSE(facts(world.caller("user"), access)["explicitDeny"].get_bool().value());
  EXPECT_EQ(text.find("Secret"), std::string::npos);
  access.owner = world.state.account.id;
  EXPECT_TRUE(facts(world.caller("user"), access)["explicitDeny"].get_bool().value());
  EXPECT_NE(text.find("Secret"), std::string::npos);
}

TEST_F(DenialFactsTest, StaysShortWhateverIsSent) {
  agent = std::string(15000, '"');
  Access access{.action = policy::Action("iam:TagRole"), .resource = "*", .owner = {}};
  for (int i = 0; i < 50; ++i) access.request_tags.push_back({"key" + std::to_string(i), std::string(256, '\\')});
  facts(world.caller("user"), access);
  EXPECT_LT(text.size(), 7000U);
}

TEST_F(DenialFactsTest, WhoHasNoAccountHasNobodyToTell) {
  const Circumstances how{.now = world.now, .source_ip = {}, .user_agent = {}, .referer = {}, .region = {}};
  const auto snapshot = directory::Snapshot::empty({});
  const Access access{.action = policy::Action("s3:ListBucket"),
                      .resource = "arn:aws:s3:::b",
                      .owner = *AccountId::parse("222222222222")};
  EXPECT_FALSE(authorize(world.caller("anonymous"), {{access}}, how, *snapshot, Wording::kS3, &text));
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace deputy::authz
