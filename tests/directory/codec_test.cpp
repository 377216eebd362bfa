#include "directory/codec.h"

#include <gtest/gtest.h>

#include "directory/changes.h"
#include "directory/leftovers.h"
#include "directory/snapshot.h"

namespace deputy::directory {
namespace {

TEST(CodecTest, ZeroIsNotTheDefaultOfAMember) {
  // Found by fuzz/entry_fuzz: a zero that was left out came back as the member's default.
  ManagedPolicy policy;
  policy.account = *AccountId::parse("111111111111");
  policy.default_version = 0;
  policy.next_version = 0;
  PolicyPool pool;
  const auto again = decode<ManagedPolicy>(encode(policy), pool);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->default_version, 0U);
  EXPECT_EQ(again->next_version, 0U);
}

TEST(CodecTest, AClockMayBeAheadAndBehind) {
  PolicyPool pool;
  for (const std::int32_t drift : {0, 1, -1, 60, -60, INT32_MAX, INT32_MIN}) {
    MfaDevice device;
    device.account = *AccountId::parse("111111111111");
    device.path = "/team/";
    device.name = "Phone";
    device.drift = drift;
    device.last_step = 59000000;
    device.failures = 5;
    device.locked_until = from_epoch_seconds(1790000000);
    const auto again = decode<MfaDevice>(encode(device), pool);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->drift, drift);
    EXPECT_EQ(again->last_step, device.last_step);
    EXPECT_EQ(again->failures, device.failures);
    EXPECT_EQ(again->locked_until, device.locked_until);
    EXPECT_EQ(key_of(*again), "account/111111111111/mfa/team/phone");
  }
}

TEST(CodecTest, AStructureIsThereOrNot) {
  PolicyPool pool;
  User user;
  user.account = *AccountId::parse("111111111111");
  user.name = "bob";
  const std::string without = encode(user);
  EXPECT_FALSE(decode<User>(without, pool)->login_profile);

  LoginProfile& profile = user.login_profile.emplace();
  profile.created = from_epoch_seconds(1790000000);
  profile.changed = from_epoch_seconds(1790000001);
  profile.reset_required = true;
  profile.password = {"salt", 14, 8, 5, "digest"};
  profile.former = {{"salt", 14, 8, 5, "older"}, {"other", 12, 8, 1, "oldest"}};
  const auto again = decode<User>(encode(user), pool);
  ASSERT_TRUE(again && again->login_profile);
  EXPECT_EQ(encode(*again), encode(user));
  EXPECT_EQ(again->login_profile->changed, profile.changed);
  EXPECT_TRUE(again->login_profile->reset_required);
  EXPECT_EQ(again->login_profile->former.at(1).log2_n, 12U);

  Account account;
  account.id = user.account;
  EXPECT_FALSE(decode<Account>(encode(account), pool)->password_policy);
  account.password_policy.emplace().minimum_length = 0;
  const auto strict = decode<Account>(encode(account), pool);
  ASSERT_TRUE(strict && strict->password_policy);
  EXPECT_EQ(strict->password_policy->minimum_length, 0U);
}

TEST(CodecTest, UnknownFieldsAndCutOffValuesAreRefused) {
  PolicyPool pool;
  Bucket bucket;
  bucket.account = *AccountId::parse("111111111111");
  bucket.name = "b";
  bucket.created = from_epoch_seconds(1);
  bucket.versioning = Versioning::kSuspended;  // else the last field says nothing new
  const std::string bytes = encode(bucket);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = decode<Bucket>(std::string_view(bytes).substr(0, size), pool);
    EXPECT_TRUE(!cut || encode(*cut) != bytes) << size;
  }
  EXPECT_FALSE(decode<Bucket>(bytes + std::string("\x63\x01x", 3), pool));
  EXPECT_FALSE(decode<Bucket>("\x02" + bytes.substr(1), pool));
}

TEST(CodecTest, ABucketOfBeforeHasTheAccessOfANewOne) {
  PolicyPool pool;
  const std::string before =
      "\x01\x01\x0c"
      "111111111111"
      "\x02\x01"
      "b"
      "\x04\x01\x07";
  const auto bucket = decode<Bucket>(before, pool);
  ASSERT_TRUE(bucket) << bucket.error();
  EXPECT_EQ(bucket->account.view(), "111111111111");
  EXPECT_FALSE(bucket->access.has_policy());
  EXPECT_EQ(bucket->access.policy.compiled(), nullptr);
  EXPECT_EQ(bucket->access.ownership, ObjectOwnership::kBucketOwnerEnforced);
  EXPECT_FALSE(bucket->access.acl);
  EXPECT_TRUE(bucket->access.has_public_access_block);
  EXPECT_EQ(bucket->access.public_access_block, PublicAccessBlock());
  EXPECT_EQ(encode(*bucket), encode(*decode<Bucket>(encode(*bucket), pool)));
}

