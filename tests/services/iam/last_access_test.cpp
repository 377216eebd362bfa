// Reports of last uses, and the policies that grant access to services: docs/wire.md, 5.9.
#include "protocol/iam/add_user_to_group.h"
#include "protocol/iam/attach_user_policy.h"
#include "protocol/iam/create_group.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/generate_organizations_access_report.h"
#include "protocol/iam/generate_service_last_accessed_details.h"
#include "protocol/iam/get_service_last_accessed_details.h"
#include "protocol/iam/get_service_last_accessed_details_with_entities.h"
#include "protocol/iam/list_policies_granting_service_access.h"
#include "protocol/iam/put_group_policy.h"
#include "protocol/iam/put_role_policy.h"
#include "protocol/iam/put_user_policy.h"
#include "services/iam/quotas.h"
#include "services/iam/service_access.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

std::string allow(const std::string& what) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)" + what + R"(,"Resource":"*"}]})";
}

class LastAccessTest : public testing::Test {
 protected:
  LastAccessTest() {
    world.must<shapes::CreateUser>({.path = "/dev/", .user_name = "bob"});
    world.must<shapes::CreateUser>({.user_name = "eve"});
    world.must<shapes::CreateGroup>({.group_name = "staff"});
    world.must<shapes::CreateRole>({.role_name = "deploy", .assume_role_policy_document = kTrustsA});
    for (const char* name : {"bob", "eve"}) {
      world.must<shapes::AddUserToGroup>({.group_name = "staff", .user_name = name});
    }
    world.must<shapes::PutUserPolicy>(
        {.user_name = "bob", .policy_name = "own", .policy_document = allow(R"("Action":["IAM:Get*","ec2:*"])")});
    world.must<shapes::PutGroupPolicy>(
        {.group_name = "staff", .policy_name = "team", .policy_document = allow(R"("Action":"s3:List*")")});
    world.must<shapes::PutRolePolicy>({.role_name = "deploy", .policy_name = "all", .policy_document = kAllowAll});
  }

  void call(const std::string& user, const char* service, const char* action) {
    const auto& id = world.snapshot().user(*AccountId::parse(kA), user)->id;
    world.usage.called(id.str(), world.now, "eu-west-1", service, action);
  }
  std::string generate(const std::string& arn, const std::string& granularity = "SERVICE_LEVEL", const Who& who = {}) {
    return *world.must<shapes::GenerateServiceLastAccessedDetails>({.arn = arn, .granularity = granularity}, who)
                .job_id;
  }
  auto read(const std::string& job) { return world.must<shapes::GetServiceLastAccessedDetails>({.job_id = job}); }

  World world;
};

TEST_F(LastAccessTest, AReportListsWhatPoliciesReachUsedOrNot) {
  call("bob", "iam", "GetUser");
  const auto got = read(generate(arn("user/dev/bob")));
  EXPECT_EQ(got.job_status, "COMPLETED");
  EXPECT_EQ(got.job_type, "SERVICE_LEVEL");
  EXPECT_EQ(got.job_creation_date, world.now);
  ASSERT_EQ(got.services_last_accessed.size(), 2U);
  const auto& iam = got.services_last_accessed[0];
  EXPECT_EQ(iam.service_namespace, "iam");
  EXPECT_EQ(iam.service_name, "AWS Identity and Access Management");
  EXPECT_EQ(iam.last_authenticated, world.now);
  EXPECT_EQ(iam.last_authenticated_entity, arn("user/dev/bob"));
  EXPECT_EQ(iam.last_authenticated_region, "eu-west-1");
  EXPECT_EQ(iam.total_authenticated_entities, 1);
  EXPECT_FALSE(iam.tracked_actions_last_accessed);
  const auto& s3 = got.services_last_accessed[1];
  EXPECT_EQ(s3.service_namespace, "s3");
  EXPECT_FALSE(s3.last_authenticated || s3.last_authenticated_entity || s3.last_authenticated_region);
  EXPECT_EQ(s3.total_authenticated_entities, 0);
}

