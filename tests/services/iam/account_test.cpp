// The account's alias and summary: docs/wire.md, 5.2 and 5.4.
#include <map>

#include "protocol/iam/create_access_key.h"
#include "protocol/iam/create_account_alias.h"
#include "protocol/iam/create_group.h"
#include "protocol/iam/create_policy.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_account_alias.h"
#include "protocol/iam/get_account_summary.h"
#include "protocol/iam/get_user.h"
#include "protocol/iam/list_account_aliases.h"
#include "services/iam/table.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

class AccountTest : public testing::Test {
 protected:
  auto set(const std::string& alias, const Who& who = {}) {
    return world.call<shapes::CreateAccountAlias>({.account_alias = alias}, who);
  }
  std::vector<std::string> aliases(const Who& who = {}) {
    return world.must<shapes::ListAccountAliases>({}, who).account_aliases;
  }
  std::map<std::string, std::int32_t> summary() {
    const auto out = world.must<shapes::GetAccountSummary>({});
    return {out.summary_map->begin(), out.summary_map->end()};
  }

  World world;
};

using Names = std::vector<std::string>;

TEST_F(AccountTest, ANewAliasTakesThePlaceOfTheOldAndFreesIt) {
  EXPECT_EQ(aliases(), Names{});
  EXPECT_TRUE(set("first").ok());
  EXPECT_TRUE(set("second").ok());
  EXPECT_EQ(aliases(), Names{"second"});
  EXPECT_TRUE(set("first", root(kB)).ok());
  EXPECT_EQ(aliases(root(kB)), Names{"first"});
}

TEST_F(AccountTest, AnAliasIsTakenInAllAccounts) {
  ASSERT_TRUE(set("mine").ok());
  for (const char* account : {kA, kB}) {
    EXPECT_TRUE(
        refused(set("mine", root(account)), "EntityAlreadyExists", 409, "The account alias mine already exists."));
  }
}

TEST_F(AccountTest, OneAliasIsTakenOnceEvenInARace) {
  const auto one = world.prepare<shapes::CreateAccountAlias>({.account_alias = "mine"});
  const auto two = world.prepare<shapes::CreateAccountAlias>({.account_alias = "mine"}, root(kB));
  EXPECT_TRUE(world.commit(one));
  EXPECT_FALSE(world.commit(two));
}

TEST_F(AccountTest, AnAccountIdIsNoAlias) {
  EXPECT_TRUE(refused(set("123456789012"), "InvalidInput", 400,
                      "The account alias 123456789012 is not valid. It cannot be an account id."));
  EXPECT_TRUE(set("1234567890123").ok());
}

TEST_F(AccountTest, OnlyTheAliasThatIsSetCanBeDeleted) {
  ASSERT_TRUE(set("mine").ok());
  const auto remove = [&](const std::string& alias, const Who& who) {
    return world.call<shapes::DeleteAccountAlias>({.account_alias = alias}, who);
  };
  EXPECT_TRUE(missing(remove("other", root()), "The Account Alias other cannot be found."));
  EXPECT_TRUE(missing(remove("mine", root(kB)), "The Account Alias mine cannot be found."));
  EXPECT_TRUE(remove("mine", root()).ok());
  EXPECT_EQ(aliases(), Names{});
  EXPECT_TRUE(set("mine", root(kB)).ok());
}

TEST_F(AccountTest, RootIsCalledByTheAlias) {
  ASSERT_TRUE(set("mine").ok());
  EXPECT_EQ(world.must<shapes::GetUser>({}).user.user_name, "mine");
}

TEST_F(AccountTest, AMarkerOfNobodysIsRefused) {
  EXPECT_TRUE(
      refused(world.call<shapes::ListAccountAliases>({.marker = "x"}), "ValidationError", 400, "Invalid Marker."));
}

TEST_F(AccountTest, AliasesAndTheSummaryAreOnEveryResource) {
  world.must<shapes::CreateUser>({.user_name = "bob"});
  const std::string start = "User: " + arn("user/bob") + " is not authorized to perform: iam:";
  const std::string middle = " on resource: * because no identity-based policy allows the iam:", end = " action";
  EXPECT_TRUE(refused(set("mine", user("bob")), "AccessDenied", 403,
                      start + "CreateAccountAlias" + middle + "CreateAccountAlias" + end));
  EXPECT_TRUE(refused(world.call<shapes::GetAccountSummary>({}, user("bob")), "AccessDenied", 403,
                      start + "GetAccountSummary" + middle + "GetAccountSummary" + end));
}

TEST_F(AccountTest, TheSummaryCountsWhatThereIs) {
  auto before = summary();
  EXPECT_EQ(before["AccountAccessKeysPresent"], 0);
  world.must<shapes::CreateUser>({.user_name = "a"});
  world.must<shapes::CreateUser>({.user_name = "b"});
  world.must<shapes::CreateGroup>({.group_name = "g"});
  world.must<shapes::CreatePolicy>({.policy_name = "p", .policy_document = kAllowAll});
  world.must<shapes::CreateAccessKey>({});
  auto after = summary();
  EXPECT_EQ(after["Users"], 2);
  EXPECT_EQ(after["Groups"], 1);
  EXPECT_EQ(after["Policies"], 1);
  EXPECT_EQ(after["PolicyVersionsInUse"], 1);
  EXPECT_EQ(after["Roles"], 0);
  EXPECT_EQ(after["AccountAccessKeysPresent"], 1);
}

TEST_F(AccountTest, TheSummaryKnowsTheQuotas) {
  const std::map<std::string, std::int32_t> expected{{"UsersQuota", 5000},
                                                     {"GroupsQuota", 300},
                                                     {"RolesQuota", 1000},
                                                     {"PoliciesQuota", 1500},
                                                     {"GroupsPerUserQuota", 10},
                                                     {"AccessKeysPerUserQuota", 2},
                                                     {"PolicySizeQuota", 6144},
                                                     {"UserPolicySizeQuota", 2048},
                                                     {"GroupPolicySizeQuota", 5120},
                                                     {"RolePolicySizeQuota", 10240},
                                                     {"VersionsPerPolicyQuota", 5},
                                                     {"PolicyVersionsInUseQuota", 10000},
                                                     {"AssumeRolePolicySizeQuota", 2048}};
  const auto got = summary();
  for (const auto& [name, value] : expected) {
    ASSERT_TRUE(got.contains(name)) << name;
    EXPECT_EQ(got.at(name), value) << name;
  }
}

TEST(TableTest, NoOperationIsBoundTwice) {
  std::map<std::string_view, int> times;
  for (const services::Binding& binding : iam_bindings()) {
    EXPECT_EQ(++times[binding.model->name], 1) << binding.model->name;
    EXPECT_EQ(binding.model->service, protocol::ServiceId::kIam);
  }
}

}  // namespace
}  // namespace deputy::iam
