// Who becomes root of a member account for a task, of an organization in which that is switched on.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "authn/session_token.h"
#include "base/arn.h"
#include "protocol/iam/attach_user_policy.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/disable_organizations_root_sessions.h"
#include "protocol/iam/enable_organizations_root_credentials_management.h"
#include "protocol/iam/enable_organizations_root_sessions.h"
#include "protocol/iam/put_role_policy.h"
#include "protocol/organizations/accept_handshake.h"
#include "protocol/organizations/create_organization.h"
#include "protocol/organizations/disable_aws_service_access.h"
#include "protocol/organizations/enable_aws_service_access.h"
#include "protocol/organizations/invite_account_to_organization.h"
#include "protocol/organizations/register_delegated_administrator.h"
#include "protocol/sts/assume_root.h"
#include "support/world.h"

namespace deputy::sts {
namespace {

using tests::kA;
using tests::kB;
using tests::refused;
using tests::root;
using tests::session;
using tests::user;
using tests::Who;

constexpr const char* kC = "333333333333";  // an account of no organization
constexpr const char* kAudit = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials";
constexpr const char* kUnlock = "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy";
constexpr const char* kAdministrator = "arn:aws:iam::aws:policy/AdministratorAccess";
constexpr const char* kIam = "iam.amazonaws.com";

/// A manages an organization, B is a member of it, and dana of A may everything.
class AssumeRootTest : public testing::Test {
 protected:
  AssumeRootTest() {
    world.create_account(kC);
    world.must<organizations::shapes::CreateOrganization>({});
    const auto invited = world.must<organizations::shapes::InviteAccountToOrganization>({.target = {kB, "ACCOUNT"}});
    world.must<organizations::shapes::AcceptHandshake>({*invited.handshake->id}, root(kB));
    world.must<organizations::shapes::EnableAWSServiceAccess>({kIam});
    world.must<iam::shapes::EnableOrganizationsRootCredentialsManagement>({});
    world.must<iam::shapes::EnableOrganizationsRootSessions>({});
    for (const char* account : {kA, kB, kC}) {
      world.must<iam::shapes::CreateUser>({.user_name = "dana"}, root(account));
      world.must<iam::shapes::AttachUserPolicy>({.user_name = "dana", .policy_arn = kAdministrator}, root(account));
    }
    world.must<iam::shapes::CreateUser>({.user_name = "poor"});
  }

  auto assume(const std::string& target, const char* task = kAudit, const Who& who = user("dana")) {
    return world.call<shapes::AssumeRoot>({.target_principal = target, .task_policy_arn = {task}}, who);
  }
  static std::string denial(std::string_view caller, std::string_view target = kB) {
    return std::string("User: ")
        .append(caller)
        .append(" is not authorized to perform: sts:AssumeRoot on resource: arn:aws:iam::")
        .append(target)
        .append(":root");
  }
  static std::string dana(std::string_view account = kA) { return tests::arn("user/dana", account); }

