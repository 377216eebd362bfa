// What an operation wants written: the keys, the guards, and what goes along with them.
#include "directory/changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/codec.h"
#include "directory/committed.h"
#include "directory/extremes.h"

namespace deputy::directory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const AccountId kA = *AccountId::parse("111111111111");

template <class Entity>
Entity named(std::string name, const char* id, Revision revision = 0) {
  Entity entity;
  entity.account = kA;
  entity.id = UniqueId(id);
  entity.path = "/";
  entity.name = std::move(name);
  entity.revision = revision;
  return entity;
}
User user(std::string name, Revision revision = 0) { return named<User>(std::move(name), "AIDAX", revision); }

TEST(ChangesTest, EachWriteIsGuardedByWhatWasRead) {
  Changes changes;
  EXPECT_TRUE(changes.empty());
  changes.create(user("new", 7));  // its revision does not matter: the name must be free
  changes.update(user("there", 8));
  changes.erase(named<Group>("gone", "AGPAX", 9));
  EXPECT_THAT(guards(changes), ElementsAre("account/111111111111/user/new@0", "account/111111111111/user/there@8",
                                           "account/111111111111/group/gone@9"));
  EXPECT_THAT(writes(changes), ElementsAre("+account/111111111111/user/new", "+account/111111111111/user/there",
                                           "-account/111111111111/group/gone"));
  EXPECT_EQ(changes.writes()[0].value, encode(user("new")));
  EXPECT_FALSE(changes.empty());
  EXPECT_FALSE(changes.is_bulk());
}

TEST(ChangesTest, WhatWasOnlyReliedOnIsGuardedAndNotWritten) {
  Changes changes;
  changes.require_unchanged(user("there", 8));
  EXPECT_THAT(guards(changes), ElementsAre("account/111111111111/user/there@8"));
  EXPECT_THAT(writes(changes), IsEmpty());
  EXPECT_TRUE(changes.empty());
}

TEST(ChangesTest, ARenameFreesTheOldNameAndClaimsTheNewOne) {
  User before = user("Dana", 8), after = before;
  after.name = "daniela";
  Changes changes;
  changes.rename(before, after);
  EXPECT_THAT(guards(changes), ElementsAre("account/111111111111/user/dana@8", "account/111111111111/user/daniela@0"));
  // Nothing is forgotten of its uses: they are its id's.
  EXPECT_THAT(writes(changes), ElementsAre("-account/111111111111/user/dana", "+account/111111111111/user/daniela"));

  after.name = "DANA";
  after.path = "/team/";
  Changes respelled;
  respelled.rename(before, after);
  EXPECT_THAT(guards(respelled), ElementsAre("account/111111111111/user/dana@8"));
  EXPECT_THAT(writes(respelled), ElementsAre("+account/111111111111/user/dana"));
}

TEST(ChangesTest, UsesAreForgottenWithWhatWasUsed) {
  Changes changes;
  changes.erase(user("dana"));
  changes.erase(named<Role>("deploy", "AROAX"));
  changes.release_access_key("AKIAX");
  EXPECT_THAT(writes(changes),
              ElementsAre("-account/111111111111/user/dana", "-last-use/AIDAX", "-account/111111111111/role/deploy",
                          "-last-use/AROAX", "-access-key/AKIAX", "-last-use/AKIAX"));
}

TEST(ChangesTest, NamesOfTheWholeServerAreClaimedOnceAndReleasedFreely) {
  Changes changes;
  changes.claim_access_key("AKIAX");
  changes.claim_alias("acme");
  EXPECT_THAT(guards(changes), ElementsAre("access-key/AKIAX@0", "alias/acme@0"));
  for (const auto& write : changes.writes()) EXPECT_EQ(write.value, "") << write.key;
  Changes released;
  released.release_alias("acme");
  EXPECT_THAT(guards(released), IsEmpty());
  EXPECT_THAT(writes(released), ElementsAre("-alias/acme"));
}

TEST(ChangesTest, AUseIsRememberedWhoeverWroteItLast) {
  Changes changes;
  changes.remember_use("AKIAX", {from_epoch_seconds(1790000000), "us-east-1", "iam"});
  EXPECT_THAT(guards(changes), IsEmpty());
  EXPECT_THAT(writes(changes), ElementsAre("+last-use/AKIAX"));
}

TEST(ChangesTest, TheOperatorsEntriesAreABulk) {
  Changes aside;
  aside.erase_unreadable("hat/x", 4);
  EXPECT_THAT(guards(aside), ElementsAre("hat/x@4"));
  EXPECT_THAT(writes(aside), ElementsAre("-hat/x"));
  EXPECT_FALSE(aside.is_bulk());
  const Changes all = Changes::of_entries({{"alias/a", 3}}, {{"alias/a", std::nullopt}, {"alias/b", ""}});
  EXPECT_TRUE(all.is_bulk());
  EXPECT_THAT(guards(all), ElementsAre("alias/a@3"));
  EXPECT_THAT(writes(all), ElementsAre("-alias/a", "+alias/b"));
}

TEST(ChangesTest, WhatIsAppendedFollows) {
  Changes first, second;
  first.create(user("a"));
  second.create(user("b"));
  second.require_unchanged(user("c", 3));
  first.append(std::move(second));
  EXPECT_THAT(writes(first), ElementsAre("+account/111111111111/user/a", "+account/111111111111/user/b"));
  EXPECT_THAT(guards(first), ElementsAre("account/111111111111/user/a@0", "account/111111111111/user/b@0",
                                         "account/111111111111/user/c@3"));
}

/// Every kind can be made, written, required, renamed to itself and erased under one key.
TEST(ChangesTest, EveryKindIsWrittenUnderItsKey) {
  each_entity([](auto entity) {
    Filler filler({.text = 4});
    fields(filler, entity);
    entity.revision = 5;
    const std::string key = key_of(entity);
    Changes changes;
    changes.create(entity);
    changes.update(entity);
    changes.rename(entity, entity);
    changes.require_unchanged(entity);
    changes.erase(entity);
    EXPECT_THAT(guards(changes), ElementsAre(key + "@0", key + "@5", key + "@5", key + "@5", key + "@5"));
    ASSERT_GE(changes.writes().size(), 4U) << key;
    for (int i = 0; i < 3; ++i) EXPECT_EQ(changes.writes()[static_cast<std::size_t>(i)].value, encode(entity)) << key;
    EXPECT_EQ(changes.writes()[3].value, std::nullopt) << key;
  });
}

}  // namespace
}  // namespace deputy::directory
