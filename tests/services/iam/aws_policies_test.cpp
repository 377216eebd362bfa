#include "services/iam/aws_policies.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "catalog/managed_policies.h"
#include "directory/snapshot.h"

namespace deputy::iam {
namespace {

TEST(AwsPoliciesTest, EveryDocumentCompiles) {
  std::set<std::string> compiled;
  directory::AwsPolicies(aws_policies()).each([&](const directory::ManagedPolicy& policy) {
    EXPECT_NE(policy.current().document.compiled(), nullptr) << policy.name;
    compiled.insert(policy.name);
  });
  for (const auto& facts : catalog::aws_managed_policies()) {
    EXPECT_TRUE(compiled.contains(std::string(facts.name()))) << facts.name() << " does not compile";
  }
}

TEST(AwsPoliciesTest, AreFoundByTheirArnWithThePath) {
  const auto snapshot = directory::Snapshot::empty(aws_policies());
  for (const char* arn : {"arn:aws:iam::aws:policy/AdministratorAccess",
                          "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
                          "arn:aws:iam::aws:policy/job-function/Billing"}) {
    const auto* policy = snapshot->policy_by_arn(arn);
    ASSERT_NE(policy, nullptr) << arn;
    EXPECT_TRUE(policy->aws);
    EXPECT_EQ(policy->arn(), arn);
  }
  EXPECT_EQ(snapshot->policy_by_arn("arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole"), nullptr);
}

TEST(AwsPoliciesTest, TheirOneVersionHasAwsNumber) {
  directory::AwsPolicies(aws_policies()).each([](const directory::ManagedPolicy& policy) {
    ASSERT_EQ(policy.versions.size(), 1U);
    EXPECT_EQ(policy.versions[0].number, policy.default_version);
    EXPECT_GT(policy.next_version, policy.default_version);
    EXPECT_LE(policy.created, policy.updated) << policy.name;
  });
}

TEST(AwsPoliciesTest, EachIsFoundByTheArnThatItSays) {
  const directory::AwsPolicies policies(aws_policies());
  std::size_t seen = 0;
  policies.scan("", [&](std::string_view arn, const directory::ManagedPolicy& policy) {
    EXPECT_EQ(policies.get(arn), &policy);
    EXPECT_EQ(policy.arn(), arn);
    return ++seen < policies.size();
  });
  EXPECT_EQ(seen, catalog::aws_managed_policies().size());
}

}  // namespace
}  // namespace deputy::iam
