// A world in which account A has made an organization.
#pragma once

#include <string>
#include <vector>

#include "protocol/organizations/accept_handshake.h"
#include "protocol/organizations/create_organization.h"
#include "protocol/organizations/invite_account_to_organization.h"
#include "services/admin/table.h"
#include "services/iam/world.h"
#include "services/organizations/table.h"

namespace deputy::organizations {

using iam::kA;
using iam::kB;
using iam::refused;
using iam::root;
using iam::World;

inline std::vector<services::Binding> all() {
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

}  // namespace deputy::organizations
