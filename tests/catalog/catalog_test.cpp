#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/unique_id.h"
#include "catalog/managed_policies.h"
#include "catalog/service_linked_roles.h"
#include "policy/principal_names.h"

namespace deputy::catalog {
namespace {

const AwsManagedPolicy* find(std::string_view name) {
  const auto all = aws_managed_policies();
  const auto at = std::find_if(all.begin(), all.end(), [&](const auto& policy) { return policy.name() == name; });
  return at == all.end() ? nullptr : &*at;
}

TEST(ManagedPoliciesTest, HoldsAllThatAwsHasUnderItsPath) {
  EXPECT_GE(aws_managed_policies().size(), 1485U);
  struct Case {
    const char* name;
    const char* path;
  };
  constexpr Case kCases[] = {
      {"AdministratorAccess", "/"},
      {"ReadOnlyAccess", "/"},
      {"AmazonSSMManagedInstanceCore", "/"},
      {"AWSLambda_FullAccess", "/"},
      {"AIDevOpsAgentAccessPolicy", "/"},  // one of those that nobody attaches every day
      {"AWSLambdaBasicExecutionRole", "/service-role/"},
      {"AWSBackupServiceRolePolicyForBackup", "/service-role/"},
      {"Billing", "/job-function/"},
      {"ViewOnlyAccess", "/job-function/"},
      {"S3UnlockBucketPolicy", "/root-task/"},
      {"AmazonECSServiceRolePolicy", "/aws-service-role/"},
  };
  for (const Case& expected : kCases) {
    ASSERT_NE(find(expected.name), nullptr) << expected.name;
    EXPECT_EQ(find(expected.name)->path(), expected.path) << expected.name;
  }
}

TEST(ManagedPoliciesTest, CarriesTheFactsThatAwsPublishes) {
  const AwsManagedPolicy& admin = *find("AdministratorAccess");
  EXPECT_EQ(admin.version, 1U);
  EXPECT_EQ(admin.created, 1423247986);  // 2015-02-06T18:39:46Z
  EXPECT_STREQ(admin.id, "ANPAIWMBCKSKIEE64ZLYK");
  EXPECT_EQ(aws_policy_document(admin),
            R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})");
  EXPECT_GT(find("ReadOnlyAccess")->version, 100U);
}

TEST(ManagedPoliciesTest, ArnsAreSortedAndIdsAreUnique) {
  const auto all = aws_managed_policies();
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                             [](const auto& a, const auto& b) { return a.path_and_name() < b.path_and_name(); }));
  std::set<std::string_view> ids;
  for (const AwsManagedPolicy& policy : all) {
    EXPECT_TRUE(UniqueId::parse(policy.id)) << policy.name();
    EXPECT_TRUE(policy.path().starts_with('/') && policy.path().ends_with('/')) << policy.name();
    ids.insert(policy.id);
  }
  EXPECT_EQ(ids.size(), all.size());
}

TEST(ManagedPoliciesTest, EveryDocumentIsUnpackedWhole) {
  std::size_t all = 0;
  for (const AwsManagedPolicy& policy : aws_managed_policies()) {
    const std::string document = aws_policy_document(policy);
    EXPECT_TRUE(document.starts_with(R"({"Version":")") && document.ends_with("}")) << policy.name();
    all += document.size();
  }
  EXPECT_GT(all, 3'000'000U);
}

TEST(CatalogTest, ServiceLinkedRolesAreSortedAndTheirPoliciesKnown) {
  const auto all = service_linked_roles();
  EXPECT_TRUE(
      std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.service < b.service; }));
  for (const ServiceLinkedRole& role : all) {
    EXPECT_EQ(service_linked_role(role.service), &role);
    EXPECT_TRUE(policy::is_service_principal(role.service)) << role.service;
    EXPECT_TRUE(role.role.starts_with("AWSServiceRoleFor") && role.role.size() <= 64) << role.role;
    const AwsManagedPolicy* policy = find(role.policy);
    ASSERT_NE(policy, nullptr) << role.policy;
    EXPECT_EQ(policy->path(), "/aws-service-role/") << role.policy;
  }
  EXPECT_EQ(service_linked_role("ec2.amazonaws.com"), nullptr);
}

}  // namespace
}  // namespace deputy::catalog
