// What can be written can be read: the codec and the reading of entries at and beyond the ends of every member.
#include "directory/reading.h"

#include <gtest/gtest.h>

#include <set>
#include <typeinfo>

#include "directory/changes.h"
#include "directory/extremes.h"
#include "directory/snapshot.h"

namespace deputy::directory {
namespace {

const AccountId& owner() {
  static const AccountId kId = *AccountId::parse("111111111111");
  return kId;
}

TEST(ReadingTest, EveryMemberAtItsEndsDecodesToItself) {
  PolicyPool pool;
  for (const Extreme& how : {Extreme{.high = true}, Extreme{.high = false}, Extreme{.high = true, .text = 1}}) {
    each_entity([&](auto entity) {
      Filler filler(how);
      fields(filler, entity);
      const std::string bytes = encode(entity);
      const auto again = decode<decltype(entity)>(bytes, pool);
      ASSERT_TRUE(again) << typeid(entity).name() << ": " << again.error();
      EXPECT_EQ(encode(*again), bytes) << typeid(entity).name();
      EXPECT_EQ(key_of(*again), key_of(entity)) << typeid(entity).name();
    });
  }
}

TEST(ReadingTest, ATimeBeyondWhatCanBeKeptIsRefusedWhereverItStands) {
  PolicyPool pool;
  for (const bool high : {true, false}) {
    each_entity([&](auto entity) {
      Filler filler({.high = high, .beyond = true, .text = 8});
      fields(filler, entity);
      if (filler.times() == 0) return;
      EXPECT_FALSE(decode<decltype(entity)>(encode(entity), pool)) << typeid(entity).name();
    });
  }
}

/// The key of each kind leads to the place of that kind, and to no other one.
TEST(ReadingTest, EveryEntityHasAPlace) {
  std::set<Place::Kind> seen;
  each_entity([&](auto entity) {
    if constexpr (requires { entity.account; }) entity.account = owner();
    if constexpr (requires { entity.organization; }) entity.organization = "o-abcdefghij";
    if constexpr (std::is_same_v<decltype(entity), Account>) entity.id = owner();
    if constexpr (std::is_same_v<decltype(entity), Organization>) entity.id = "o-abcdefghij";
    const std::string key = key_of(entity);
    const auto place = Place::of(key);
    ASSERT_TRUE(place) << key << ": " << place.error();
    EXPECT_TRUE(seen.insert(place->kind).second) << key;
    const bool is_part = key.starts_with("account/111111111111/") || key.starts_with("organization/o-abcdefghij/");
    EXPECT_EQ(place->owner.empty(), !is_part && key != "account/111111111111" && key != "organization/o-abcdefghij")
        << key;
  });
}

/// The store's format: what older data folders hold. A line that changes here is a data folder that no longer opens.
TEST(ReadingTest, KeysStayWhatTheyWere) {
  const auto named = [](auto entity) {
    if constexpr (requires { entity.account; }) entity.account = owner();
    if constexpr (requires { entity.organization; }) entity.organization = "o-abcdefghij";
    if constexpr (requires { entity.path; }) entity.path = "/Team/";
    if constexpr (requires { entity.name; }) entity.name = "Deploy";
    return entity;
  };
  Account account;
  account.id = owner();
  Organization organization;
  organization.id = "o-abcdefghij";
  auto oidc = named(OidcProvider());
  oidc.url = "example.com/Path";
  UsedAssertion used;
  used.usable_until = from_epoch_seconds(1790000000);
  used.digest = "abcd";
  TokenKey key;
  key.number = 7;
  Handshake handshake = named(Handshake());
  handshake.id = "h-1";
  OrganizationalUnit unit = named(OrganizationalUnit());
  unit.id = "ou-ab12-1";
  OrganizationPolicy of_organization = named(OrganizationPolicy());
  of_organization.id = "p-1";
  AccountCreation creation = named(AccountCreation());
  creation.id = "car-1";
  const std::pair<std::string, std::string> cases[] = {
      {key_of(account), "account/111111111111"},
      {key_of(named(User())), "account/111111111111/user/deploy"},
      {key_of(named(Group())), "account/111111111111/group/deploy"},
      {key_of(named(Role())), "account/111111111111/role/deploy"},
      {key_of(named(ManagedPolicy())), "account/111111111111/policy/deploy"},
      {key_of(named(InstanceProfile())), "account/111111111111/instance-profile/deploy"},
      {key_of(named(SamlProvider())), "account/111111111111/saml-provider/deploy"},
      {key_of(oidc), "account/111111111111/oidc-provider/example.com/Path"},
      {key_of(named(MfaDevice())), "account/111111111111/mfa/team/deploy"},
      {key_of(named(CredentialReport())), "account/111111111111/credential-report/last"},
      {key_of(named(Membership())), "account/111111111111/membership/organization"},
      {key_of(organization), "organization/o-abcdefghij"},
      {key_of(handshake), "organization/o-abcdefghij/handshake/h-1"},
      {key_of(creation), "organization/o-abcdefghij/creation/car-1"},
      {key_of(unit), "organization/o-abcdefghij/unit/ou-ab12-1"},
      {key_of(of_organization), "organization/o-abcdefghij/organization-policy/p-1"},
      {key_of(named(DelegationPolicy())), "organization/o-abcdefghij/resource-policy/organization"},
      {key_of(named(Bucket())), "bucket/Deploy"},
      {key_of(used), "used-assertion/001790000000/abcd"},
      {key_of(key), "token-key/0000000007"},
      {key_of(named(DeletedAccount())), "deleted-account/111111111111"},
      {key_of(TenantAccounts()), "tenant-accounts"},
      {access_key_guard("AKIAX"), "access-key/AKIAX"},
      {alias_guard("acme"), "alias/acme"},
      {last_use_key("AKIAX"), "last-use/AKIAX"},
  };
  for (const auto& [made, stored] : cases) EXPECT_EQ(made, stored);
}

StoredEntry entry(std::string_view key, std::string_view value, Revision revision = 1) {
  return {key, value, revision, {}};
}

/// An account with a user in a group, both with an attached policy, and an organization that it is in.
class SetAsideTest : public testing::Test {
 protected:
  SetAsideTest() {
    Account account;
    account.id = owner();
    Organization organization;
    organization.id = "o-abcdefghij";
    organization.management = account.id;
    Membership member;
    member.account = account.id;
    member.organization = organization.id;
    ManagedPolicy policy;
    policy.account = account.id;
    policy.path = "/";
    policy.name = "Guard";
    policy.versions.push_back(
        {1, PolicyText(R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]})"), {}});
    Group group;
    group.account = account.id;
    group.id = UniqueId("AGPAAAAAAAAAAAAAAAAAA");
    group.path = "/";
    group.name = "staff";
    User user;
    user.account = account.id;
    user.id = UniqueId("AIDAAAAAAAAAAAAAAAAAA");
    user.path = "/";
    user.name = "bob";
    user.groups.push_back(group.id);
    user.access_keys.push_back({"AKIAX", "sealed", true, {}});
    UsedAssertion used;
    used.usable_until = from_epoch_seconds(1790000000);
    used.digest = "abcd";
    LastUse use;
    Changes changes;
    changes.create(account);
    changes.create(group);
    changes.create(policy);
    changes.create(user);
    changes.create(member);
    changes.create(organization);
    changes.create(used);
    changes.remember_use("AKIAX", use);
    for (const auto& write : changes.writes()) stored_[write.key] = *write.value;
  }

