#include "catalog/actions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace deputy::catalog {
namespace {

TEST(ActionsTest, ServicesAndTheirActionsAreSortedAndUnique) {
  std::string_view before;
  for (const ServiceActions& service : services_with_actions()) {
    EXPECT_LT(before, service.prefix);
    before = service.prefix;
    const auto actions = actions_of(service);
    EXPECT_FALSE(actions.empty()) << service.prefix;
    EXPECT_TRUE(std::is_sorted(actions.begin(), actions.end())) << service.prefix;
    EXPECT_EQ(std::adjacent_find(actions.begin(), actions.end()), actions.end()) << service.prefix;
  }
}

TEST(ActionsTest, TheServicesOfThisServerAreThere) {
  for (const char* action : {"sts:AssumeRole", "sts:TagSession", "iam:PassRole", "iam:CreateRole", "s3:GetObject",
                             "s3:ListAllMyBuckets", "organizations:CreateAccount", "kms:Decrypt", "sqs:SendMessage"}) {
    EXPECT_TRUE(covers_an_action(action)) << action;
  }
}

TEST(ActionsTest, PatternsIgnoreCaseAndTakeWildcardsAnywhere) {
  for (const char* pattern :
       {"*", "*:*", "S3:getobject", "s3:*", "s3:Get*", "s3:*Object", "s3:?etObject", "s3:*Ob*Tag*"})
    EXPECT_TRUE(covers_an_action(pattern)) << pattern;
  for (const char* pattern :
       {"", "s3", "s3:", "s3:GetObjct", "s33:GetObject", "s3:?GetObject", "s3:Got*", "*:GetObject"})
    EXPECT_FALSE(covers_an_action(pattern)) << pattern;
}

TEST(ActionsTest, TheServicesOfANameAreFound) {
  EXPECT_THAT(actions_named("putlogevents"), ::testing::Contains("logs:PutLogEvents"));
  EXPECT_THAT(actions_named("AssumeRoleWithSAML"), ::testing::ElementsAre("sts:AssumeRoleWithSAML"));
  EXPECT_THAT(actions_named("NoSuchThing"), ::testing::IsEmpty());
}

}  // namespace
}  // namespace deputy::catalog
