// What a snapshot finds, by name, ARN, id, key, email and issuer, and what the next one shows after a change.
#include "directory/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/committed.h"

namespace deputy::directory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const AccountId kA = *AccountId::parse("111111111111"), kB = *AccountId::parse("222222222222");
constexpr const char* kAllow =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})";
constexpr const char* kTrust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]})";

Account account(const AccountId& id, std::string email = {}) {
  Account account;
  account.id = id;
  account.generation = UniqueId("ACCT" + id.str());
  account.name = "Account " + id.str();
  account.email = std::move(email);
  return account;
}

template <class Entity>
Entity named(std::string name, const AccountId& owner = kA) {
  Entity entity;
  entity.account = owner;
  entity.name = std::move(name);
  if constexpr (requires { entity.path; }) entity.path = "/Team/";
  if constexpr (requires { entity.trust; }) entity.trust = PolicyText(kTrust);
  if constexpr (requires { entity.versions; }) entity.versions.push_back({1, PolicyText(kAllow), {}});
  return entity;
}
template <>
OidcProvider named(std::string url, const AccountId& owner) {
  OidcProvider provider;
  provider.account = owner;
  provider.url = std::move(url);
  return provider;
}
template <class Entity>
Entity with_id(std::string name, std::string_view id, const AccountId& owner = kA) {
  Entity entity = named<Entity>(std::move(name), owner);
  entity.id = UniqueId(std::string(id));
  return entity;
}

User keyed(std::string name, std::string_view id, const char* key) {
  User user = with_id<User>(std::move(name), id);
  user.access_keys.push_back({key, "sealed", true, {}});
  return user;
}

constexpr const char *kFirst = "AIDAFIRSTAAAAAAAAAAAA", *kSecond = "AIDASECONDAAAAAAAAAAA";

class SnapshotsTest : public testing::Test {
 protected:
  SnapshotsTest() { commit(created(account(kA, "Owner@Example.com"), account(kB))); }
  void commit(const Changes& changes) { now_ = committed(now_, changes, ++revision_); }
  /// In this order, in one commit; nullptr deletes.
  void write(const std::vector<std::pair<std::string, const User*>>& writes) {
    std::vector<std::string> bytes;
    bytes.reserve(writes.size());
    std::vector<StoredChange> stored;
    for (const auto& [key, user] : writes) {
      if (user != nullptr) bytes.push_back(encode(*user));
      stored.push_back({key, user == nullptr ? std::nullopt : std::optional<std::string_view>(bytes.back())});
    }
    now_ = *now_->apply(++revision_, stored);
  }
  template <class Entity>
  void erase(const Entity& entity) {
    Changes changes;
    changes.erase(entity);
    commit(changes);
  }
  [[nodiscard]] std::string owner_of(std::string_view key) const {
    const auto owner = now_->access_key(key);
    if (!owner) return "nobody";
    return owner->user == nullptr ? owner->account->account.id.str() : owner->user->name;
  }

  Revision revision_ = 0;
  SnapshotPtr now_ = Snapshot::empty({});
};

// ---- by name and by ARN ----

TEST_F(SnapshotsTest, ANameIsFoundAsItIsWrittenOnly) {
  commit(created(named<User>("Dana"), named<Group>("Staff"), named<Role>("Deploy"), named<InstanceProfile>("Web")));
  EXPECT_NE(now_->user(kA, "Dana"), nullptr);
  EXPECT_NE(now_->group(kA, "Staff"), nullptr);
  EXPECT_NE(now_->role(kA, "Deploy"), nullptr);
  EXPECT_NE(now_->instance_profile(kA, "Web"), nullptr);
  for (const char* other : {"dana", "DANA", "Dan", "Danaa", "", "/Team/Dana"})
    EXPECT_EQ(now_->user(kA, other), nullptr);
  EXPECT_EQ(now_->group(kA, "staff"), nullptr);
  EXPECT_EQ(now_->role(kA, "deploy"), nullptr);
  EXPECT_EQ(now_->instance_profile(kA, "web"), nullptr);
  EXPECT_EQ(now_->user(kB, "Dana"), nullptr);
  EXPECT_EQ(now_->user(*AccountId::parse("333333333333"), "Dana"), nullptr);
}

