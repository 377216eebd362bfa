// Changes that build on each other: what the next one sees, and what the one commit at the end is guarded by.
#include "directory/draft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/committed.h"

namespace deputy::directory {
namespace {

using testing::UnorderedElementsAre;

const AccountId& owner() {
  static const AccountId kId = *AccountId::parse("111111111111");
  return kId;
}

User user(std::string name, Revision revision = 0) {
  User user;
  user.account = owner();
  user.id = UniqueId("AIDA" + name);
  user.path = "/";
  user.name = std::move(name);
  user.revision = revision;
  return user;
}

/// An account with the user "there", at revision 7.
SnapshotPtr base() {
  Account account;
  account.id = owner();
  account.name = "A";
  return committed(Snapshot::empty({}), created(account, user("there")), 7);
}

Changes updated(const User& user) {
  Changes changes;
  changes.update(user);
  return changes;
}
Changes erased(const User& user) {
  Changes changes;
  changes.erase(user);
  return changes;
}

TEST(DraftTest, TheNextChangeSeesTheOneBeforeAndTheSnapshotDoesNot) {
  const SnapshotPtr from = base();
  Draft draft(*from);
  ASSERT_TRUE(*draft.add(created(user("new"))));
  ASSERT_NE(draft.now().user(owner(), "new"), nullptr);
  EXPECT_EQ(from->user(owner(), "new"), nullptr);
  User changed = *draft.now().user(owner(), "new");
  changed.path = "/team/";
  ASSERT_TRUE(*draft.add(updated(changed)));
  EXPECT_EQ(draft.now().user(owner(), "new")->path, "/team/");
  // One write, guarded as the store has it: by its absence, not by what the draft made of it.
  EXPECT_THAT(guards(draft.take()), UnorderedElementsAre("account/111111111111/user/new@0"));
  EXPECT_THAT(writes(draft.take()), UnorderedElementsAre("+account/111111111111/user/new"));
  EXPECT_TRUE(draft.take().is_bulk());
}

TEST(DraftTest, WhatIsSoAlreadyIsNoChange) {
  const SnapshotPtr from = base();
  Draft draft(*from);
  EXPECT_FALSE(*draft.add(updated(*from->user(owner(), "there"))));
  EXPECT_FALSE(*draft.add(Changes()));
  EXPECT_THAT(guards(draft.take()), testing::IsEmpty());
}

TEST(DraftTest, GuardsAreThoseOfTheStoreWhateverBecameOfAKey) {
  const SnapshotPtr from = base();
  const std::string key = "account/111111111111/user/there";
  {
    Draft draft(*from);
    ASSERT_TRUE(*draft.add(erased(*from->user(owner(), "there"))));
    EXPECT_EQ(draft.now().user(owner(), "there"), nullptr);
    ASSERT_TRUE(*draft.add(created(user("there"))));
    EXPECT_THAT(guards(draft.take()), UnorderedElementsAre(key + "@7"));
    EXPECT_THAT(writes(draft.take()), UnorderedElementsAre("+" + key, "-last-use/AIDAthere"));
  }
  {
    Draft draft(*from);  // made and gone again: only that it was not there
    ASSERT_TRUE(*draft.add(created(user("new"))));
    ASSERT_TRUE(*draft.add(erased(*draft.now().user(owner(), "new"))));
    EXPECT_THAT(guards(draft.take()), UnorderedElementsAre("account/111111111111/user/new@0"));
    EXPECT_THAT(writes(draft.take()), UnorderedElementsAre("-last-use/AIDAnew"));
  }
}

TEST(DraftTest, WhatAnOperationOnlyReliedOnIsGuardedToo) {
  const SnapshotPtr from = base();
  Draft draft(*from);
  Changes changes = created(user("new"));
  changes.require_unchanged(from->account(owner())->account);
  ASSERT_TRUE(*draft.add(changes));
  EXPECT_THAT(guards(draft.take()), UnorderedElementsAre("account/111111111111/user/new@0", "account/111111111111@7"));
}

TEST(DraftTest, KeysOfOthersAreFoundByTheirOwners) {
  const SnapshotPtr from = base();
  Draft draft(*from);
  User dana = user("dana");
  dana.access_keys.push_back({});
  dana.access_keys.back().id = "AKIAEXAMPLE000000000";
  Changes changes = created(dana);
  changes.claim_access_key("AKIAEXAMPLE000000000");
  ASSERT_TRUE(*draft.add(changes));
  const auto found = draft.now().access_key("AKIAEXAMPLE000000000");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user->name, "dana");
  EXPECT_FALSE(from->access_key("AKIAEXAMPLE000000000"));
}

}  // namespace
}  // namespace deputy::directory