TEST_F(LastAccessTest, AGroupsReportTellsOfItsMembers) {
  call("bob", "s3", "ListBuckets");
  world.now += std::chrono::minutes(5);
  call("eve", "s3", "ListBuckets");
  const auto got = read(generate(arn("group/staff"), "ACTION_LEVEL"));
  EXPECT_EQ(got.job_type, "ACTION_LEVEL");
  ASSERT_EQ(got.services_last_accessed.size(), 1U);
  const auto& s3 = got.services_last_accessed[0];
  EXPECT_EQ(s3.total_authenticated_entities, 2);
  EXPECT_EQ(s3.last_authenticated_entity, arn("user/eve"));
  ASSERT_EQ(s3.tracked_actions_last_accessed->size(), 1U);
  EXPECT_EQ(s3.tracked_actions_last_accessed->front().action_name, "ListBuckets");
  EXPECT_EQ(s3.tracked_actions_last_accessed->front().last_accessed_entity, arn("user/eve"));
  const auto entities = world.must<shapes::GetServiceLastAccessedDetailsWithEntities>(
      {.job_id = generate(arn("group/staff")), .service_namespace = "s3"});
  ASSERT_EQ(entities.entity_details_list.size(), 2U);
  EXPECT_EQ(entities.entity_details_list[0].entity_info.name, "eve");
  EXPECT_EQ(entities.entity_details_list[1].entity_info.arn, arn("user/dev/bob"));
  EXPECT_EQ(entities.entity_details_list[1].entity_info.type, "USER");
}

TEST_F(LastAccessTest, APolicysReportTellsOfWhoHasIt) {
  const std::string policy = "arn:aws:iam::aws:policy/IAMReadOnlyAccess";
  world.must<shapes::AttachUserPolicy>({.user_name = "eve", .policy_arn = policy});
  call("bob", "iam", "GetUser");
  const std::string job = generate(policy);
  const auto got = read(job);
  ASSERT_EQ(got.services_last_accessed.size(), 1U);
  EXPECT_EQ(got.services_last_accessed[0].total_authenticated_entities, 0);
  const auto entities =
      world.must<shapes::GetServiceLastAccessedDetailsWithEntities>({.job_id = job, .service_namespace = "iam"});
  ASSERT_EQ(entities.entity_details_list.size(), 1U);
  EXPECT_EQ(entities.entity_details_list[0].entity_info.name, "eve");
  EXPECT_FALSE(entities.entity_details_list[0].last_authenticated);
}

TEST_F(LastAccessTest, UsesAreToldFor400Days) {
  call("bob", "iam", "GetUser");
  world.now += std::chrono::hours(24 * 400);
  EXPECT_EQ(read(generate(arn("user/dev/bob"))).services_last_accessed[0].total_authenticated_entities, 1);
  world.now += std::chrono::minutes(1);
  EXPECT_EQ(read(generate(arn("user/dev/bob"))).services_last_accessed[0].total_authenticated_entities, 0);
}

TEST_F(LastAccessTest, AReportIsItsMakers) {
  world.must<shapes::PutUserPolicy>({.user_name = "eve", .policy_name = "all", .policy_document = kAllowAll});
  const std::string job = generate(arn("user/dev/bob"), "SERVICE_LEVEL", user("eve"));
  const std::string gone = "The report with job id " + job + " cannot be found.";
  EXPECT_TRUE(missing(world.call<shapes::GetServiceLastAccessedDetails>({.job_id = job}), gone));
  EXPECT_TRUE(world.call<shapes::GetServiceLastAccessedDetails>({.job_id = job}, user("eve")).ok());
  for (std::size_t i = 0; i < quotas::kAccessReports; ++i) generate(arn("user/dev/bob"));
  EXPECT_TRUE(missing(world.call<shapes::GetServiceLastAccessedDetails>({.job_id = job}, user("eve")), gone));
}

