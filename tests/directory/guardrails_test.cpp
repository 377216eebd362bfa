// Which policies bind an account, by what is stored of its organization.
#include "directory/guardrails.h"

#include <gtest/gtest.h>

#include <functional>
#include <tuple>

#include "directory/committed.h"

namespace deputy::directory {
namespace {

const AccountId kManagement = *AccountId::parse("111111111111"), kMember = *AccountId::parse("222222222222");
constexpr const char* kOrganization = "o-abcdefghij";

/// root > ou-ab12-top > ou-ab12-low > the member; both types are on.
class GuardrailsTest : public testing::Test {
 protected:
  GuardrailsTest() {
    for (const AccountId& id : {kManagement, kMember}) {
      Account account;
      account.id = id;
      made.create(account);
    }
    organization.id = kOrganization;
    organization.root = "r-ab12";
    organization.management = kManagement;
    organization.policy_types = {{PolicyType::kServiceControl, 1}, {PolicyType::kResourceControl, 2}};
    organization.generation = 2;
    top.organization = low.organization = kOrganization;
    top.id = "ou-ab12-top";
    low.id = "ou-ab12-low";
    low.parent = top.id;
    member.account = kMember;
    manager.account = kManagement;
    member.organization = manager.organization = kOrganization;
    member.unit = low.id;
    deny.organization = kOrganization;
    deny.id = "p-denydeny";
    deny.service_control =
        PolicyText(R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iam:*","Resource":"*"}})");
  }

  SnapshotPtr snapshot() {
    Changes all = made;
    all.append(created(organization, top, low, member, manager, deny));
    return committed(Snapshot::empty({}), all);
  }
  template <class Entity>
  static SnapshotPtr write(const SnapshotPtr& to, const Entity& entity) {
    Changes changes;
    changes.update(entity);
    return committed(to, changes, to->revision() + 1);
  }

  static const Guardrails& of(const Snapshot& snapshot, const AccountId& account = kMember) {
    const OrganizationState& in = *snapshot.organization(kOrganization);
    return *in.guardrails_of(*in.members.get(account.view()));
  }
  /// The ids by level, "p-FullAWSAccess | p-FullAWSAccess p-x | …".
  static std::string ids(const Guardrails& over, PolicyType type = PolicyType::kServiceControl) {
    std::string text;
    for (const auto& level : over.levels()) {
      if (!text.empty()) text += " | ";
      const auto& bound = type == PolicyType::kServiceControl ? level->service_control : level->resource_control;
      for (std::size_t i = 0; i < bound.policies.size(); ++i) {
        EXPECT_EQ(bound.policies[i]->compiled(), bound.compiled[i]);
        text += (i == 0 ? "" : " ") + bound.policies[i]->id;
      }
    }
    return text;
  }
  static bool is_lost(const Guardrails& over) {
    return over.scp().size() == 1 && over.scp()[0].empty() && over.rcp().size() == 1 && over.rcp()[0].empty();
  }
  [[nodiscard]] std::vector<AttachedPolicies> attach(std::vector<std::string> ids, std::uint32_t generation = 1) const {
    return {{PolicyType::kServiceControl, generation, std::move(ids)}};
  }