TEST(CodecTest, TheAccessOfABucketIsKept) {
  PolicyPool pool;
  Bucket bucket;
  bucket.account = *AccountId::parse("111111111111");
  bucket.name = "b";
  bucket.access.policy = PolicyText(
      R"({"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}})");
  bucket.access.policy_principals = {{UniqueId("AIDAEXAMPLE"), "arn:aws:iam::111111111111:user/ada"}};
  bucket.access.ownership = ObjectOwnership::kNone;
  bucket.access.acl.emplace().grants = {
      {std::string(64, 'a'), AclGrant::Permission::kFullControl},
      {"http://acs.amazonaws.com/groups/global/AllUsers", AclGrant::Permission::kRead}};
  bucket.access.has_public_access_block = false;
  bucket.access.public_access_block.ignore_acls = false;
  const auto again = decode<Bucket>(encode(bucket), pool);
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(again->access.policy.text(), bucket.access.policy.text());
  EXPECT_NE(again->access.policy.compiled(), nullptr);
  EXPECT_EQ(again->access.policy_principals.at(0).arn, "arn:aws:iam::111111111111:user/ada");
  EXPECT_EQ(again->access.ownership, ObjectOwnership::kNone);
  EXPECT_EQ(again->access.acl, bucket.access.acl);
  EXPECT_TRUE(again->access.acl->grants[1].is_to_group());
  EXPECT_FALSE(again->access.has_public_access_block);
  EXPECT_FALSE(again->access.public_access_block.ignore_acls);
  EXPECT_TRUE(again->access.public_access_block.block_acls);

  bucket.access.acl->grants.clear();  // an ACL that grants nothing to anybody is not the one of a new bucket
  EXPECT_TRUE(decode<Bucket>(encode(bucket), pool)->access.acl);
}

/// Two accounts, the first of which manages an organization with both in it.
struct Together {
  Account first, second;
  Organization organization;
  Membership of_first, of_second;
  Handshake handshake;

  Together() {
    first.id = *AccountId::parse("111111111111");
    second.id = *AccountId::parse("222222222222");
    organization.id = "o-abcdefghij";
    organization.root = "r-ab12";
    organization.management = first.id;
    organization.trusted_services = {{"iam.amazonaws.com", from_epoch_seconds(7)}};
    organization.accounts = 2;
    of_first.account = first.id;
    of_second.account = second.id;
    of_first.organization = of_second.organization = handshake.organization = organization.id;
    of_second.created = true;
    of_second.delegations = {{"iam.amazonaws.com", from_epoch_seconds(8)}, {"sso.amazonaws.com", {}}};
    handshake.id = "h-12345678";
    handshake.target = "222222222222";
    handshake.state = Handshake::State::kAccepted;
  }
  /// All that there is, in the order in which a store gives it: accounts before organizations.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> stored() const {
    return {{key_of(first), encode(first)},
            {key_of(of_first), encode(of_first)},
            {key_of(second), encode(second)},
            {key_of(of_second), encode(of_second)},
            {key_of(organization), encode(organization)},
            {key_of(handshake), encode(handshake)}};
  }
};

std::vector<StoredChange> changes_of(const std::vector<std::pair<std::string, std::string>>& stored) {
  std::vector<StoredChange> changes;
  for (const auto& [key, value] : stored) changes.push_back({key, std::string_view(value)});
  return changes;
}

TEST(OrganizationTest, MembersFindTheirOrganizationWhicheverIsLoadedFirst) {
  const Together together;
  auto stored = together.stored();
  for (int order = 0; order < 2; ++order) {
    const SnapshotPtr snapshot = *Snapshot::empty({})->apply(3, changes_of(stored));
    const AccountState& second = *snapshot->account(together.second.id);
    const OrganizationState* in = snapshot->organization_of(second);
    ASSERT_NE(in, nullptr);
    EXPECT_EQ(in->organization.arn(), "arn:aws:organizations::111111111111:organization/o-abcdefghij");
    EXPECT_EQ(in->members.size(), 2U);
    EXPECT_TRUE(in->is_management(together.first.id));
    EXPECT_EQ(in->path_of(*second.membership), "o-abcdefghij/r-ab12/");
    EXPECT_TRUE(in->members.get("222222222222")->created);
    EXPECT_EQ(find_service(second.membership->delegations, "iam.amazonaws.com")->since, from_epoch_seconds(8));
    if (order == 0) {
      EXPECT_EQ(in->handshakes.get("h-12345678")->state, Handshake::State::kAccepted);
    }
    std::swap(stored[3], stored[4]);  // of one commit, in any order
  }
}

TEST(OrganizationTest, WhatGoesLeavesNobodyBehind) {
  const Together together;
  const SnapshotPtr both = *Snapshot::empty({})->apply(1, changes_of(together.stored()));
  const std::string member = key_of(together.second), organization = key_of(together.organization),
                    membership = key_of(together.of_first);
  const StoredChange closes{member, std::nullopt};
  const SnapshotPtr alone = *both->apply(2, {&closes, 1});
  EXPECT_EQ(alone->organization("o-abcdefghij")->members.size(), 1U);
  EXPECT_EQ(both->organization("o-abcdefghij")->members.size(), 2U);  // the old snapshot stays as it was
  const StoredChange ends[] = {{organization, std::nullopt}, {membership, std::nullopt}};
  const SnapshotPtr none = *alone->apply(3, ends);
  EXPECT_TRUE(none->organizations().empty());
  EXPECT_EQ(none->account(together.first.id)->membership, nullptr);

  // Its handshake is still stored: nobody's, and found as such.
  const auto stored = together.stored();
  std::vector<StoredChange> left{{stored[0].first, std::string_view(stored[0].second)},
                                 {stored[5].first, std::string_view(stored[5].second)}};
  EXPECT_EQ(leftovers(*none, left), std::vector<std::size_t>{1});
  EXPECT_TRUE(none->apply(4, {&left[1], 1}));
}

TEST(OrganizationTest, AHandshakeIsInAStateThatExists) {
  PolicyPool pool;
  Handshake handshake = Together().handshake;
  for (const std::uint32_t state : {1U, 4U, 0U, 5U}) {
    handshake.state = static_cast<Handshake::State>(state);
    EXPECT_EQ(decode<Handshake>(encode(handshake), pool).ok(), state >= 1 && state <= 4) << state;
  }
}

}  // namespace
}  // namespace deputy::directory