  /// With one entry damaged, named by the end of its key.
  SnapshotPtr damaged(const std::string& end) {
    std::vector<StoredEntry> entries;
    std::size_t hit = 0;
    for (auto& [key, value] : stored_) {
      const bool here = key.ends_with(end);
      hit += here ? 1 : 0;
      entries.push_back(entry(key, here ? std::string_view("\x01\x63\x01x", 4) : std::string_view(value)));
    }
    EXPECT_EQ(hit, 1U) << end;
    return Snapshot::empty({})->load(7, entries);
  }

  std::map<std::string, std::string> stored_;
};

TEST_F(SetAsideTest, WithoutDamageNothingIsSetAside) {
  std::vector<StoredEntry> entries;
  for (const auto& [key, value] : stored_) entries.push_back(entry(key, value));
  const SnapshotPtr all = Snapshot::empty({})->load(7, entries);
  EXPECT_TRUE(all->unreadable().empty());
  EXPECT_TRUE(all->account(owner())->is_open());
  EXPECT_TRUE(all->access_key("AKIAX"));
}

TEST_F(SetAsideTest, AnAccountLetsNobodyInAndKeepsWhatItHas) {
  const SnapshotPtr left = damaged("account/111111111111");
  ASSERT_NE(left->account(owner()), nullptr);
  EXPECT_FALSE(left->account(owner())->is_open());
  EXPECT_NE(left->user(owner(), "bob"), nullptr);
  EXPECT_EQ(left->unreadable().get("account/111111111111")->revision, 1U);
}

TEST_F(SetAsideTest, AMembershipThatCannotBeReadOrNamesNothingRefusesItsAccount) {
  EXPECT_FALSE(damaged("/membership/organization")->account(owner())->is_open());
  const SnapshotPtr gone = damaged("organization/o-abcdefghij");
  EXPECT_FALSE(gone->account(owner())->is_open());
  EXPECT_EQ(gone->unreadable().size(), 2U);  // the organization, and the membership of it
  const StoredChange remove{"account/111111111111/membership/organization", std::nullopt};
  EXPECT_TRUE((*gone->apply(8, {&remove, 1}))->account(owner())->is_open());
}

TEST_F(SetAsideTest, AUserIsNobody) {
  const SnapshotPtr left = damaged("/user/bob");
  EXPECT_EQ(left->user(owner(), "bob"), nullptr);
  EXPECT_FALSE(left->access_key("AKIAX"));
  EXPECT_TRUE(left->account(owner())->is_open());
}

TEST_F(SetAsideTest, APolicyIsKnownToBeUnreadable) {
  const SnapshotPtr left = damaged("/policy/guard");
  EXPECT_EQ(left->policy_by_arn("arn:aws:iam::111111111111:policy/Guard"), nullptr);
  EXPECT_TRUE(left->is_unreadable_policy("arn:aws:iam::111111111111:policy/Guard"));
  EXPECT_FALSE(left->is_unreadable_policy("arn:aws:iam::111111111111:policy/Other"));
}

TEST_F(SetAsideTest, AnAssertionStaysUsed) {
  UsedAssertion mark;
  mark.usable_until = from_epoch_seconds(1790000000);
  mark.digest = "abcd";
  EXPECT_NE(damaged("/abcd")->used_assertion(mark), nullptr);
}

TEST_F(SetAsideTest, ALastUseIsOfNoConsequence) { EXPECT_TRUE(damaged("last-use/AKIAX")->unreadable().empty()); }

TEST_F(SetAsideTest, WhatIsRemovedIsNoLongerThere) {
  const SnapshotPtr left = damaged("account/111111111111");
  const StoredChange remove{"account/111111111111", std::nullopt};
  const SnapshotPtr without = *left->apply(8, {&remove, 1});
  EXPECT_TRUE(without->unreadable().empty());
  EXPECT_EQ(without->account(owner()), nullptr);
}

}  // namespace
}  // namespace deputy::directory