  tests::World world;
};

TEST_F(AssumeRootTest, AMemberIsNamedByItsIdOrByItsRootUser) {
  for (const char* target : {"222222222222", "arn:aws:iam::222222222222:root"}) {
    const auto answer = assume(target);
    ASSERT_TRUE(answer.ok()) << answer.error().message();
    EXPECT_EQ(answer->credentials->expiration, world.now + std::chrono::seconds(900)) << "the most, and the default";
    EXPECT_TRUE(answer->credentials->access_key_id.starts_with("ASIA"));
    EXPECT_EQ(answer->source_identity, std::nullopt);
  }
  for (const char* target : {"22222222222", "arn:aws:iam::222222222222:user/dana", "arn:aws:iam::x:root", "root",
                             "arn:aws:sts::222222222222:root", "arn:aws:iam:us-east-1:222222222222:root"}) {
    EXPECT_TRUE(refused(assume(target), "ValidationError", 400, std::string(target) + " is invalid"));
  }
}

TEST_F(AssumeRootTest, WhoMayIsSaidByThePoliciesOfTheCallerAlone) {
  const auto needs =
      world.accesses<shapes::AssumeRoot>({.target_principal = kB, .task_policy_arn = {kAudit}}, user("dana"));
  ASSERT_EQ(needs.size(), 1U);
  EXPECT_EQ(needs.front().resource, "arn:aws:iam::222222222222:root");
  EXPECT_TRUE(needs.front().owner.empty()) << "no policy hangs on a root user";
  EXPECT_EQ(tests::key(needs.front(), policy::Key::kTaskPolicyArn), kAudit);
  EXPECT_EQ(tests::key(needs.front(), policy::Key::kResourceAccount), kB);
  EXPECT_EQ(assume(kB, kAudit, user("poor")).error().code(), "AccessDenied");
  EXPECT_TRUE(refused(assume(kB, kAudit, root()), "AccessDenied", 403, denial("arn:aws:iam::111111111111:root")))
      << "the root user may not, whatever it may else";
}

TEST_F(AssumeRootTest, EveryRefusalOfTheOrganizationReadsAlike) {
  struct Case {
    const char* why;
    std::string target;
    const char* task;
    Who who;
    std::string caller;
  };
  const Case cases[] = {
      {"the management account itself", kA, kAudit, user("dana"), dana()},
      {"an account of no organization", kC, kAudit, user("dana"), dana()},
      {"an account that is not there", "999999999999", kAudit, user("dana"), dana()},
      {"a policy that is no task", kB, kAdministrator, user("dana"), dana()},
      {"a task that there is not", kB, "arn:aws:iam::aws:policy/root-task/IAMEverything", user("dana"), dana()},
      {"a member that administers nothing", kB, kAudit, user("dana", kB), dana(kB)},
      {"a caller of no organization", kB, kAudit, user("dana", kC), dana(kC)},
  };
  for (const Case& c : cases) {
    EXPECT_TRUE(refused(assume(c.target, c.task, c.who), "AccessDenied", 403, denial(c.caller, c.target))) << c.why;
  }
}

TEST_F(AssumeRootTest, EachTaskNeedsItsFeatureAndBothNeedTheService) {
  EXPECT_TRUE(assume(kB, kAudit).ok());
  EXPECT_TRUE(assume(kB, kUnlock).ok());
  world.must<iam::shapes::DisableOrganizationsRootSessions>({});
  EXPECT_TRUE(assume(kB, kAudit).ok());
  EXPECT_TRUE(refused(assume(kB, kUnlock), "AccessDenied", 403, denial(dana())));
  world.must<iam::shapes::EnableOrganizationsRootSessions>({});
  EXPECT_TRUE(assume(kB, kUnlock).ok());
  world.must<organizations::shapes::DisableAWSServiceAccess>({kIam});
  for (const char* task : {kAudit, kUnlock}) {
    EXPECT_TRUE(refused(assume(kB, task), "AccessDenied", 403, denial(dana()))) << task;
  }
}

TEST_F(AssumeRootTest, ADelegatedAdministratorMayWhatTheManagementAccountMay) {
  const std::string kD = "444444444444";
  world.create_account(kD);
  const auto invited = world.must<organizations::shapes::InviteAccountToOrganization>({.target = {kD, "ACCOUNT"}});
  world.must<organizations::shapes::AcceptHandshake>({*invited.handshake->id}, root(kD));
  EXPECT_TRUE(refused(assume(kD, kAudit, user("dana", kB)), "AccessDenied", 403, denial(dana(kB), kD)));
  world.must<organizations::shapes::RegisterDelegatedAdministrator>({.account_id = kB, .service_principal = kIam});
  EXPECT_TRUE(assume(kD, kAudit, user("dana", kB)).ok());
  EXPECT_TRUE(refused(assume(kA, kAudit, user("dana", kB)), "AccessDenied", 403, denial(dana(kB), kA)))
      << "of the management account nobody becomes root";
}

TEST_F(AssumeRootTest, TheEndpointIsARegions) {
  world.global_endpoint = true;
  EXPECT_TRUE(refused(assume(kB), "AccessDenied", 403,
                      "AssumeRoot is not supported on the global endpoint. Use a Regional endpoint."));
  EXPECT_TRUE(
      refused(assume(kB, kAudit, user("poor")), "AccessDenied", 403,
              denial(tests::arn("user/poor")) + " because no identity-based policy allows the sts:AssumeRoot action"))
      << "who may not is told that first";
}

TEST_F(AssumeRootTest, TheSessionIsRootOfTheMemberForItsTask) {
  const auto answer = assume(kB);
  ASSERT_TRUE(answer.ok());
  const auto opened = authn::SessionTokens(world.vault()).open(world.snapshot(), answer->credentials->session_token);
  ASSERT_TRUE(opened);
  const directory::Session& made = *opened->session;
  EXPECT_EQ(made.kind, directory::Session::Kind::kAssumedRoot);
  EXPECT_EQ(made.account.view(), kB);
  EXPECT_EQ(made.policy_arns, std::vector<std::string>{kAudit});
  EXPECT_FALSE(made.mfa.value_or(true));
  EXPECT_EQ(made.issued, world.now);
}

TEST_F(AssumeRootTest, LastsNoLongerThanIsAsked) {
  const auto answer = world.call<shapes::AssumeRoot>(
      {.target_principal = kB, .task_policy_arn = {kAudit}, .duration_seconds = 60}, user("dana"));
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_EQ(answer->credentials->expiration, world.now + std::chrono::seconds(60));
}

}  // namespace
}  // namespace deputy::sts
