// Accounts that are closed, the move to all features, and tags.
#include <functional>

#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/put_user_policy.h"
#include "protocol/organizations/accept_handshake.h"
#include "protocol/organizations/cancel_handshake.h"
#include "protocol/organizations/close_account.h"
#include "protocol/organizations/create_account.h"
#include "protocol/organizations/create_organizational_unit.h"
#include "protocol/organizations/create_policy.h"
#include "protocol/organizations/decline_handshake.h"
#include "protocol/organizations/describe_account.h"
#include "protocol/organizations/describe_handshake.h"
#include "protocol/organizations/describe_organization.h"
#include "protocol/organizations/enable_all_features.h"
#include "protocol/organizations/enable_aws_service_access.h"
#include "protocol/organizations/leave_organization.h"
#include "protocol/organizations/list_accounts.h"
#include "protocol/organizations/list_handshakes_for_account.h"
#include "protocol/organizations/list_handshakes_for_organization.h"
#include "protocol/organizations/list_tags_for_resource.h"
#include "protocol/organizations/move_account.h"
#include "protocol/organizations/put_resource_policy.h"
#include "protocol/organizations/register_delegated_administrator.h"
#include "protocol/organizations/remove_account_from_organization.h"
#include "protocol/organizations/tag_resource.h"
#include "protocol/organizations/untag_resource.h"
#include "protocol/sts/assume_role.h"
#include "services/organizations/fixture.h"