/// Each kind that has an ARN is found by it, and by nothing that only looks like it.
template <class Entity>
class ByArnTest : public SnapshotsTest {};
using WithArns = testing::Types<User, Group, Role, ManagedPolicy, OidcProvider, SamlProvider, InstanceProfile,
                                MfaDevice, ServerCertificate>;
TYPED_TEST_SUITE(ByArnTest, WithArns);

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  return at == std::string::npos ? text + "?" : text.replace(at, from.size(), to);
}

TYPED_TEST(ByArnTest, AnArnFindsWhatItNamesAndNothingElse) {
  this->commit(created(named<TypeParam>("Deploy")));
  const std::string arn = named<TypeParam>("Deploy").arn();
  const TypeParam* found = this->now_->template by_arn<TypeParam>(arn);
  ASSERT_NE(found, nullptr) << arn;
  EXPECT_EQ(found->arn(), arn);
  for (const std::string& other :
       {replaced(arn, "Deploy", "deploy"), replaced(arn, "Deploy", "Deploys"), replaced(arn, "111111111111", kB.str()),
        replaced(arn, "111111111111", "333333333333"), replaced(arn, "111111111111", "11111111111"),
        replaced(arn, "111111111111", "aws"), replaced(arn, "arn:aws:", "arn:aws-cn:"), replaced(arn, ":iam:", ":sts:"),
        replaced(arn, ":iam::", ":iam:eu-west-1:"), replaced(arn, "/", ":"), replaced(arn, "/", "s/"),
        replaced(arn, "/", "/Other/"), arn.substr(1), arn + "/", arn + " ", std::string("Deploy"), std::string()}) {
    EXPECT_EQ(this->now_->template by_arn<TypeParam>(other), nullptr) << other;
  }
  this->erase(*found);
  EXPECT_EQ(this->now_->template by_arn<TypeParam>(arn), nullptr);
}

TEST_F(SnapshotsTest, APolicyIsTheCustomersOrAmazons) {
  ManagedPolicy aws = named<ManagedPolicy>("ReadOnlyAccess");
  aws.aws = true;
  aws.path = "/";
  now_ = Snapshot::empty({1, [](std::size_t) { return "/ReadOnlyAccess"; }, [aws](std::size_t) { return aws; }});
  commit(created(account(kA), named<ManagedPolicy>("Mine")));
  ASSERT_NE(now_->policy_by_arn("arn:aws:iam::aws:policy/ReadOnlyAccess"), nullptr);
  EXPECT_TRUE(now_->policy_by_arn("arn:aws:iam::aws:policy/ReadOnlyAccess")->aws);
  EXPECT_NE(now_->policy_by_arn("arn:aws:iam::111111111111:policy/Team/Mine"), nullptr);
  for (const char* none : {"arn:aws:iam::aws:policy/readonlyaccess", "arn:aws:iam::aws:policy/Mine",
                           "arn:aws:iam::111111111111:policy/ReadOnlyAccess", "arn:aws:iam::111111111111:policy/Mine",
                           "arn:aws:iam::aws:role/ReadOnlyAccess", "ReadOnlyAccess"}) {
    EXPECT_EQ(now_->policy_by_arn(none), nullptr) << none;
  }
  EXPECT_EQ(now_->aws_policies().size(), 1U);
}

// ---- ids and what they are today ----

