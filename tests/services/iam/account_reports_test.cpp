// What an account tells of itself: authorization details and credential reports (docs/wire.md, 5.2 and 5.6).
#include "protocol/iam/add_role_to_instance_profile.h"
#include "protocol/iam/add_user_to_group.h"
#include "protocol/iam/attach_group_policy.h"
#include "protocol/iam/attach_role_policy.h"
#include "protocol/iam/attach_user_policy.h"
#include "protocol/iam/create_access_key.h"
#include "protocol/iam/create_group.h"
#include "protocol/iam/create_instance_profile.h"
#include "protocol/iam/create_login_profile.h"
#include "protocol/iam/create_policy.h"
#include "protocol/iam/create_policy_version.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/generate_credential_report.h"
#include "protocol/iam/get_account_authorization_details.h"
#include "protocol/iam/get_account_summary.h"
#include "protocol/iam/get_credential_report.h"
#include "protocol/iam/put_group_policy.h"
#include "protocol/iam/put_user_permissions_boundary.h"
#include "protocol/iam/put_user_policy.h"
#include "protocol/iam/update_access_key.h"
#include "protocol/iam/update_account_password_policy.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

using Details = shapes::GetAccountAuthorizationDetails;

constexpr const char* kReadOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
constexpr const char* kS3 = "arn:aws:iam::aws:policy/AmazonS3FullAccess";

class DetailsTest : public testing::Test {
 protected:
  DetailsTest() {
    world.must<shapes::CreateUser>({.path = "/dev/", .user_name = "bob", .tags = {{"Team", "a"}}});
    world.must<shapes::CreateUser>({.user_name = "eve"});
    world.must<shapes::CreateGroup>({.group_name = "ops"});
    world.must<shapes::AddUserToGroup>({.group_name = "ops", .user_name = "bob"});
    world.must<shapes::CreateRole>({.role_name = "deploy", .assume_role_policy_document = kTrustsA});
    world.must<shapes::CreateInstanceProfile>({.instance_profile_name = "machine"});
    world.must<shapes::AddRoleToInstanceProfile>({.instance_profile_name = "machine", .role_name = "deploy"});
    own = *world.must<shapes::CreatePolicy>({.policy_name = "own", .policy_document = kAllowAll, .description = "d"})
               .policy->arn;
    world.must<shapes::CreatePolicyVersion>({.policy_arn = own, .policy_document = kDeny, .set_as_default = true});
    world.must<shapes::PutUserPolicy>({.user_name = "bob", .policy_name = "p", .policy_document = kAllowAll});
    world.must<shapes::PutGroupPolicy>({.group_name = "ops", .policy_name = "g", .policy_document = kDeny});
    world.must<shapes::AttachUserPolicy>({.user_name = "bob", .policy_arn = own});
    world.must<shapes::AttachRolePolicy>({.role_name = "deploy", .policy_arn = kReadOnly});
    world.must<shapes::PutUserPermissionsBoundary>({.user_name = "eve", .permissions_boundary = kS3});
  }

  Details::Output details(std::vector<std::string> filter = {}) {
    return world.must<Details>({.filter = std::move(filter)});
  }

  static constexpr const char* kDeny =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]})";
  World world;
  std::string own;
};

TEST_F(DetailsTest, UsersShowTheirPoliciesGroupsAndBoundary) {
  const auto users = *details().user_detail_list;
  ASSERT_EQ(users.size(), 2U);
  EXPECT_EQ(users[0].arn, arn("user/dev/bob"));
  EXPECT_EQ(users[0].path, "/dev/");
  ASSERT_EQ(users[0].user_policy_list->size(), 1U);
  EXPECT_EQ(users[0].user_policy_list->front().policy_name, "p");
  EXPECT_EQ(users[0].user_policy_list->front().policy_document, kAllowAll);
  EXPECT_EQ(users[0].group_list, std::vector<std::string>{"ops"});
  EXPECT_EQ(users[0].attached_managed_policies->front().policy_arn, own);
  EXPECT_FALSE(users[0].permissions_boundary);
  EXPECT_EQ(users[0].tags->front().key, "Team");
  EXPECT_EQ(users[1].permissions_boundary->permissions_boundary_arn, kS3);
  EXPECT_FALSE(users[1].user_policy_list) << "of users alone: left out";
}

TEST_F(DetailsTest, GroupsAndRolesShowTheirs) {
  const auto all = details();
  ASSERT_EQ(all.group_detail_list->size(), 1U);
  EXPECT_EQ(all.group_detail_list->front().group_policy_list->front().policy_document, kDeny);
  ASSERT_EQ(all.role_detail_list->size(), 1U);
  const auto& role = all.role_detail_list->front();
  EXPECT_EQ(role.assume_role_policy_document, kTrustsA);
  EXPECT_EQ(role.attached_managed_policies->front().policy_name, "ReadOnlyAccess");
  ASSERT_EQ(role.instance_profile_list->size(), 1U);
  EXPECT_EQ(role.instance_profile_list->front().arn, arn("instance-profile/machine"));
  EXPECT_EQ(role.instance_profile_list->front().roles.front().role_name, "deploy");
  ASSERT_TRUE(role.role_last_used);
  EXPECT_FALSE(role.role_last_used->last_used_date);
  world.usage.used(world.snapshot().role(*AccountId::parse(kA), "deploy")->id.str(), world.now, "eu-west-1", "s3");
  EXPECT_EQ(details().role_detail_list->front().role_last_used->region, "eu-west-1");
}

