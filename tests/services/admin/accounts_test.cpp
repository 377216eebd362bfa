// What the operator does with accounts: their ids, their root keys, and that nothing of one that is deleted stays.
#include "services/admin/accounts.h"

#include "protocol/iam/create_access_key.h"
#include "protocol/iam/create_account_alias.h"
#include "protocol/iam/create_group.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "services/s3/buckets.h"
#include "support/world.h"

namespace deputy::admin {
namespace {

using tests::kA;
using tests::kB;
using tests::refused;
using tests::root;
using tests::World;

constexpr const char* kC = "333333333333";

class AccountsTest : public testing::Test {
 protected:
  [[nodiscard]] const directory::AccountState* account(std::string_view id) const {
    return world.snapshot().account(*AccountId::parse(id));
  }
  void user(const std::string& name, const char* in = kB) {
    world.must<iam::shapes::CreateUser>({.user_name = name}, root(in));
  }
  /// Calls until nothing remains; how often.
  int delete_all(const std::string& id) {
    for (int calls = 1; calls < 1000; ++calls) {
      if (world.must<DeleteAccount>({id, true}).remaining == 0) return calls;
    }
    ADD_FAILURE() << "it never ends";
    return 0;
  }

  World world;
};

// ---- CreateAccount

TEST_F(AccountsTest, AnAccountComesWithAKeyOfItsRootUser) {
  const auto made = world.must<CreateAccount>({.account_id = kC, .name = "C", .email = "c@example.com"});
  EXPECT_EQ(made.account.account_id, kC);
  EXPECT_EQ(made.account.name, "C");
  EXPECT_EQ(made.account.email, "c@example.com");
  EXPECT_EQ(made.account.arn, "arn:aws:iam::333333333333:root");
  EXPECT_EQ(made.account.create_date, world.now);
  EXPECT_TRUE(made.access_key_id.starts_with("AKIA"));
  ASSERT_EQ(account(kC)->account.root_keys.size(), 1U);
  const directory::AccessKey& key = account(kC)->account.root_keys.front();
  EXPECT_EQ(key.id, made.access_key_id);
  EXPECT_EQ(key.sealed_secret.find(made.secret_access_key), std::string::npos) << "it is stored sealed";
  EXPECT_TRUE(world.snapshot().access_key(made.access_key_id).has_value());
}

TEST_F(AccountsTest, WhatTheOperatorDoesNotChooseIsDrawn) {
  const auto one = world.must<CreateAccount>({.name = "One"});
  const auto two = world.must<CreateAccount>({.name = "Two"});
  EXPECT_TRUE(AccountId::parse(one.account.account_id));
  EXPECT_NE(one.account.account_id, two.account.account_id);
  EXPECT_NE(one.access_key_id, two.access_key_id);
  EXPECT_NE(one.secret_access_key, two.secret_access_key);
  EXPECT_FALSE(one.account.email);
}

TEST_F(AccountsTest, TheOperatorMayChooseTheKey) {
  const auto made = world.must<CreateAccount>({.account_id = kC,
                                               .name = "C",
                                               .access_key_id = "AKIACHOSENCHOSEN0001",
                                               .secret_access_key = "chosen/secret/of/forty/characters/000000"});
  EXPECT_EQ(made.access_key_id, "AKIACHOSENCHOSEN0001");
  EXPECT_EQ(made.secret_access_key, "chosen/secret/of/forty/characters/000000");
}

struct RefusedCase {
  const char* about;
  CreateAccount::Input in;
  const char *code, *message;
};

TEST_F(AccountsTest, WhatCannotBeAnAccountIsRefused) {
  world.must<CreateAccount>({.account_id = kC,
                             .name = "C",
                             .email = "c@example.com",
                             .access_key_id = "AKIACHOSENCHOSEN0001",
                             .secret_access_key = "chosen/secret/of/forty/characters/000000"});
  const std::string secret = "another/secret/of/forty/characters/00000";
  const RefusedCase cases[] = {
      {"half a pair",
       {.name = "D", .access_key_id = "AKIACHOSENCHOSEN0002"},
       "ValidationException",
       "An access key id and its secret access key are given together or not at all."},
      {"the other half",
       {.name = "D", .secret_access_key = secret},
       "ValidationException",
       "An access key id and its secret access key are given together or not at all."},
      {"a key of a session",
       {.name = "D", .access_key_id = "ASIACHOSENCHOSEN0002", .secret_access_key = secret},
       "ValidationException",
       "An access key id that begins with ASIA is a temporary one; choose another."},
      {"no account",
       {.account_id = "000000000000", .name = "D"},
       "ValidationException",
       "000000000000 is the id of no account."},
      {"an id that is taken",
       {.account_id = kC, .name = "D"},
       "AccountAlreadyExistsException",
       "Account 333333333333 already exists."},
      {"and its id was never free",
       {.account_id = kC, .name = "D", .reuse_id = true},
       "AccountAlreadyExistsException",
       "Account 333333333333 already exists."},
      {"an email that is taken",
       {.name = "D", .email = "C@EXAMPLE.com"},
       "AccountAlreadyExistsException",
       "Account 333333333333 has the email C@EXAMPLE.com already."},
      {"a key that is taken",
       {.name = "D", .access_key_id = "AKIACHOSENCHOSEN0001", .secret_access_key = secret},
       "AccessKeyAlreadyExistsException",
       "The access key id AKIACHOSENCHOSEN0001 is in use already."},
  };
  for (const RefusedCase& c : cases) {
    EXPECT_TRUE(refused(world.call<CreateAccount>(c.in), c.code, 400, c.message)) << c.about;
  }
  EXPECT_EQ(world.snapshot().accounts().size(), 3U);
}

TEST_F(AccountsTest, TwoDoNotTakeOneIdOrOneKeyAtOnce) {
  const auto one = world.prepare<CreateAccount>({.account_id = kC, .name = "One"});
  const auto two = world.prepare<CreateAccount>({.account_id = kC, .name = "Two"});
  EXPECT_TRUE(world.commit(one));
  EXPECT_FALSE(world.commit(two));
  const CreateAccount::Input with_key{.name = "D",
                                      .access_key_id = "AKIACHOSENCHOSEN0001",
                                      .secret_access_key = "chosen/secret/of/forty/characters/000000"};
  const auto first = world.prepare<CreateAccount>(with_key);
  const auto second = world.prepare<CreateAccount>(with_key);
  EXPECT_TRUE(world.commit(first));
  EXPECT_FALSE(world.commit(second));
}

// ---- GetAccount, ListAccounts

TEST_F(AccountsTest, AnAccountIsShownWithWhatItHolds) {
  user("u1"), user("u2");
  world.must<iam::shapes::CreateGroup>({.group_name = "g"}, root(kB));
  world.must<iam::shapes::CreateRole>({.role_name = "r", .assume_role_policy_document = tests::kTrustsA}, root(kB));
  s3::CreateBucket::Input bucket{};
  bucket.bucket = "of-b";
  world.must<s3::CreateBucket>(bucket, root(kB));
  const auto shown = world.must<GetAccount>({kB});
  EXPECT_EQ(shown.account.account_id, kB);
  EXPECT_EQ(shown.users, 2);
  EXPECT_EQ(shown.groups, 1);
  EXPECT_EQ(shown.roles, 1);
  EXPECT_EQ(shown.policies, 0);
  EXPECT_EQ(shown.buckets, 1);
}

TEST_F(AccountsTest, AccountsComeInPagesInTheOrderOfTheirIds) {
  for (const char* id : {"555555555555", kC, "444444444444"}) world.create_account(id);
  std::vector<std::string> seen;
  ListAccounts::Input in{.max_items = 2};
  for (bool more = true; more;) {
    const auto page = world.must<ListAccounts>(in);
    EXPECT_EQ(page.is_truncated, page.marker.has_value());
    for (const auto& shown : page.accounts) seen.push_back(shown.account_id);
    in.marker = page.marker;
    more = page.is_truncated;
  }
  EXPECT_EQ(seen, (std::vector<std::string>{kA, kB, kC, "444444444444", "555555555555"}));
  EXPECT_TRUE(world.must<ListAccounts>({.marker = "999999999999"}).accounts.empty());
}

// ---- CreateRootAccessKey

TEST_F(AccountsTest, ARootUserHasTwoKeys) {
  const auto one = world.must<CreateRootAccessKey>({kB});
  const auto two = world.must<CreateRootAccessKey>({kB});
  EXPECT_NE(one.access_key_id, two.access_key_id);
  EXPECT_EQ(account(kB)->account.root_keys.size(), 2U);
  EXPECT_TRUE(refused(world.call<CreateRootAccessKey>({kB}), "LimitExceededException", 400,
                      "The root user of account 222222222222 has two access keys already."));
}

// ---- DeleteAccount

TEST_F(AccountsTest, AnEmptyAccountGoesInTwoSteps) {
  const std::string key = world.must<CreateRootAccessKey>({kB}).access_key_id;
  EXPECT_EQ(world.must<DeleteAccount>({kB, {}}).remaining, 1);
  EXPECT_TRUE(account(kB)->account.closed);
  EXPECT_FALSE(world.snapshot().access_key(key).has_value()) << "credentials go first";
  EXPECT_TRUE(refused(world.call<CreateRootAccessKey>({kB}), "AccountClosedException", 400,
                      "Account 222222222222 is being deleted."));
  EXPECT_EQ(world.must<DeleteAccount>({kB, {}}).remaining, 0);
  EXPECT_EQ(account(kB), nullptr);
  EXPECT_EQ(world.snapshot().deleted_account(*AccountId::parse(kB))->deleted, world.now);
}

TEST_F(AccountsTest, AFullAccountIsDeletedOnRequestOnly) {
  user("u1");
  user("u2");
  world.must<iam::shapes::CreateRole>({.role_name = "r", .assume_role_policy_document = tests::kTrustsA}, root(kB));
  world.must<s3::CreateBucket>({.bucket = "b-of-b"}, root(kB));
  EXPECT_TRUE(refused(world.call<DeleteAccount>({kB, false}), "AccountNotEmptyException", 400,
                      "Account 222222222222 still holds entities, which would be deleted with it (user 2, role 1, "
                      "bucket 1)."));
  EXPECT_FALSE(account(kB)->account.closed);
  EXPECT_EQ(delete_all(kB), 2);
}

TEST_F(AccountsTest, ALargeAccountGoesByAndByAndEachCallFitsACommit) {
  for (int keys = 0; keys < 2; ++keys) world.must<CreateRootAccessKey>({kB});
  for (int i = 0; i < 50; ++i) {
    user("u" + std::to_string(i));
    for (int keys = 0; keys < 2; ++keys) {
      world.must<iam::shapes::CreateAccessKey>({.user_name = "u" + std::to_string(i)}, root(kB));
    }
  }
  const auto first = world.prepare<DeleteAccount>({kB, true});
  EXPECT_LE(first.writes().size() + first.guards().size(), 100U) << "store::kMaxOperations";
  EXPECT_TRUE(world.commit(first));
  EXPECT_TRUE(account(kB)->account.closed);
  EXPECT_EQ(account(kB)->users.size(), 37U);
  EXPECT_EQ(world.must<DeleteAccount>({kB, true}).remaining, 25) << "24 users and the account";
  EXPECT_EQ(delete_all(kB), 3) << "thirteen, eleven, the account";
  EXPECT_EQ(account(kB), nullptr);
}

/// One of a kind that accounts have many of.
template <class Entity>
Entity one_of(const char* in) {
  Entity entity;
  entity.account = *AccountId::parse(in);
  if constexpr (requires { entity.path; }) entity.path = "/";
  if constexpr (requires { entity.name; }) entity.name = "one";
  if constexpr (requires { entity.url; }) entity.url = "one.example.com";
  if constexpr (requires { entity.trust; }) entity.trust = directory::PolicyText(tests::kTrustsA);
  if constexpr (requires { entity.versions; }) {
    entity.versions.push_back({1, directory::PolicyText(tests::kAllowAll), {}});
  }
  return entity;
}

TEST_F(AccountsTest, EveryKindGoesWithItsAccountAndIsNamedBefore) {
  directory::Changes all;
#define DEPUTY_ROW(Entity, map, word) all.create(one_of<directory::Entity>(kB));
  DEPUTY_KINDS_OF_ACCOUNTS(DEPUTY_ROW)
#undef DEPUTY_ROW
  all.create(one_of<directory::Bucket>(kB));
  directory::CredentialReport report;
  report.account = *AccountId::parse(kB);
  all.create(report);
  ASSERT_TRUE(world.commit(all));
  const auto refusal = world.call<DeleteAccount>({kB, false});
  ASSERT_FALSE(refusal.ok());
#define DEPUTY_ROW(Entity, map, word) \
  EXPECT_NE(refusal.error().message().find(word " 1"), std::string::npos) << refusal.error().message();
  DEPUTY_KINDS_OF_ACCOUNTS(DEPUTY_ROW)
#undef DEPUTY_ROW
  EXPECT_EQ(delete_all(kB), 2);
  EXPECT_EQ(account(kB), nullptr);
  EXPECT_EQ(world.snapshot().bucket("one"), nullptr);
  // Whoever gets the number next finds nothing of it.
  world.create_account(kB);
  account(kB)->each_map([](const auto& map) { EXPECT_TRUE(map.empty()); });
  account(kB)->each_single([](const auto&) { ADD_FAILURE() << "a single entity came back"; });
}

TEST_F(AccountsTest, ADeletedAccountGivesItsAliasBack) {
  world.must<iam::shapes::CreateAccountAlias>({"team"}, root(kB));
  delete_all(kB);
  world.must<iam::shapes::CreateAccountAlias>({"team"});
}

TEST_F(AccountsTest, AnAccountThatIsNotThereIsTheSameForEveryOperation) {
  for (const char* id : {kC, "nonsense", ""}) {
    const std::string message = "There is no account " + std::string(id) + ".";
    EXPECT_TRUE(refused(world.call<GetAccount>({id}), "AccountNotFoundException", 400, message));
    EXPECT_TRUE(refused(world.call<DeleteAccount>({id, true}), "AccountNotFoundException", 400, message));
    EXPECT_TRUE(refused(world.call<CreateRootAccessKey>({id}), "AccountNotFoundException", 400, message));
  }
}

}  // namespace
}  // namespace deputy::admin