TEST_F(SnapshotsTest, AnIdIsTheArnOfWhoeverHasItToday) {
  const User dana = with_id<User>("dana", kFirst);
  const Role deploy = with_id<Role>("deploy", "AROAFIRSTAAAAAAAAAAAA", kB);
  commit(created(dana, deploy));
  EXPECT_EQ(now_->arn_of(UniqueId(kFirst)), "arn:aws:iam::111111111111:user/Team/dana");
  EXPECT_EQ(now_->arn_of(deploy.id), "arn:aws:iam::222222222222:role/Team/deploy");
  for (const char* none : {kSecond, "AROASECONDAAAAAAAAAAA", "AGPAFIRSTAAAAAAAAAAAA", "", "AIDA"}) {
    EXPECT_EQ(now_->arn_of(UniqueId(none)), "") << none;
  }
}

TEST_F(SnapshotsTest, AStoredPrincipalShowsAsItIsNowAndNotAtAllOnceItIsGone) {
  const User dana = with_id<User>("dana", kFirst);
  const Role deploy = with_id<Role>("deploy", "AROAFIRSTAAAAAAAAAAAA");
  commit(created(dana, deploy));
  const ResolvedPrincipal user{dana.id, dana.arn()}, role{deploy.id, deploy.arn()};
  EXPECT_EQ(now_->current_arn(user), dana.arn());
  EXPECT_EQ(now_->current_arn(role), deploy.arn());

  User moved = *now_->user(kA, "dana");
  moved.name = "daniela";
  moved.path = "/";
  Changes rename;
  rename.rename(*now_->user(kA, "dana"), moved);
  commit(rename);
  EXPECT_EQ(now_->current_arn(user), "arn:aws:iam::111111111111:user/daniela");

  // Another one of the same name is another one.
  erase(*now_->role(kA, "deploy"));
  commit(created(with_id<Role>("deploy", "AROASECONDAAAAAAAAAAA"), with_id<User>("dana", kSecond)));
  EXPECT_EQ(now_->current_arn(role), "");
  EXPECT_EQ(now_->current_arn(user), "arn:aws:iam::111111111111:user/daniela");
  erase(*now_->user(kA, "daniela"));
  EXPECT_EQ(now_->current_arn(user), "");
  EXPECT_EQ(now_->current_arn({UniqueId(kFirst), "not an ARN"}), "");
  EXPECT_EQ(now_->current_arn({UniqueId(kFirst), "arn:aws:iam::333333333333:user/dana"}), "");
}

TEST_F(SnapshotsTest, AnEntityHasTheRevisionOfItsLastWrite) {
  commit(created(named<User>("dana"), named<Group>("staff")));
  EXPECT_EQ(now_->user(kA, "dana")->revision, 2U);
  Changes changes;
  changes.update(*now_->group(kA, "staff"));
  commit(changes);
  EXPECT_EQ(now_->user(kA, "dana")->revision, 2U);
  EXPECT_EQ(now_->group(kA, "staff")->revision, 3U);
  EXPECT_EQ(now_->account(kA)->account.revision, 1U);
  EXPECT_EQ(now_->revision(), 3U);
}

// ---- access keys ----

TEST_F(SnapshotsTest, AKeyFindsItsOwner) {
  Account with_key = now_->account(kB)->account;
  with_key.root_keys.push_back({"AKIAROOT", "sealed", true, {}});
  Changes changes = created(keyed("dana", kFirst, "AKIADANA"));
  changes.update(with_key);
  commit(changes);
  EXPECT_EQ(owner_of("AKIADANA"), "dana");
  EXPECT_EQ(owner_of("AKIAROOT"), "222222222222");
  EXPECT_EQ(now_->access_key("AKIADANA")->key->id, "AKIADANA");
  for (const char* none : {"", "AKIA", "akiadana", "AKIADANA2"}) EXPECT_EQ(owner_of(none), "nobody");

  with_key = now_->account(kB)->account;
  with_key.root_keys = {{"AKIAOTHER", "sealed", true, {}}};
  changes = {};
  changes.update(with_key);
  commit(changes);
  EXPECT_EQ(owner_of("AKIAROOT"), "nobody");
  EXPECT_EQ(owner_of("AKIAOTHER"), "222222222222");
  erase(*now_->user(kA, "dana"));
  EXPECT_EQ(owner_of("AKIADANA"), "nobody");
}