TEST_F(DetailsTest, PoliciesShowAllVersionsAndOnlyThoseOfAwsThatAreInUse) {
  const auto policies = *details().policies;
  ASSERT_EQ(policies.size(), 3U);
  EXPECT_EQ(policies[0].arn, own);
  EXPECT_EQ(policies[0].default_version_id, "v2");
  EXPECT_EQ(policies[0].attachment_count, 1);
  EXPECT_EQ(policies[0].description, "d");
  ASSERT_EQ(policies[0].policy_version_list->size(), 2U);
  EXPECT_EQ(policies[0].policy_version_list->at(0).version_id, "v2");
  EXPECT_EQ(policies[0].policy_version_list->at(0).document, kDeny);
  EXPECT_EQ(policies[0].policy_version_list->at(0).is_default_version, std::optional(true));
  EXPECT_EQ(policies[0].policy_version_list->at(1).document, kAllowAll);
  EXPECT_EQ(policies[1].arn, kS3);
  EXPECT_EQ(policies[1].permissions_boundary_usage_count, 1);
  EXPECT_EQ(policies[2].arn, kReadOnly);
}

TEST_F(DetailsTest, AFilterLeavesTheOtherListsEmpty) {
  const auto counts = [&](std::vector<std::string> filter) {
    const auto all = details(std::move(filter));
    return std::vector{all.user_detail_list->size(), all.group_detail_list->size(), all.role_detail_list->size(),
                       all.policies->size()};
  };
  EXPECT_EQ(counts({"User"}), (std::vector<std::size_t>{2, 0, 0, 0}));
  EXPECT_EQ(counts({"Role", "Group"}), (std::vector<std::size_t>{0, 1, 1, 0}));
  EXPECT_EQ(counts({"LocalManagedPolicy"}), (std::vector<std::size_t>{0, 0, 0, 1}));
  EXPECT_EQ(counts({"AWSManagedPolicy"}), (std::vector<std::size_t>{0, 0, 0, 2}));
}

TEST_F(DetailsTest, OneMarkerLeadsThroughAllLists) {
  for (const std::int32_t size : {1, 2, 3, 7}) {
    std::vector<std::string> seen;
    std::optional<std::string> marker;
    do {
      const auto page = world.must<Details>({.max_items = size, .marker = marker});
      std::size_t given = 0;
      const auto take = [&](const auto& list) {
        for (const auto& item : list) seen.push_back(*item.arn);
        given += list.size();
      };
      take(*page.user_detail_list), take(*page.group_detail_list), take(*page.role_detail_list), take(*page.policies);
      EXPECT_LE(given, static_cast<std::size_t>(size));
      EXPECT_EQ(page.is_truncated, std::optional(page.marker.has_value()));
      marker = page.marker;
    } while (marker);
    EXPECT_EQ(seen, (std::vector<std::string>{arn("user/dev/bob"), arn("user/eve"), arn("group/ops"),
                                              arn("role/deploy"), own, kS3, kReadOnly}));
  }
}

TEST_F(DetailsTest, AMarkerOfAnotherListIsRefused) {
  EXPECT_TRUE(refused(world.call<Details>({.marker = "VXNlcnMKYm9i"}), "ValidationError", 400, "Invalid Marker."));
}

TEST_F(DetailsTest, APageOfLargeDocumentsEndsEarly) {
  std::string large = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject")";
  while (large.size() < 6000) large += R"(,"s3:GetObject")";
  large += R"(],"Resource":"*"}]})";
  for (int i = 0; i < 200; ++i) {
    world.must<shapes::CreatePolicy>({.policy_name = "large" + std::to_string(i), .policy_document = large});
  }
  const auto page = world.must<Details>({.filter = {"LocalManagedPolicy"}, .max_items = 1000});
  EXPECT_LT(page.policies->size(), 190U);
  ASSERT_TRUE(page.marker);
  const auto rest = world.must<Details>({.filter = {"LocalManagedPolicy"}, .max_items = 1000, .marker = page.marker});
  EXPECT_EQ(page.policies->size() + rest.policies->size(), 201U);
}

TEST_F(DetailsTest, NothingOfAnotherAccountIsTold) {
  const auto all = world.must<Details>({}, root(kB));
  EXPECT_TRUE(all.user_detail_list->empty() && all.group_detail_list->empty() && all.role_detail_list->empty() &&
              all.policies->empty());
}

TEST_F(DetailsTest, ProvidersAreCountedInTheSummary) {
  const auto summary = world.must<shapes::GetAccountSummary>({});
  const auto providers = std::find_if(summary.summary_map->begin(), summary.summary_map->end(),
                                      [](const auto& entry) { return entry.first == "Providers"; });
  ASSERT_NE(providers, summary.summary_map->end());
  EXPECT_EQ(providers->second, 0);
}