namespace deputy::organizations {
namespace {

constexpr const char *kC = "333333333333", *kD = "444444444444";

std::string reason(const Error& error) {
  for (const auto& [name, value] : error.details()) {
    if (name == "Reason") return value;
  }
  return {};
}

// ---- Closing

class ClosingTest : public OrganizationsTest {
 protected:
  ClosingTest() { join(kB); }
};

TEST_F(ClosingTest, AClosedAccountStaysAndLetsNobodyIn) {
  world.must<iam::shapes::CreateRole>({.role_name = "r", .assume_role_policy_document = tests::kTrustsA}, root(kB));
  world.must<iam::shapes::CreateUser>({.user_name = "u"});
  world.must<iam::shapes::PutUserPolicy>({"u", "all", tests::kAllowAll});
  const sts::shapes::AssumeRole::Input assume{.role_arn = "arn:aws:iam::222222222222:role/r", .role_session_name = "s"};
  EXPECT_TRUE(world.attempt<sts::shapes::AssumeRole>(assume, tests::user("u")).ok());
  world.must<shapes::CloseAccount>({kB});
  EXPECT_FALSE(world.snapshot().account(*AccountId::parse(kB))->is_open());
  EXPECT_TRUE(
      refused(world.attempt<sts::shapes::AssumeRole>(assume, tests::user("u")), "AccessDenied", 403,
              "User: arn:aws:iam::111111111111:user/u is not authorized to perform: sts:AssumeRole on resource: "
              "arn:aws:iam::222222222222:role/r"));
  const auto shown = world.must<shapes::DescribeAccount>({kB}).account;
  EXPECT_EQ(shown->status, "SUSPENDED");
  EXPECT_EQ(shown->state, "CLOSED");
  EXPECT_EQ(world.must<shapes::ListAccounts>({}).accounts->size(), 2U);
  expect_consistent();
}

TEST_F(ClosingTest, RefusalsSayWhy) {
  world.create_account(kC);
  EXPECT_TRUE(refused(world.call<shapes::CloseAccount>({kC}), "AccountNotFoundException", 400,
                      "You specified an account that doesn't exist."));
  EXPECT_EQ(reason(world.call<shapes::CloseAccount>({kA}).error()), "CANNOT_CLOSE_MANAGEMENT_ACCOUNT");
  world.must<shapes::CloseAccount>({kB});
  EXPECT_TRUE(refused(world.call<shapes::CloseAccount>({kB}), "AccountAlreadyClosedException", 400,
                      "You attempted to close an account that is already closed."));
  world.must<shapes::EnableAWSServiceAccess>({"sso.amazonaws.com"});
  EXPECT_EQ(reason(world.call<shapes::RegisterDelegatedAdministrator>({kB, "sso.amazonaws.com"}).error()),
            "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR");
  world.must<shapes::RemoveAccountFromOrganization>({kB});
  EXPECT_EQ(reason(world.call<shapes::InviteAccountToOrganization>({.target = {kB, "ACCOUNT"}}).error()),
            "TARGET_NOT_SUPPORTED");
  expect_consistent();
}

TEST_F(ClosingTest, ThereIsAQuotaOfThirtyDays) {
  world.account_limits.in_organization = 400;
  int next = 0;
  const auto close_one = [&] {
    const std::string id = std::to_string(500'000'000'000 + next++);
    world.create_account(id);
    join(id.c_str());
    world.now += std::chrono::seconds(1);
    return world.call<shapes::CloseAccount>({id});
  };
  for (int i = 0; i < 250; ++i) {
    if (i % 100 == 0) world.now += std::chrono::hours(24);  // so many invitations a day
    ASSERT_TRUE(close_one().ok()) << i;
  }
  EXPECT_EQ(reason(close_one().error()), "CLOSE_ACCOUNT_QUOTA_EXCEEDED");
  world.now += std::chrono::hours(30 * 24);
  EXPECT_TRUE(close_one().ok());
}

TEST_F(ClosingTest, ClosingAndLeavingAtOnceDoesOneOfThem) {
  const directory::Changes leaves = world.prepare<shapes::LeaveOrganization>({}, root(kB));
  const directory::Changes closes = world.prepare<shapes::CloseAccount>({kB});
  EXPECT_TRUE(world.commit(leaves));
  EXPECT_FALSE(world.commit(closes));
  EXPECT_TRUE(world.snapshot().account(*AccountId::parse(kB))->is_open());
  expect_consistent();
}

TEST_F(ClosingTest, WhateverHappensAtOnceNothingIsLost) {
  const std::string root_id = organization().organization.root;
  const std::string unit = *world.must<shapes::CreateOrganizationalUnit>({root_id, "u", {}}).organizational_unit->id;
  const struct {
    const char* name;
    std::function<directory::Changes()> other;
  } cases[] = {
      {"moving",
       [&] {
         return world.prepare<shapes::MoveAccount>({kB, root_id, unit});
       }},
      {"tagging",
       [&] {
         return world.prepare<shapes::TagResource>({kB, {{"a", "1"}}});
       }},
      {"removing", [&] { return world.prepare<shapes::RemoveAccountFromOrganization>({kB}); }},
  };
  for (const auto& c : cases) {
    const directory::Changes closes = world.prepare<shapes::CloseAccount>({kB}), other = c.other();
    EXPECT_TRUE(world.commit(other)) << c.name;
    EXPECT_FALSE(world.commit(closes)) << c.name << ": it is decided again on what is there then";
    expect_consistent();
  }
}

// ---- All features

class AllFeaturesTest : public testing::Test {
 protected:
  AllFeaturesTest() {
    world.must<shapes::CreateOrganization>({"CONSOLIDATED_BILLING"});
    world.create_account(kC);
    world.create_account(kD);
    for (const char* account : {kB, kC}) {
      const auto invited = world.must<shapes::InviteAccountToOrganization>({.target = {account, "ACCOUNT"}});
      world.must<shapes::AcceptHandshake>({*invited.handshake->id}, root(account));
    }
  }

  shapes::Handshake enable() { return *world.must<shapes::EnableAllFeatures>({}).handshake; }
  std::string approval(const char* account) {
    const auto listed = world.must<shapes::ListHandshakesForAccount>(
        {.filter = shapes::HandshakeFilter{.action_type = "APPROVE_ALL_FEATURES", .parent_handshake_id = {}}},
        root(account));
    for (const auto& handshake : *listed.handshakes) {
      if (handshake.state == "OPEN") return *handshake.id;
    }
    return {};
  }
  std::string state(const std::string& id, const char* account = kA) {
    return *world.must<shapes::DescribeHandshake>({id}, root(account)).handshake->state;
  }
  std::string features() { return *world.must<shapes::DescribeOrganization>({}).organization->feature_set; }

  World world;
};

TEST_F(AllFeaturesTest, EveryInvitedMemberApproves) {
  world.must<shapes::CreateAccount>({.email = "made@example.com", .account_name = "Made"});
  const shapes::Handshake move = enable();
  EXPECT_EQ(move.action, "ENABLE_ALL_FEATURES");
  EXPECT_EQ(move.state, "REQUESTED");
  EXPECT_NE(move.arn->find("/enable_all_features/h-"), std::string::npos);
  ASSERT_EQ(move.parties->size(), 1U);
  EXPECT_EQ(*move.expiration_timestamp, world.now + std::chrono::hours(90 * 24));
  const auto children = world.must<shapes::ListHandshakesForOrganization>(
      {.filter = shapes::HandshakeFilter{.action_type = {}, .parent_handshake_id = *move.id}});
  ASSERT_EQ(children.handshakes->size(), 2U) << "who was made need not agree";
  for (const auto& child : *children.handshakes) {
    EXPECT_EQ(child.action, "APPROVE_ALL_FEATURES");
    EXPECT_EQ(child.resources->back().type, "PARENT_HANDSHAKE");
    EXPECT_EQ(child.resources->back().value, *move.id);
  }
  EXPECT_EQ(world.call<shapes::AcceptHandshake>({*move.id}).error().code(), "InvalidHandshakeTransitionException");
  EXPECT_EQ(world.must<shapes::AcceptHandshake>({approval(kB)}, root(kB)).handshake->state, "ACCEPTED");
  EXPECT_EQ(state(*move.id), "REQUESTED");
  const std::string last = approval(kC);
  world.must<shapes::AcceptHandshake>({last}, root(kC));
  EXPECT_EQ(state(last, kC), "ACCEPTED");
  EXPECT_EQ(world.call<shapes::AcceptHandshake>({last}, root(kC)).error().code(), "HandshakeAlreadyInStateException");
  EXPECT_EQ(state(*move.id), "OPEN");
  EXPECT_EQ(features(), "CONSOLIDATED_BILLING");
  EXPECT_EQ(world.must<shapes::AcceptHandshake>({*move.id}).handshake->state, "ACCEPTED");
  EXPECT_EQ(features(), "ALL");
  EXPECT_EQ(reason(world.call<shapes::EnableAllFeatures>({}).error()), "ORGANIZATION_ALREADY_HAS_ALL_FEATURES");
}

TEST_F(AllFeaturesTest, WhoDeclinesOrLeaves) {
  const shapes::Handshake move = enable();
  const std::string of_b = approval(kB), of_c = approval(kC);
  EXPECT_EQ(reason(world.call<shapes::EnableAllFeatures>({}).error()),
            "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION");
  EXPECT_EQ(reason(world.call<shapes::InviteAccountToOrganization>({.target = {kD, "ACCOUNT"}}).error()),
            "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES");
  EXPECT_EQ(world.call<shapes::AcceptHandshake>({of_b}, root(kC)).error().code(), "HandshakeNotFoundException");
  EXPECT_EQ(world.call<shapes::CancelHandshake>({of_b}).error().code(), "InvalidHandshakeTransitionException");
  world.must<shapes::DeclineHandshake>({of_b}, root(kB));
  world.must<shapes::AcceptHandshake>({of_c}, root(kC));
  EXPECT_EQ(state(*move.id), "REQUESTED") << "one declined";
  world.must<shapes::RemoveAccountFromOrganization>({kB});
  EXPECT_EQ(state(*move.id), "OPEN");
  world.must<shapes::AcceptHandshake>({*move.id});
  EXPECT_EQ(features(), "ALL");
}

TEST_F(AllFeaturesTest, ItEndsWhenItIsCanceledOrExpires) {
  const std::string open = *world.must<shapes::InviteAccountToOrganization>({.target = {kD, "ACCOUNT"}}).handshake->id;
  const std::string first = *enable().id;
  EXPECT_EQ(state(open), "CANCELED") << "an invitation that was open";
  const std::string of_b = approval(kB);
  world.must<shapes::CancelHandshake>({first});
  EXPECT_EQ(state(first), "CANCELED");
  EXPECT_EQ(state(of_b, kB), "CANCELED");
  EXPECT_EQ(world.call<shapes::AcceptHandshake>({of_b}, root(kB)).error().code(),
            "InvalidHandshakeTransitionException");
  const std::string second = *enable().id;
  const std::string again = approval(kB);
  EXPECT_NE(again, of_b);
  world.now += std::chrono::hours(90 * 24);
  EXPECT_EQ(state(second), "EXPIRED");
  EXPECT_EQ(state(again, kB), "EXPIRED");
  world.must<shapes::InviteAccountToOrganization>({.target = {kD, "ACCOUNT"}});
}

TEST_F(AllFeaturesTest, TwoWhoApproveAtOnceAreBothHeard) {
  const std::string move = *enable().id;
  const std::string of_b = approval(kB), of_c = approval(kC);
  const directory::Changes one = world.prepare<shapes::AcceptHandshake>({of_b}, root(kB));
  const directory::Changes other = world.prepare<shapes::AcceptHandshake>({of_c}, root(kC));
  EXPECT_TRUE(world.commit(one));
  EXPECT_FALSE(world.commit(other)) << "it would undo the first";
  world.must<shapes::AcceptHandshake>({of_c}, root(kC));
  EXPECT_EQ(state(move), "OPEN");
}

TEST_F(AllFeaturesTest, WhoJoinsWhileItBeginsIsAsked) {
  const auto invited = world.must<shapes::InviteAccountToOrganization>({.target = {kD, "ACCOUNT"}});
  const directory::Changes joins = world.prepare<shapes::AcceptHandshake>({*invited.handshake->id}, root(kD));
  const directory::Changes begins = world.prepare<shapes::EnableAllFeatures>({});
  EXPECT_TRUE(world.commit(joins));
  EXPECT_FALSE(world.commit(begins));
  enable();
  EXPECT_FALSE(approval(kD).empty());
}

// ---- Tags

class TagsTest : public OrganizationsTest {
 protected:
  std::string tags(const std::string& id) {
    std::string all;
    const auto listed = world.must<shapes::ListTagsForResource>({id});
    for (const auto& tag : *listed.tags) all += tag.key + "=" + tag.value + " ";
    return all;
  }
};

TEST_F(TagsTest, EverythingHasThem) {
  join(kB);
  const std::string root_id = organization().organization.root;
  const std::string unit =
      *world.must<shapes::CreateOrganizationalUnit>({root_id, "u", {{"first", "1"}}}).organizational_unit->id;
  const std::string policy =
      *world.must<shapes::CreatePolicy>({tests::kAllowAll, "", "p", "SERVICE_CONTROL_POLICY", {{"first", "1"}}})
           .policy->policy_summary->id;
  const std::string resource_policy =
      *world
           .must<shapes::PutResourcePolicy>(
               {R"({"Statement":{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"organizations:ListRoots","Resource":"*"}})",
                {{"first", "1"}}})
           .resource_policy->resource_policy_summary->id;
  for (const std::string& id : {root_id, std::string(kA), std::string(kB)}) {
    world.must<shapes::TagResource>({id, {{"first", "1"}}});
  }
  for (const std::string& id : {root_id, unit, policy, resource_policy, std::string(kA), std::string(kB)}) {
    world.must<shapes::TagResource>({id, {{"second", "2"}, {"first", "3"}}});
    EXPECT_EQ(tags(id), "first=3 second=2 ") << id;
    world.must<shapes::UntagResource>({id, {"first", "third"}});
    EXPECT_EQ(tags(id), "second=2 ") << id;
  }
}

struct TagCase {
  const char* name;
  std::string id;
  std::vector<shapes::Tag> tags;
  const char *code, *reason;
};

TEST_F(TagsTest, RefusalsSayWhy) {
  std::vector<shapes::Tag> many;
  for (int i = 0; i < 51; ++i) many.push_back({"k" + std::to_string(i), ""});
  const std::string root_id = organization().organization.root;
  const TagCase cases[] = {
      {"an account outside", kB, {{"a", ""}}, "TargetNotFoundException", ""},
      {"no unit", "ou-root-12345678", {{"a", ""}}, "TargetNotFoundException", ""},
      {"a policy of AWS", "p-FullAWSAccess", {{"a", ""}}, "TargetNotFoundException", ""},
      {"no resource policy", "rp-12345678", {{"a", ""}}, "TargetNotFoundException", ""},
      {"no transfer", "rt-12345678", {{"a", ""}}, "TargetNotFoundException", ""},
      {"too many", root_id, many, "ConstraintViolationException", "MAX_TAG_LIMIT_EXCEEDED"},
      {"one of AWS's", root_id, {{"aws:a", ""}}, "InvalidInputException", "INVALID_SYSTEM_TAGS_PARAMETER"},
      {"a key twice", root_id, {{"a", ""}, {"a", ""}}, "InvalidInputException", "DUPLICATE_TAG_KEY"},
  };
  for (const TagCase& c : cases) {
    const auto result = world.call<shapes::TagResource>({c.id, c.tags});
    ASSERT_FALSE(result.ok()) << c.name;
    EXPECT_EQ(result.error().code(), c.code) << c.name;
    EXPECT_EQ(reason(result.error()), c.reason) << c.name;
  }
  EXPECT_EQ(tags(root_id), "");
}

TEST_F(TagsTest, AccountsComeWithTheirs) {
  const auto made =
      world.must<shapes::CreateAccount>({.email = "new@example.com", .account_name = "New", .tags = {{"team", "a"}}});
  std::string id;
  organization().members.each([&](const directory::Membership& member) {
    if (member.created) id = member.account.str();
  });
  EXPECT_EQ(tags(id), "team=a ");
  EXPECT_EQ(
      reason(world.call<shapes::CreateAccount>({.email = "x@example.com", .account_name = "X", .tags = {{"aws:x", ""}}})
                 .error()),
      "INVALID_SYSTEM_TAGS_PARAMETER");
  EXPECT_EQ(organization().members.size(), 2U) << "nothing was made";

  world.create_account(kC);
  const auto invited =
      world.must<shapes::InviteAccountToOrganization>({.target = {kC, "ACCOUNT"}, .tags = {{"team", "b"}}});
  EXPECT_FALSE(world.call<shapes::ListTagsForResource>({kC}).ok()) << "it is no member yet";
  world.must<shapes::AcceptHandshake>({*invited.handshake->id}, root(kC));
  EXPECT_EQ(tags(kC), "team=b ");
}

TEST_F(TagsTest, TheyDecide) {
  // Whoever may tag, and what tags allow, is told by the keys of the reference.
  world.must<iam::shapes::CreateUser>({.user_name = "u"});
  world.must<iam::shapes::PutUserPolicy>(
      {"u", "p",
       R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"organizations:*","Resource":"*","Condition":{
           "StringEquals":{"aws:ResourceTag/team":"a"},"ForAllValues:StringEquals":{"aws:TagKeys":["team","cost"]}}}]})"});
  const std::string root_id = organization().organization.root;
  EXPECT_FALSE(world.attempt<shapes::TagResource>({root_id, {{"cost", "1"}}}, tests::user("u")).ok());
  world.must<shapes::TagResource>({root_id, {{"team", "a"}}});
  EXPECT_TRUE(world.attempt<shapes::TagResource>({root_id, {{"cost", "1"}}}, tests::user("u")).ok());
  EXPECT_FALSE(world.attempt<shapes::TagResource>({root_id, {{"other", "1"}}}, tests::user("u")).ok());
  EXPECT_TRUE(world.attempt<shapes::UntagResource>({root_id, {"team"}}, tests::user("u")).ok());
  EXPECT_FALSE(world.attempt<shapes::UntagResource>({root_id, {"other"}}, tests::user("u")).ok());
}

TEST_F(TagsTest, TwoWhoTagAtOnceLoseNothing) {
  join(kB);
  const directory::Changes one = world.prepare<shapes::TagResource>({kB, {{"a", "1"}}});
  const directory::Changes other = world.prepare<shapes::TagResource>({kB, {{"b", "2"}}});
  EXPECT_TRUE(world.commit(one));
  EXPECT_FALSE(world.commit(other));
  EXPECT_EQ(tags(kB), "a=1 ");
}

}  // namespace
}  // namespace deputy::organizations