/// A rename is two writes of one commit; whichever comes first, and whoever gets the old name in the same commit.
TEST_F(SnapshotsTest, KeysMoveWithARenamedUserInAnyOrder) {
  const User before = keyed("dana", kFirst, "AKIADANA"), after = keyed("daniela", kFirst, "AKIADANA");
  const User other = keyed("dana", kSecond, "AKIAOTHER");
  const std::string old_key = key_of(before), new_key = key_of(after);
  struct Case {
    const char* name;
    std::vector<std::pair<std::string, const User*>> writes;
    const char* owner_of_other;
  };
  const Case cases[] = {
      {"the old name goes first", {{old_key, nullptr}, {new_key, &after}}, "nobody"},
      {"the new name comes first", {{new_key, &after}, {old_key, nullptr}}, "nobody"},
      {"the old name is given away at once", {{old_key, &other}, {new_key, &after}}, "dana"},
      {"the old name is given away at the end", {{new_key, &after}, {old_key, &other}}, "dana"},
  };
  commit(created(before));
  const SnapshotPtr from = now_;
  for (const Case& each : cases) {
    now_ = from;
    write(each.writes);
    EXPECT_EQ(owner_of("AKIADANA"), "daniela") << each.name;
    EXPECT_EQ(owner_of("AKIAOTHER"), each.owner_of_other) << each.name;
    EXPECT_EQ(now_->arn_of(UniqueId(kFirst)), after.arn()) << each.name;
    EXPECT_EQ(now_->account(kA)->users.size(), now_->account(kA)->users_by_id.size()) << each.name;
  }
  EXPECT_EQ(from->access_key("AKIADANA")->user->name, "dana");  // the old snapshot stays as it was
}

TEST_F(SnapshotsTest, ANewSpellingOfANameIsTheSameUser) {
  commit(created(keyed("dana", kFirst, "AKIADANA")));
  User shouting = *now_->user(kA, "dana");
  shouting.name = "DANA";
  Changes rename;
  rename.rename(*now_->user(kA, "dana"), shouting);
  ASSERT_EQ(rename.writes().size(), 1U);
  commit(rename);
  EXPECT_EQ(now_->user(kA, "dana"), nullptr);
  EXPECT_EQ(owner_of("AKIADANA"), "DANA");
  EXPECT_EQ(now_->account(kA)->users.size(), 1U);
}

TEST_F(SnapshotsTest, ARenamedGroupIsFoundByItsId) {
  commit(created(with_id<Group>("staff", "AGPAFIRSTAAAAAAAAAAAA")));
  Group after = *now_->group(kA, "staff");
  after.name = "crew";
  Changes rename;
  rename.rename(*now_->group(kA, "staff"), after);
  commit(rename);
  EXPECT_EQ(now_->group(kA, "staff"), nullptr);
  EXPECT_EQ(now_->account(kA)->groups_by_id.get("AGPAFIRSTAAAAAAAAAAAA")->name, "crew");
  EXPECT_EQ(now_->account(kA)->groups_by_id.size(), 1U);
}

// ---- accounts ----

TEST_F(SnapshotsTest, MailKnowsNoCase) {
  commit(created(account(*AccountId::parse("333333333333"), "owner@example.COM")));
  std::vector<std::string> found;
  for (const AccountState* state : now_->accounts_with_email("OWNER@example.com")) {
    found.push_back(state->account.id.str());
  }
  EXPECT_THAT(found, ElementsAre("111111111111", "333333333333"));
  EXPECT_THAT(now_->accounts_with_email("owner@example.org"), IsEmpty());
}

