#include "directory/codec.h"

#include <gtest/gtest.h>

#include "directory/changes.h"
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

TEST(CodecTest, UnknownFieldsAndCutOffValuesAreRefused) {
  PolicyPool pool;
  Bucket bucket;
  bucket.account = *AccountId::parse("111111111111");
  bucket.name = "b";
  bucket.created = from_epoch_seconds(1);
  const std::string bytes = encode(bucket);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = decode<Bucket>(std::string_view(bytes).substr(0, size), pool);
    EXPECT_TRUE(!cut || encode(*cut) != bytes) << size;
  }
  EXPECT_FALSE(decode<Bucket>(bytes + std::string("\x63\x01x", 3), pool));
  EXPECT_FALSE(decode<Bucket>("\x02" + bytes.substr(1), pool));
}

TEST(SnapshotTest, ARenamedUserKeepsItsIdAndItsKeys) {
  Account account;
  account.id = *AccountId::parse("111111111111");
  User user;
  user.account = account.id;
  user.id = UniqueId("AIDAAAAAAAAAAAAAAAAAA");
  user.path = "/";
  user.name = "before";
  user.access_keys.push_back({"AKIAX", "sealed", true, {}});
  Changes made;
  made.create(account);
  made.create(user);
  const auto apply = [](const SnapshotPtr& to, Revision revision, const Changes& changes) {
    std::vector<StoredChange> stored;
    for (const auto& w : changes.writes()) {
      stored.push_back({w.key, w.value ? std::optional<std::string_view>(*w.value) : std::nullopt});
    }
    return *to->apply(revision, stored);
  };
  const SnapshotPtr before = apply(Snapshot::empty({}), 1, made);
  User renamed = *before->user(account.id, "before");
  renamed.name = "After";
  Changes moved;
  moved.rename(*before->user(account.id, "before"), renamed);
  const SnapshotPtr after = apply(before, 2, moved);
  EXPECT_EQ(after->user(account.id, "before"), nullptr);
  EXPECT_EQ(after->arn_of(user.id), "arn:aws:iam::111111111111:user/After");
  ASSERT_TRUE(after->access_key("AKIAX"));
  EXPECT_EQ(after->access_key("AKIAX")->user->name, "After");
  EXPECT_NE(before->user(account.id, "before"), nullptr);  // the old snapshot stays as it was
}

}  // namespace
}  // namespace deputy::directory