class CredentialReportTest : public testing::Test {
 protected:
  std::vector<std::string> rows() {
    const auto got = world.must<shapes::GetCredentialReport>({});
    EXPECT_EQ(got.report_format, "text/csv");
    std::vector<std::string> out;
    for (std::size_t from = 0, to = 0; to != std::string::npos; from = to + 1) {
      to = got.content->find('\n', from);
      out.push_back(got.content->substr(from, to - from));
    }
    return out;
  }
  std::optional<std::string> generate() { return world.must<shapes::GenerateCredentialReport>({}).state; }

  World world;
};

TEST_F(CredentialReportTest, ThereIsNoneUntilItIsGenerated) {
  EXPECT_TRUE(refused(world.call<shapes::GetCredentialReport>({}), "ReportNotPresent", 410, ""));
  const auto started = world.must<shapes::GenerateCredentialReport>({});
  EXPECT_EQ(started.state, "STARTED");
  EXPECT_EQ(started.description, "No report exists. Starting a new report generation task");
  const auto again = world.must<shapes::GenerateCredentialReport>({});
  EXPECT_EQ(again.state, "COMPLETE");
  EXPECT_FALSE(again.description);
  EXPECT_EQ(world.must<shapes::GetCredentialReport>({}).generated_time, world.now);
  EXPECT_TRUE(refused(world.call<shapes::GetCredentialReport>({}, root(kB)), "ReportNotPresent", 410, ""));
}

TEST_F(CredentialReportTest, ItShowsTheMomentItWasGeneratedAndLivesFourHours) {
  generate();
  const Time made = world.now;
  world.must<shapes::CreateUser>({.user_name = "late"});
  EXPECT_EQ(rows().size(), 2U) << "the names, and the root user";
  world.now += std::chrono::hours(4) - std::chrono::seconds(1);
  EXPECT_EQ(generate(), "COMPLETE");
  EXPECT_EQ(world.must<shapes::GetCredentialReport>({}).generated_time, made);
  world.now += std::chrono::seconds(1);
  EXPECT_TRUE(refused(world.call<shapes::GetCredentialReport>({}), "ReportExpired", 410, ""));
  EXPECT_EQ(generate(), "STARTED");
  EXPECT_EQ(rows().size(), 3U);
}

TEST_F(CredentialReportTest, ItHasAwsColumns) {
  world.must<shapes::UpdateAccountPasswordPolicy>({.max_password_age = 90});
  world.must<shapes::CreateUser>({.path = "/dev/", .user_name = "bob"});
  world.must<shapes::CreateUser>({.user_name = "a,b"});
  world.now += std::chrono::hours(1);
  world.must<shapes::CreateLoginProfile>({.user_name = "bob", .password = "Passw0rd"});
  const auto key = world.must<shapes::CreateAccessKey>({.user_name = "bob"}).access_key.access_key_id;
  const auto other = world.must<shapes::CreateAccessKey>({.user_name = "bob"}).access_key.access_key_id;
  world.must<shapes::UpdateAccessKey>({.user_name = "bob", .access_key_id = other, .status = "Inactive"});
  world.usage.used(key, world.now, "eu-west-1", "s3");
  generate();
  const auto got = rows();
  ASSERT_EQ(got.size(), 4U);
  EXPECT_TRUE(got[0].starts_with("user,arn,user_creation_time,password_enabled,password_last_used,"));
  EXPECT_TRUE(got[0].ends_with(",cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated"));
  EXPECT_EQ(std::count(got[0].begin(), got[0].end(), ','), 21);
  EXPECT_EQ(got[1],
            "<root_account>,arn:aws:iam::111111111111:root,2026-07-24T10:11:12Z,not_supported,no_information,"
            "not_supported,not_supported,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A");
  EXPECT_EQ(got[2],
            "\"a,b\",\"arn:aws:iam::111111111111:user/a,b\",2026-07-24T10:11:12Z,false,N/A,N/A,N/A,false,"
            "false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A");
  EXPECT_EQ(got[3],
            "bob,arn:aws:iam::111111111111:user/dev/bob,2026-07-24T10:11:12Z,true,no_information,"
            "2026-07-24T11:11:12Z,2026-10-22T11:11:12Z,false,true,2026-07-24T11:11:12Z,"
            "2026-07-24T11:11:12Z,eu-west-1,s3,false,2026-07-24T11:11:12Z,N/A,N/A,N/A,false,N/A,false,N/A");
}

TEST_F(CredentialReportTest, OfTwoWhoGenerateAtOnceOneConflicts) {
  const auto first = world.prepare<shapes::GenerateCredentialReport>({});
  const auto second = world.prepare<shapes::GenerateCredentialReport>({});
  EXPECT_TRUE(world.commit(first));
  EXPECT_FALSE(world.commit(second)) << "decided again, it answers COMPLETE";
  EXPECT_EQ(generate(), "COMPLETE");
}

}  // namespace
}  // namespace deputy::iam
