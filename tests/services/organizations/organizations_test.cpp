// What cannot be seen over the wire: that nothing that happens at the same time leaves an organization with accounts
// that it does not count, or an account in an organization that is gone.
#include <gtest/gtest.h>

#include <vector>

#include "protocol/admin/delete_account.h"
#include "protocol/iam/enable_organizations_root_sessions.h"
#include "protocol/organizations/accept_handshake.h"
#include "protocol/organizations/cancel_handshake.h"
#include "protocol/organizations/create_account.h"
#include "protocol/organizations/create_organization.h"
#include "protocol/organizations/delete_organization.h"
#include "protocol/organizations/describe_create_account_status.h"
#include "protocol/organizations/disable_aws_service_access.h"
#include "protocol/organizations/enable_aws_service_access.h"
#include "protocol/organizations/invite_account_to_organization.h"
#include "protocol/organizations/leave_organization.h"
#include "protocol/organizations/list_accounts.h"
#include "protocol/organizations/register_delegated_administrator.h"
#include "protocol/organizations/remove_account_from_organization.h"
#include "services/admin/table.h"
#include "services/iam/world.h"
#include "services/organizations/table.h"

namespace deputy::organizations {
namespace {

using iam::kA;
using iam::kB;
using iam::refused;
using iam::root;
using iam::World;

std::vector<services::Binding> all() {
  std::vector<services::Binding> bindings;
  for (const auto part : {organizations::bindings(), iam::iam_bindings(), admin::bindings()}) {
    bindings.insert(bindings.end(), part.begin(), part.end());
  }
  return bindings;
}

class OrganizationsTest : public testing::Test {
 protected:
  OrganizationsTest() { world.must<shapes::CreateOrganization>({}); }

  const directory::OrganizationState& organization() {
    return *world.snapshot().organization_of(*world.snapshot().account(*AccountId::parse(kA)));
  }
  std::string invite(const char* account) {
    return *world.must<shapes::InviteAccountToOrganization>({.target = {account, "ACCOUNT"}}).handshake->id;
  }
  void join(const char* account) { world.must<shapes::AcceptHandshake>({invite(account)}, root(account)); }
  bool is_member(const char* account) { return organization().members.get(account) != nullptr; }
  /// Every account that the organization counts is a member, and knows it.
  void expect_consistent() {
    EXPECT_EQ(organization().organization.accounts, organization().members.size());
    world.snapshot().accounts().each([&](const directory::AccountState& account) {
      EXPECT_EQ(account.membership != nullptr, is_member(account.account.id.str().c_str()));
    });
  }

  const std::vector<services::Binding> bindings = all();
  World world{bindings};
};

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

}  // namespace
}  // namespace deputy::organizations