TEST_F(SnapshotsTest, AnIssuerIsFoundAsLongAsItIsTheAccounts) {
  const auto set = [&](const char* issuer) {
    Account after = now_->account(kA)->account;
    after.outbound_issuer = issuer;
    Changes changes;
    changes.update(after);
    commit(changes);
  };
  EXPECT_EQ(now_->account_of_issuer(""), nullptr);
  set("8f0c");
  ASSERT_NE(now_->account_of_issuer("8f0c"), nullptr);
  EXPECT_EQ(now_->account_of_issuer("8f0c")->account.id, kA);
  set("8f0c");  // written again, with the same
  EXPECT_NE(now_->account_of_issuer("8f0c"), nullptr);
  set("77aa");
  EXPECT_EQ(now_->account_of_issuer("8f0c"), nullptr);
  EXPECT_NE(now_->account_of_issuer("77aa"), nullptr);
  erase(now_->account(kA)->account);
  EXPECT_EQ(now_->account_of_issuer("77aa"), nullptr);
  EXPECT_TRUE(now_->issuers().empty());
}

TEST_F(SnapshotsTest, AnAccountThatGoesTakesAllOfItsOwnWithIt) {
  commit(created(keyed("dana", kFirst, "AKIADANA"), named<Role>("deploy")));
  Account with_key = now_->account(kA)->account;
  with_key.root_keys.push_back({"AKIAROOT", "sealed", true, {}});
  Changes changes;
  changes.update(with_key);
  commit(changes);
  const SnapshotPtr before = now_;
  erase(now_->account(kA)->account);
  EXPECT_EQ(now_->account(kA), nullptr);
  EXPECT_EQ(now_->user(kA, "dana"), nullptr);
  EXPECT_EQ(owner_of("AKIADANA"), "nobody");
  EXPECT_EQ(owner_of("AKIAROOT"), "nobody");
  EXPECT_EQ(now_->arn_of(UniqueId(kFirst)), "");
  // What is written for it afterwards is nobody's, and comes to life with no other account of its number.
  commit(created(named<Role>("late")));
  EXPECT_EQ(now_->account(kA), nullptr);
  commit(created(account(kA)));
  EXPECT_EQ(now_->role(kA, "late"), nullptr);
  EXPECT_EQ(now_->role(kA, "deploy"), nullptr);
  EXPECT_NE(before->role(kA, "deploy"), nullptr);
}

TEST_F(SnapshotsTest, ANumberIsFreshThatNobodyHadOrHas) {
  const AccountId third = *AccountId::parse("333333333333");
  EXPECT_TRUE(now_->is_fresh(third));
  EXPECT_FALSE(now_->is_fresh(kA));
  DeletedAccount gone;
  gone.account = third;
  gone.deleted = from_epoch_seconds(1790000000);
  commit(created(gone));
  EXPECT_FALSE(now_->is_fresh(third));
  EXPECT_EQ(now_->deleted_account(third)->deleted, gone.deleted);
  erase(*now_->deleted_account(third));
  EXPECT_TRUE(now_->is_fresh(third));
}

TEST_F(SnapshotsTest, AccountsThatOrganizationsMadeAreCounted) {
  EXPECT_EQ(now_->count_tenant_accounts(), 0U);
  EXPECT_EQ(now_->tenant_accounts().made, 0U);
  Account made = account(*AccountId::parse("333333333333"));
  made.made_by = "o-abcdefghij";
  Membership from_before;  // of an account whose maker was not kept yet
  from_before.account = kB;
  from_before.organization = "o-abcdefghij";
  from_before.created = true;
  TenantAccounts count;
  count.made = 2;
  commit(created(made, from_before, count));
  EXPECT_EQ(now_->count_tenant_accounts(), 2U);
  EXPECT_EQ(now_->tenant_accounts().made, 2U);
  EXPECT_EQ(now_->tenant_accounts().revision, 2U);
  erase(now_->tenant_accounts());
  EXPECT_EQ(now_->tenant_accounts().made, 0U);
  EXPECT_EQ(now_->tenant_accounts().revision, 0U);
}

// ---- buckets, token keys, used assertions ----