  Changes made;
  Organization organization;
  OrganizationalUnit top, low;
  Membership member, manager;
  OrganizationPolicy deny;
};

TEST_F(GuardrailsTest, EveryLevelHasFullAccessFromTheMomentItsTypeIsOn) {
  const SnapshotPtr now = snapshot();
  EXPECT_EQ(ids(of(*now)), "p-FullAWSAccess | p-FullAWSAccess | p-FullAWSAccess | p-FullAWSAccess");
  EXPECT_EQ(ids(of(*now), PolicyType::kResourceControl),
            "p-RCPFullAWSAccess | p-RCPFullAWSAccess | p-RCPFullAWSAccess | p-RCPFullAWSAccess");
  EXPECT_EQ(of(*now).scp().size(), 4U);
  EXPECT_EQ(of(*now).rcp().size(), 4U);
}

TEST_F(GuardrailsTest, TheManagementAccountIsBoundByNothing) {
  const SnapshotPtr now = snapshot();
  const OrganizationState& in = *now->organization(kOrganization);
  EXPECT_EQ(in.guardrails_of(*in.members.get(kManagement.view())), nullptr);
}

TEST_F(GuardrailsTest, ATypeThatIsOffAsksNobody) {
  organization.policy_types = {{PolicyType::kResourceControl, 2}};
  const SnapshotPtr now = snapshot();
  EXPECT_TRUE(of(*now).scp().empty());
  EXPECT_EQ(of(*now).rcp().size(), 4U);
}

TEST_F(GuardrailsTest, WhatIsAttachedStandsInItsLevelInOrder) {
  organization.attached = attach({"p-FullAWSAccess", deny.id});
  low.attached = attach({deny.id});
  member.attached = attach({deny.id, "p-FullAWSAccess"});
  EXPECT_EQ(ids(of(*snapshot())),
            "p-FullAWSAccess p-denydeny | p-FullAWSAccess | p-denydeny | p-denydeny p-FullAWSAccess");
}

TEST_F(GuardrailsTest, WhatWasAttachedBeforeATypeWasTurnedOffCountsNoMore) {
  organization.attached = attach({deny.id});
  member.attached = attach({deny.id});
  organization.policy_types[0].generation = organization.generation = 3;
  EXPECT_EQ(ids(of(*snapshot())), "p-FullAWSAccess | p-FullAWSAccess | p-FullAWSAccess | p-FullAWSAccess");
}

TEST_F(GuardrailsTest, EachWriteIsInForceInTheNextSnapshotAndInNoEarlierOne) {
  const SnapshotPtr first = snapshot();
  const std::string all = "p-FullAWSAccess | p-FullAWSAccess | p-FullAWSAccess | p-FullAWSAccess";
  organization.attached = attach({deny.id});
  SnapshotPtr now = write(first, organization);
  EXPECT_EQ(ids(of(*now)), "p-denydeny | p-FullAWSAccess | p-FullAWSAccess | p-FullAWSAccess");
  organization.attached = {};
  now = write(now, organization);
  EXPECT_EQ(ids(of(*now)), all);
  top.attached = attach({deny.id});
  now = write(now, top);
  EXPECT_EQ(ids(of(*now)), "p-FullAWSAccess | p-denydeny | p-FullAWSAccess | p-FullAWSAccess");
  member.attached = attach({deny.id});
  now = write(now, member);
  EXPECT_EQ(ids(of(*now)), "p-FullAWSAccess | p-denydeny | p-FullAWSAccess | p-denydeny");
  member.unit.clear();
  now = write(now, member);
  EXPECT_EQ(ids(of(*now)), "p-FullAWSAccess | p-denydeny");
  EXPECT_EQ(now->organization(kOrganization)->path_of(member), "o-abcdefghij/r-ab12/");
  member.attached = {};
  now = write(now, member);
  EXPECT_EQ(ids(of(*now)), "p-FullAWSAccess | p-FullAWSAccess");
  EXPECT_EQ(ids(of(*first)), all);
}

TEST_F(GuardrailsTest, APolicyThatChangesIsBoundAnew) {
  low.attached = attach({deny.id});
  const SnapshotPtr first = snapshot();
  const auto* before = of(*first).scp()[2][0];
  deny.service_control =
      PolicyText(R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}})");
  const SnapshotPtr now = write(first, deny);
  EXPECT_NE(of(*now).scp()[2][0], before);
  EXPECT_EQ(of(*first).scp()[2][0], before);
}

TEST_F(GuardrailsTest, PathsFollowTheUnits) {
  const SnapshotPtr now = snapshot();
  const OrganizationState& in = *now->organization(kOrganization);
  EXPECT_EQ(in.path_of(*in.members.get(kMember.view())), "o-abcdefghij/r-ab12/ou-ab12-top/ou-ab12-low/");
  EXPECT_EQ(in.path_of(*in.members.get(kManagement.view())), "o-abcdefghij/r-ab12/");
}

/// Nobody knows what stood in what cannot be read: it allows nothing.
TEST_F(GuardrailsTest, WhatIsNotThereAllowsNothing) {
  struct Case {
    const char* what;
    std::function<void()> damage;
  };
  const Case cases[] = {
      {"a policy of the root", [&] { organization.attached = attach({"p-goneaway"}); }},
      {"a policy of a unit", [&] { top.attached = attach({"p-goneaway"}); }},
      {"a policy of the account", [&] { member.attached = attach({"p-goneaway"}); }},
      {"its unit", [&] { member.unit = "ou-ab12-gone"; }},
      {"its unit, with policies of its own",
       [&] {
         member.unit = "ou-ab12-gone";
         member.attached = attach({deny.id});
       }},
      {"the unit above", [&] { low.parent = "ou-ab12-gone"; }},
      {"an end of the tree", [&] { top.parent = low.id; }},
  };
  for (const Case& c : cases) {
    const auto sound = std::tuple(organization, top, low, member);
    c.damage();
    EXPECT_TRUE(is_lost(of(*snapshot()))) << c.what;
    std::tie(organization, top, low, member) = sound;
  }
  EXPECT_FALSE(is_lost(of(*snapshot())));
}

TEST(PolicyTypeTest, NamesLeadBack) {
  for (std::uint32_t number = 1; number <= static_cast<std::uint32_t>(kLastPolicyType); ++number) {
    const auto type = static_cast<PolicyType>(number);
    EXPECT_EQ(policy_type(name_of(type)), type);
  }
  EXPECT_EQ(policy_type("SERVICE_CONTROL"), std::nullopt);
}

}  // namespace
}  // namespace deputy::directory
