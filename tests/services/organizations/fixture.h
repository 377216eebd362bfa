// A world in which account A has made an organization.
#pragma once

#include <string>
#include <vector>

#include "protocol/organizations/accept_handshake.h"
#include "protocol/organizations/create_organization.h"
#include "protocol/organizations/invite_account_to_organization.h"
#include "support/world.h"

namespace deputy::organizations {

using tests::kA;
using tests::kB;
using tests::refused;
using tests::root;
using tests::World;

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

  World world;
};

}  // namespace deputy::organizations
