// What cannot be seen over the wire: that nothing that happens at the same time leaves an organization with accounts
// that it does not count, or an account in an organization that is gone.
#include "services/organizations/fixture.h"

#include "protocol/admin/create_account.h"
#include "protocol/admin/delete_account.h"
#include "protocol/iam/enable_organizations_root_sessions.h"
#include "protocol/organizations/cancel_handshake.h"
#include "protocol/organizations/create_account.h"
#include "protocol/organizations/delete_organization.h"
#include "protocol/organizations/describe_create_account_status.h"
#include "protocol/organizations/describe_handshake.h"
#include "protocol/organizations/disable_aws_service_access.h"
#include "protocol/organizations/enable_aws_service_access.h"
#include "protocol/organizations/leave_organization.h"
#include "protocol/organizations/list_accounts.h"
#include "protocol/organizations/list_handshakes_for_account.h"
#include "protocol/organizations/register_delegated_administrator.h"
#include "protocol/organizations/remove_account_from_organization.h"

namespace deputy::organizations {
namespace {

TEST_F(OrganizationsTest, JoiningAndLeavingIsCounted) {
  expect_consistent();
  join(kB);
  EXPECT_TRUE(is_member(kB));
  expect_consistent();
  world.must<shapes::LeaveOrganization>({}, root(kB));
  EXPECT_FALSE(is_member(kB));
  expect_consistent();
  join(kB);
  world.must<shapes::RemoveAccountFromOrganization>({kB});
  expect_consistent();
  world.must<shapes::DeleteOrganization>({});
  EXPECT_TRUE(world.snapshot().organizations().empty());
  EXPECT_EQ(world.snapshot().account(*AccountId::parse(kA))->membership, nullptr);
}

TEST_F(OrganizationsTest, AnOrganizationIsNotDeletedWhileAnAccountJoins) {
  const std::string handshake = invite(kB);
  const auto deleting = world.prepare<shapes::DeleteOrganization>({});
  world.must<shapes::AcceptHandshake>({handshake}, root(kB));
  EXPECT_FALSE(world.commit(deleting));
  expect_consistent();
}

TEST_F(OrganizationsTest, AnAccountDoesNotJoinWhatIsDeletedMeanwhile) {
  const auto joining = world.prepare<shapes::AcceptHandshake>({invite(kB)}, root(kB));
  world.must<shapes::DeleteOrganization>({});
  EXPECT_FALSE(world.commit(joining));
}

TEST_F(OrganizationsTest, AnAccountJoinsOneOrganizationOnly) {
  const char* kC = "333333333333";
  world.create_account(kC);
  world.must<shapes::CreateOrganization>({}, root(kC));
  const std::string first = invite(kB);
  const std::string second =
      *world.must<shapes::InviteAccountToOrganization>({.target = {kB, "ACCOUNT"}}, root(kC)).handshake->id;
  const auto joining = world.prepare<shapes::AcceptHandshake>({second}, root(kB));
  world.must<shapes::AcceptHandshake>({first}, root(kB));
  EXPECT_FALSE(world.commit(joining));
  EXPECT_TRUE(refused(world.call<shapes::AcceptHandshake>({second}, root(kB)), "HandshakeConstraintViolationException",
                      400, "The provided account is already a member of an organization."));
}

TEST_F(OrganizationsTest, ACanceledInvitationIsNotAcceptedAtTheSameTime) {
  const std::string handshake = invite(kB);
  const auto joining = world.prepare<shapes::AcceptHandshake>({handshake}, root(kB));
  world.must<shapes::CancelHandshake>({handshake});
  EXPECT_FALSE(world.commit(joining));
  EXPECT_TRUE(refused(world.call<shapes::AcceptHandshake>({handshake}, root(kB)), "InvalidHandshakeTransitionException",
                      400,
                      "You can't perform the operation on the handshake in its current state. For example, you can't "
                      "cancel a handshake that was already accepted or accept a handshake that was already declined."));
}

TEST_F(OrganizationsTest, NobodyBecomesAdministratorOfAServiceThatIsNotTrustedAnyMore) {
  join(kB);
  world.must<shapes::EnableAWSServiceAccess>({"iam.amazonaws.com"});
  const auto registering = world.prepare<shapes::RegisterDelegatedAdministrator>({kB, "iam.amazonaws.com"});
  world.must<shapes::DisableAWSServiceAccess>({"iam.amazonaws.com"});
  EXPECT_FALSE(world.commit(registering));
}

TEST_F(OrganizationsTest, StackSetsHasAPrincipalOfItsOwnForOrganizations) {
  EXPECT_TRUE(refused(world.call<shapes::EnableAWSServiceAccess>({"stacksets.cloudformation.amazonaws.com"}),
                      "InvalidInputException", 400, "You specified an unrecognized service principal."));
  world.must<shapes::EnableAWSServiceAccess>({"member.org.stacksets.cloudformation.amazonaws.com"});
}

TEST_F(OrganizationsTest, TheManagementAccountIsNobodysDelegate) {
  world.must<shapes::EnableAWSServiceAccess>({"iam.amazonaws.com"});
  EXPECT_TRUE(refused(
      world.call<shapes::RegisterDelegatedAdministrator>({kA, "iam.amazonaws.com"}), "ConstraintViolationException",
      400, "You cannot register management account/yourself as delegated administrator for your organization."));
}

TEST_F(OrganizationsTest, TwoFeaturesAreNotSwitchedOverEachOther) {
  world.must<shapes::EnableAWSServiceAccess>({"iam.amazonaws.com"});
  const auto enabling = world.prepare<iam::shapes::EnableOrganizationsRootSessions>({});
  world.must<shapes::EnableAWSServiceAccess>({"sso.amazonaws.com"});
  EXPECT_FALSE(world.commit(enabling));
}

TEST_F(OrganizationsTest, ACreatedAccountHasTheRoleAndNoRootKeys) {
  const auto asked = world.must<shapes::CreateAccount>({.email = "new@example.com", .account_name = "New"});
  EXPECT_EQ(asked.create_account_status->state, "IN_PROGRESS");
  EXPECT_FALSE(asked.create_account_status->account_id);
  const auto status = world.must<shapes::DescribeCreateAccountStatus>({*asked.create_account_status->id});
  EXPECT_EQ(status.create_account_status->state, "SUCCEEDED");
  const auto* made = world.snapshot().account(*AccountId::parse(*status.create_account_status->account_id));
  ASSERT_NE(made, nullptr);
  EXPECT_TRUE(made->account.root_keys.empty());
  const directory::Role* role = world.snapshot().role(made->account.id, "OrganizationAccountAccessRole");
  ASSERT_NE(role, nullptr);
  EXPECT_NE(role->trust.text().find("arn:aws:iam::111111111111:root"), std::string::npos);
  expect_consistent();

  const auto again = world.must<shapes::CreateAccount>({.email = "NEW@example.com", .account_name = "Again"});
  const auto failed = world.must<shapes::DescribeCreateAccountStatus>({*again.create_account_status->id});
  EXPECT_EQ(failed.create_account_status->failure_reason, "EMAIL_ALREADY_EXISTS");
  expect_consistent();
}

TEST_F(OrganizationsTest, ListsComeInPagesThatNothingMovesIn) {
  world.account_limits.in_organization = 100;
  for (int i = 0; i < 45; ++i) {
    world.must<shapes::CreateAccount>({.email = "a" + std::to_string(i) + "@example.com", .account_name = "A"});
  }
  std::size_t seen = 0, pages = 0;
  shapes::ListAccounts::Input in;
  do {
    const auto page = world.must<shapes::ListAccounts>(in);
    seen += page.accounts->size();
    EXPECT_LE(page.accounts->size(), 20U);
    in.next_token = page.next_token;
    ++pages;
  } while (in.next_token);
  EXPECT_EQ(seen, 46U);
  EXPECT_EQ(pages, 3U);
  EXPECT_TRUE(refused(world.call<shapes::ListAccounts>({.next_token = "bm9wZQ=="}), "InvalidInputException", 400,
                      "Get the value for the NextToken parameter from the response to a previous call of the "
                      "operation."));
}

TEST_F(OrganizationsTest, WhatIsLongOverIsForgotten) {
  for (int i = 0; i < 3; ++i) world.must<shapes::CancelHandshake>({invite(kB)});
  world.must<shapes::CreateAccount>({.email = "new@example.com", .account_name = "New"});
  EXPECT_EQ(organization().handshakes.size(), 3U);
  world.now += std::chrono::hours(91 * 24);
  invite(kB);
  world.must<shapes::CreateAccount>({.email = "newer@example.com", .account_name = "Newer"});
  EXPECT_EQ(organization().handshakes.size(), 1U);
  EXPECT_EQ(organization().creations.size(), 1U);
}

TEST_F(OrganizationsTest, ADeletedAccountLeavesItsOrganization) {
  using admin::shapes::DeleteAccount;
  join(kB);
  EXPECT_TRUE(refused(world.call<DeleteAccount>({kA, true}), "OrganizationNotEmptyException", 400,
                      "Account 111111111111 is the management account of the organization " +
                          organization().organization.id + ", which has other accounts. Remove them first."));
  while (world.must<DeleteAccount>({kB, false}).remaining > 0) {
  }
  EXPECT_FALSE(is_member(kB));
  expect_consistent();
  EXPECT_TRUE(refused(world.call<DeleteAccount>({kA, false}), "AccountNotEmptyException", 400,
                      "Account 111111111111 is the management account of the organization " +
                          organization().organization.id + ", which would be deleted with it."));
  const std::string caller = "333333333333";  // the operator has no account
  world.create_account(caller);
  while (world.must<DeleteAccount>({kA, true}, root(caller)).remaining > 0) {
  }
  EXPECT_TRUE(world.snapshot().organizations().empty());
}

// ---- Whom an invitation is for

TEST_F(OrganizationsTest, AnInvitationByEmailIsForWhoHadItThen) {
  const shapes::InviteAccountToOrganization::Input by_email{.target = {"cfo@corp.example", "EMAIL"}};
  EXPECT_TRUE(refused(world.call<shapes::InviteAccountToOrganization>(by_email), "InvalidInputException", 400,
                      "You specified an invalid email address for the invited account owner."));
  const char *kOwner = "333333333333", *kTaker = "444444444444";
  world.create_account(kOwner, "CFO@corp.example");
  const std::string handshake = *world.must<shapes::InviteAccountToOrganization>(by_email).handshake->id;
  while (world.must<admin::shapes::DeleteAccount>({kOwner, true}).remaining > 0) {
  }
  world.create_account(kTaker, "cfo@corp.example");
  EXPECT_FALSE(world.call<shapes::AcceptHandshake>({handshake}, root(kTaker)).ok());
  EXPECT_TRUE(world.must<shapes::ListHandshakesForAccount>({}, root(kTaker)).handshakes->empty());
  EXPECT_TRUE(refused(world.call<shapes::DescribeHandshake>({handshake}, root(kTaker)), "HandshakeNotFoundException",
                      400, "We can't find a handshake with the HandshakeId that you specified."));
  world.create_account(kOwner, "");
  EXPECT_FALSE(world.call<shapes::AcceptHandshake>({handshake}, root(kOwner)).ok()) << "another account of that id";
}

TEST_F(OrganizationsTest, AnEmailThatSeveralHaveInvitesNobody) {
  world.create_account("333333333333", "a@corp.example");
  world.create_account("444444444444", "A@corp.example");  // from before one email was for one account
  EXPECT_TRUE(refused(world.call<shapes::InviteAccountToOrganization>({.target = {"a@corp.example", "EMAIL"}}),
                      "InvalidInputException", 400,
                      "You specified an invalid email address for the invited account owner."));
}

TEST_F(OrganizationsTest, AnInvitationIsNotForTheNextAccountOfThatId) {
  const std::string handshake = invite(kB);
  while (world.must<admin::shapes::DeleteAccount>({kB, true}).remaining > 0) {
  }
  world.create_account(kB);
  EXPECT_FALSE(world.call<shapes::AcceptHandshake>({handshake}, root(kB)).ok());
  EXPECT_TRUE(world.must<shapes::ListHandshakesForAccount>({}, root(kB)).handshakes->empty());
  join(kB);  // a new one is
}

// ---- How many accounts

constexpr const char* kTooMany = "You have exceeded the allowed number of AWS accounts.";

TEST_F(OrganizationsTest, AnOrganizationHasTenAccountsAndOpenInvitations) {
  const auto create = [&](int i) {
    return world.call<shapes::CreateAccount>({.email = std::to_string(i) + "@example.com", .account_name = "A"});
  };
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(create(i).ok()) << i;
  const std::string handshake = invite(kB);
  EXPECT_TRUE(refused(create(8), "ConstraintViolationException", 400, kTooMany));
  world.create_account("333333333333");
  EXPECT_TRUE(refused(world.call<shapes::InviteAccountToOrganization>({.target = {"333333333333", "ACCOUNT"}}),
                      "ConstraintViolationException", 400, kTooMany));
  world.must<shapes::AcceptHandshake>({handshake}, root(kB));  // its place was kept
  EXPECT_TRUE(refused(create(8), "ConstraintViolationException", 400, kTooMany));
  world.account_limits.in_organization = 11;
  EXPECT_TRUE(create(8).ok());
  expect_consistent();
}

TEST_F(OrganizationsTest, TwoDoNotTakeTheLastPlaceAtOnce) {
  world.account_limits.in_organization = 2;
  world.create_account("333333333333");
  const auto one = world.prepare<shapes::InviteAccountToOrganization>({.target = {kB, "ACCOUNT"}});
  const auto two = world.prepare<shapes::InviteAccountToOrganization>({.target = {"333333333333", "ACCOUNT"}});
  EXPECT_TRUE(world.commit(one));
  EXPECT_FALSE(world.commit(two));
}

TEST_F(OrganizationsTest, AnAccountThatLeavesGivesNoPlaceBack) {
  world.account_limits.made_by_tenants = 3;
  for (int i = 0; i < 3; ++i) {
    const auto asked = world.must<shapes::CreateAccount>({std::to_string(i) + "@example.com", "A"});
    const auto status = world.must<shapes::DescribeCreateAccountStatus>({*asked.create_account_status->id});
    const std::string made = *status.create_account_status->account_id;
    world.must<shapes::LeaveOrganization>({}, root(made));
    world.must<shapes::CreateOrganization>({}, root(made));
    if (i == 2) {
      EXPECT_TRUE(refused(world.call<shapes::CreateAccount>({"x@example.com", "A"}, root(made)),
                          "ConstraintViolationException", 400, kTooMany));
    }
  }
  EXPECT_TRUE(refused(world.call<shapes::CreateAccount>({"x@example.com", "A"}), "ConstraintViolationException", 400,
                      kTooMany));
  world.must<admin::shapes::CreateAccount>({.account_id = "555555555555", .name = "the operator's do not count"});
}

TEST_F(OrganizationsTest, TwoOrganizationsDoNotTakeTheLastPlaceOrTheSameEmailAtOnce) {
  world.must<shapes::CreateOrganization>({}, root(kB));
  for (int round = 0; round < 2; ++round) {  // the first of all, and one after it
    const std::string email = std::to_string(round) + "@example.com";
    const auto one = world.prepare<shapes::CreateAccount>({email, "A"});
    const auto two = world.prepare<shapes::CreateAccount>({email, "A"}, root(kB));
    EXPECT_TRUE(world.commit(one));
    EXPECT_FALSE(world.commit(two));
  }
}

TEST_F(OrganizationsTest, WhatFailsOrIsCanceledHasABoundADay) {
  world.create_account("333333333333", "taken@example.com");
  for (std::uint32_t i = 0; i < services::AccountLimits::kLeastADay; ++i) {
    world.must<shapes::CreateAccount>({"taken@example.com", "A"});
    world.must<shapes::CancelHandshake>({invite(kB)});
  }
  EXPECT_TRUE(refused(world.call<shapes::CreateAccount>({"taken@example.com", "A"}), "ConstraintViolationException",
                      400, "You attempted to exceed the number of accounts that you can create in one day."));
  EXPECT_TRUE(refused(world.call<shapes::InviteAccountToOrganization>({.target = {kB, "ACCOUNT"}}),
                      "ConstraintViolationException", 400,
                      "You attempted to exceed the number of handshakes that you can send in one day."));
  const auto gone = world.prepare<shapes::DeleteOrganization>({});
  EXPECT_EQ(gone.writes().size(), 2U + 2 * services::AccountLimits::kLeastADay) << "a deleted organization leaves none";
  EXPECT_LE(gone.writes().size() + gone.guards().size() + 1, 100U) << "store::kMaxOperations, and the caller's account";
  world.now += std::chrono::hours(24);
  invite(kB);
}

// ---- Ids of accounts that are gone

TEST_F(OrganizationsTest, AnIdIsNotGivenAgainUnlessTheOperatorSaysSo) {
  while (world.must<admin::shapes::DeleteAccount>({kB, true}).remaining > 0) {
  }
  EXPECT_TRUE(refused(world.call<admin::shapes::CreateAccount>({.account_id = kB, .name = "B"}),
                      "AccountIdUsedException", 400,
                      "Account 222222222222 was deleted on 2026-07-24T10:11:12Z. Whatever still trusts it, as policies "
                      "of other accounts may, would trust the new one. Choose another id, or say that you know: "
                      "--reuse-id."));
  world.must<admin::shapes::CreateAccount>({.account_id = kB, .name = "B", .reuse_id = true});
  EXPECT_EQ(world.snapshot().deleted_account(*AccountId::parse(kB)), nullptr);
}

TEST_F(OrganizationsTest, AnEmailIsOfOneAccount) {
  world.must<admin::shapes::CreateAccount>({.account_id = "333333333333", .name = "C", .email = "c@example.com"});
  EXPECT_TRUE(refused(
      world.call<admin::shapes::CreateAccount>({.account_id = "444444444444", .name = "D", .email = "C@example.com"}),
      "AccountAlreadyExistsException", 400, "Account 333333333333 has the email C@example.com already."));
}

}  // namespace
}  // namespace deputy::organizations