TEST_F(SnapshotsTest, ABucketIsOfTheServerAndOfItsAccount) {
  const Bucket logs = named<Bucket>("logs");
  commit(created(logs));
  EXPECT_EQ(now_->bucket("logs")->account, kA);
  EXPECT_EQ(now_->account(kA)->buckets.size(), 1U);
  Bucket moved = logs;  // nobody does that; the snapshot shows it right all the same
  moved.account = kB;
  commit(created(moved));
  EXPECT_TRUE(now_->account(kA)->buckets.empty());
  EXPECT_EQ(now_->account(kB)->buckets.size(), 1U);
  erase(moved);
  EXPECT_EQ(now_->bucket("logs"), nullptr);
  EXPECT_TRUE(now_->account(kB)->buckets.empty());
  commit(created(named<Bucket>("orphan", *AccountId::parse("333333333333"))));
  EXPECT_EQ(now_->bucket("orphan"), nullptr);
}

TEST_F(SnapshotsTest, TokenKeysAreInTheOrderOfTheirNumbers) {
  for (const std::uint32_t number : {10U, 9U, 100U}) {
    TokenKey key;
    key.number = number;
    commit(created(key));
  }
  std::vector<std::uint32_t> order;
  now_->token_keys().each([&](const TokenKey& key) { order.push_back(key.number); });
  EXPECT_THAT(order, ElementsAre(9U, 10U, 100U));
}

TEST_F(SnapshotsTest, AnAssertionIsUsedUntilItsMarkGoes) {
  UsedAssertion mark;
  mark.usable_until = from_epoch_seconds(1790000000);
  mark.digest = "abcd";
  UsedAssertion other = mark;
  other.digest = "abce";
  commit(created(mark));
  EXPECT_NE(now_->used_assertion(mark), nullptr);
  EXPECT_EQ(now_->used_assertion(other), nullptr);
  erase(mark);
  EXPECT_EQ(now_->used_assertion(mark), nullptr);
}

// ---- what cannot be read ----

TEST_F(SnapshotsTest, AChangeThatCannotBeReadIsRefusedAndNamed) {
  struct Case {
    const char* key;
    std::string value;
    const char* reason;
  };
  const Case cases[] = {
      {"account/111111111111/user/dana", "", "its format is not one this version knows"},
      {"account/111111111111/user/dana", "\x02", "its format is not one this version knows"},
      {"account/111111111111/user/dana", "\x01\x01", "it is cut off"},
      {"account/111111111111/user/dana",
       {"\x01\x01\x05"
        "abc",
        6},
       "it is cut off"},
      {"account/111111111111/user/dana",
       {"\x01\x01\x03"
        "abc",
        6},
       "an account id has not twelve digits"},
      {"account/111111111111/user/dana", {"\x01\x63\x00", 3}, "it has a field 99 that this version does not know"},
      {"account/111111111111/hat/dana", "\x01", "its kind is not one this version knows"},
      {"account/111111111111/user", "\x01", "its key is cut off"},
      {"account/1111/user/dana", "\x01", "its account id has not twelve digits"},
      {"organization/o-1/hat/dana", "\x01", "its kind is not one this version knows"},
      {"organization/o-1/handshake", "\x01", "its key is cut off"},
      {"hat/dana", "\x01", "its kind is not one this version knows"},
      {"", "\x01", "its kind is not one this version knows"},
      {"access-key/AKIADANA", "x", "it has a value where none belongs"},
      {"alias/acme", "x", "it has a value where none belongs"},
      {"last-use/AKIADANA", "x", "its format is not one this version knows"},
  };
  for (const Case& each : cases) {
    const StoredChange change{each.key, std::string_view(each.value)};
    const auto next = now_->apply(9, {&change, 1});
    ASSERT_FALSE(next.ok()) << each.key;
    EXPECT_EQ(next.error().key, each.key);
    EXPECT_EQ(next.error().reason, each.reason) << each.key;
  }
  ManagedPolicy dangling = named<ManagedPolicy>("p");
  dangling.default_version = 2;
  const auto next = now_->apply(9, stored_by(created(dangling)));
  ASSERT_FALSE(next.ok());
  EXPECT_EQ(next.error().reason, "its default version does not exist");
}