TEST_F(LastAccessTest, WhatIsNotThereHasNoReport) {
  const auto ask = [&](const std::string& what) {
    return world.call<shapes::GenerateServiceLastAccessedDetails>({.arn = what});
  };
  EXPECT_TRUE(missing(ask(arn("user/nobody")), "The user with name nobody cannot be found."));
  EXPECT_TRUE(missing(ask(arn("user/bob")), "The user with name bob cannot be found."));  // its path is /dev/
  EXPECT_TRUE(missing(ask(arn("policy/none")), "Policy " + arn("policy/none") + " was not found."));
  for (const std::string& bad : {arn("user/bob", kB), arn("mfa/phone"), std::string("arn:aws:s3:::a-bucket-of-mine")}) {
    EXPECT_TRUE(refused(ask(bad), "InvalidInput", 400, "ARN " + bad + " is not valid.")) << bad;
  }
}

TEST_F(LastAccessTest, PoliciesAreListedByTheServiceThatTheyGrant) {
  const std::string managed = "arn:aws:iam::aws:policy/IAMReadOnlyAccess";
  world.must<shapes::AttachUserPolicy>({.user_name = "bob", .policy_arn = managed});
  const auto got = world.must<shapes::ListPoliciesGrantingServiceAccess>(
      {.arn = arn("user/dev/bob"), .service_namespaces = {"s3", "iam", "lambda"}});
  EXPECT_EQ(got.is_truncated, false);
  ASSERT_EQ(got.policies_granting_service_access.size(), 3U);
  const auto& iam = *got.policies_granting_service_access[0].policies;
  ASSERT_EQ(iam.size(), 2U);
  EXPECT_EQ(iam[0].policy_name, "own");
  EXPECT_EQ(iam[0].policy_type, "INLINE");
  EXPECT_EQ(iam[0].entity_type, "USER");
  EXPECT_EQ(iam[0].entity_name, "bob");
  EXPECT_EQ(iam[1].policy_arn, managed);
  EXPECT_EQ(iam[1].policy_type, "MANAGED");
  EXPECT_FALSE(iam[1].entity_type || iam[1].entity_name);
  EXPECT_TRUE(got.policies_granting_service_access[1].policies->empty());
  const auto& s3 = *got.policies_granting_service_access[2].policies;
  ASSERT_EQ(s3.size(), 1U);
  EXPECT_EQ(s3[0].entity_type, "GROUP");
  EXPECT_EQ(s3[0].entity_name, "staff");
}

TEST_F(LastAccessTest, WhichPoliciesGrantWhat) {
  struct Case {
    const char* statement;
    bool iam, s3;
  };
  const Case cases[] = {
      {R"("Action":"*")", true, true},
      {R"("Action":"iam:*")", true, false},
      {R"("Action":"I?M:GetUser")", true, false},
      {R"("Action":"i*:GetUser")", true, false},
      {R"("Action":"s3-outposts:*")", false, false},
      {R"("NotAction":"iam:*")", false, true},
      {R"("NotAction":"iam:Get*")", true, true},
      {R"("NotAction":["s3:*","iam:CreateUser"])", true, false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(grants_access(allow(c.statement), "iam"), c.iam) << c.statement;
    EXPECT_EQ(grants_access(allow(c.statement), "s3"), c.s3) << c.statement;
  }
  EXPECT_FALSE(grants_access(R"({"Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]})", "iam"));
}

TEST_F(LastAccessTest, OnlyAManagementAccountAsksForAnOrganization) {
  EXPECT_TRUE(refused(world.call<shapes::GenerateOrganizationsAccessReport>({.entity_path = "o-a1b2c3d4e5/r-ab12"}),
                      "AccessDenied", 403, "You don't have permissions to access this resource."));
}

}  // namespace
}  // namespace deputy::iam
