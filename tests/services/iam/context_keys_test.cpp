// Which context keys policies refer to.
#include "protocol/iam/add_user_to_group.h"
#include "protocol/iam/attach_user_policy.h"
#include "protocol/iam/create_group.h"
#include "protocol/iam/create_policy.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/get_context_keys_for_custom_policy.h"
#include "protocol/iam/get_context_keys_for_principal_policy.h"
#include "protocol/iam/put_group_policy.h"
#include "protocol/iam/put_role_policy.h"
#include "protocol/iam/put_user_policy.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

using Names = std::optional<std::vector<std::string>>;
using OfCustom = shapes::GetContextKeysForCustomPolicy;
using OfPrincipal = shapes::GetContextKeysForPrincipalPolicy;

std::string with_condition(const std::string& condition, const std::string& resource = "*",
                           const std::string& version = "2012-10-17") {
  return R"({"Version":")" + version + R"(","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":")" +
         resource + R"(","Condition":{)" + condition + "}}]}";
}
const std::string kOnIp = with_condition(R"("IpAddress":{"aws:SourceIp":"10.0.0.0/8"})");

Names named(std::vector<std::string> keys) { return keys; }

Names keys_of(World& world, std::vector<std::string> policies) {
  return world.must<OfCustom>({.policy_input_list = std::move(policies)}).context_key_names;
}

TEST(ContextKeysTest, ConditionsAndVariablesNameThemInTheOrderOfTheDocument) {
  World world;
  EXPECT_EQ(keys_of(world, {with_condition(R"("DateGreaterThan":{"aws:CurrentTime":"2015-08-16T12:00:00Z"},)"
                                           R"("StringLike":{"s3:prefix":"home/${aws:PrincipalTag/team, 'none'}/*"})",
                                           "arn:aws:s3:::bucket/${aws:username}/${*}${?}${$}")}),
            (named({"aws:username", "aws:CurrentTime", "s3:prefix", "aws:PrincipalTag/team"})));
}

TEST(ContextKeysTest, EachIsNamedOnceAsItIsFirstWritten) {
  World world;
  EXPECT_EQ(keys_of(world, {kOnIp, with_condition(R"("NotIpAddress":{"AWS:sourceip":"10.1.0.0/16"})")}),
            named({"aws:SourceIp"}));
  EXPECT_EQ(keys_of(world, {kAllowAll}), named({}));
}

TEST(ContextKeysTest, TheOldLanguageHasNoVariables) {
  World world;
  EXPECT_EQ(keys_of(world, {with_condition(R"("StringEquals":{"aws:UserAgent":"${aws:username}"})",
                                           "arn:aws:s3:::bucket/${aws:username}", "2008-10-17")}),
            named({"aws:UserAgent"}));
}

TEST(ContextKeysTest, WhatIsNoPolicyIsRefused) {
  World world;
  for (const char* text : {"{", "[]", R"({"Statement":1})"}) {
    const auto result = world.call<OfCustom>({.policy_input_list = {text}});
    ASSERT_FALSE(result.ok()) << text;
    EXPECT_EQ(result.error().code(), "InvalidInput");
    EXPECT_FALSE(result.error().message().empty());
  }
}

TEST(ContextKeysTest, AUsersPoliciesAreThoseOfItsGroupsToo) {
  World world;
  world.must<shapes::CreateUser>({.path = "/dev/", .user_name = "bob"});
  world.must<shapes::CreateGroup>({.group_name = "ops"});
  world.must<shapes::AddUserToGroup>({.group_name = "ops", .user_name = "bob"});
  world.must<shapes::PutUserPolicy>({.user_name = "bob", .policy_name = "p", .policy_document = kOnIp});
  world.must<shapes::PutGroupPolicy>({.group_name = "ops",
                                      .policy_name = "g",
                                      .policy_document = with_condition(R"("Bool":{"aws:SecureTransport":"true"})")});
  const auto own = *world
                        .must<shapes::CreatePolicy>(
                            {.policy_name = "own",
                             .policy_document = with_condition(R"("StringEquals":{"aws:RequestedRegion":"x"})")})
                        .policy->arn;
  world.must<shapes::AttachUserPolicy>({.user_name = "bob", .policy_arn = own});
  EXPECT_EQ(world.must<OfPrincipal>({.policy_source_arn = arn("user/dev/bob")}).context_key_names,
            (named({"aws:SourceIp", "aws:RequestedRegion", "aws:SecureTransport"})));
  EXPECT_EQ(world.must<OfPrincipal>({.policy_source_arn = arn("group/ops")}).context_key_names,
            named({"aws:SecureTransport"}));
  EXPECT_EQ(world
                .must<OfPrincipal>({.policy_source_arn = arn("group/ops"),
                                    .policy_input_list = {with_condition(R"("Null":{"aws:TokenIssueTime":"true"})")}})
                .context_key_names,
            (named({"aws:SecureTransport", "aws:TokenIssueTime"})));
}

TEST(ContextKeysTest, ARolesTrustPolicyIsNotAmongThem) {
  World world;
  world.must<shapes::CreateRole>({.role_name = "r", .assume_role_policy_document = kTrustsA});
  world.must<shapes::PutRolePolicy>({.role_name = "r", .policy_name = "p", .policy_document = kOnIp});
  EXPECT_EQ(world.must<OfPrincipal>({.policy_source_arn = arn("role/r")}).context_key_names, named({"aws:SourceIp"}));
}

TEST(ContextKeysTest, AnArnThatNamesNobodyIsRefused) {
  World world;
  for (const std::string& source : {std::string("arn:aws:sts::111111111111:assumed-role/r/s"), arn("policy/p"),
                                    arn("root"), arn("user/bob", kB), std::string("not an arn at all at all")}) {
    EXPECT_TRUE(refused(world.call<OfPrincipal>({.policy_source_arn = source}), "InvalidInput", 400,
                        "Invalid Entity Arn: " + source + " does not clearly define entity type and name."));
  }
  EXPECT_TRUE(missing(world.call<OfPrincipal>({.policy_source_arn = arn("user/nobody")}),
                      "The user with name nobody cannot be found."));
  EXPECT_TRUE(missing(world.call<OfPrincipal>({.policy_source_arn = arn("role/nobody")}),
                      "The role with name nobody cannot be found."));
}

TEST(ContextKeysTest, PermissionIsAskedOnThePrincipal) {
  World world;
  world.must<shapes::CreateUser>({.path = "/dev/", .user_name = "bob"});
  const auto asked = world.accesses<OfPrincipal>({.policy_source_arn = arn("user/dev/bob")});
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].resource, arn("user/dev/bob"));
  EXPECT_FALSE(world.call<OfCustom>({.policy_input_list = {kAllowAll}}, user("bob")).ok());
}

}  // namespace
}  // namespace deputy::iam