TEST_F(SnapshotsTest, WhatIsOfNoOwnerIsPassedOverAtStart) {
  const Changes all = created(account(kA), named<User>("dana"), named<User>("left", kB), named<Bucket>("left", kB));
  std::vector<StoredEntry> entries;
  for (const Changes::Write& write : all.writes()) entries.push_back({write.key, *write.value, 3, {}});
  entries.push_back({"account/222222222222/user/bad", "?", 3, {}});  // not even an entry that is damaged
  entries.push_back({"organization/o-1/handshake/h-1", "?", 3, {}});
  const SnapshotPtr loaded = Snapshot::empty({})->load(5, entries);
  EXPECT_TRUE(loaded->unreadable().empty());
  EXPECT_EQ(loaded->account(kB), nullptr);
  EXPECT_EQ(loaded->bucket("left"), nullptr);
  EXPECT_EQ(loaded->user(kA, "dana")->revision, 3U);
  EXPECT_EQ(loaded->revision(), 5U);
}

TEST_F(SnapshotsTest, AnEntryThatIsNotBelievedIsSetAsideWhateverItSays) {
  const Changes all = created(account(kA), keyed("dana", kFirst, "AKIADANA"));
  std::vector<StoredEntry> entries{{all.writes()[0].key, *all.writes()[0].value, 3, {}},
                                   {all.writes()[1].key, *all.writes()[1].value, 4, "its proof is another's"}};
  const SnapshotPtr loaded = Snapshot::empty({})->load(5, entries);
  EXPECT_EQ(loaded->user(kA, "dana"), nullptr);
  EXPECT_FALSE(loaded->access_key("AKIADANA"));
  const Unreadable* aside = loaded->unreadable().get("account/111111111111/user/dana");
  ASSERT_NE(aside, nullptr);
  EXPECT_EQ(aside->reason, "its proof is another's");
  EXPECT_EQ(aside->value, *all.writes()[1].value);
  EXPECT_EQ(aside->revision, 4U);
  // The operator writes it anew, or removes it.
  EXPECT_TRUE(committed(loaded, created(keyed("dana", kFirst, "AKIADANA")), 6)->unreadable().empty());
  Changes removed;
  removed.erase_unreadable("account/111111111111/user/dana", 4);
  EXPECT_TRUE(committed(loaded, removed, 6)->unreadable().empty());
}

TEST_F(SnapshotsTest, AMarkThatCannotBeReadStillMarks) {
  const StoredEntry entries[] = {
      {"deleted-account/333333333333", "?", 1, {}},
      {"deleted-account/not-a-number", "?", 1, {}},
      {"used-assertion/001790000000/abcd", "?", 1, {}},
      {"used-assertion/abcd", "?", 1, {}},                  // of no time: nothing to mark
      {"used-assertion/17x/abcd", "?", 1, {}},              // the same
      {"used-assertion/999999999999999/abcd", "?", 1, {}},  // and beyond what can be kept
      {"hat/of-a-newer-version", "?", 1, {}},
  };
  const SnapshotPtr loaded = Snapshot::empty({})->load(1, entries);
  EXPECT_EQ(loaded->unreadable().size(), std::size(entries));
  EXPECT_FALSE(loaded->is_fresh(*AccountId::parse("333333333333")));
  EXPECT_EQ(loaded->used_assertions().size(), 1U);
  const StoredChange remove{"hat/of-a-newer-version", std::nullopt};
  EXPECT_EQ((*loaded->apply(2, {&remove, 1}))->unreadable().size(), std::size(entries) - 1);
}

}  // namespace
}  // namespace deputy::directory
