// Access keys: docs/wire.md, 5.2, 5.5 and 5.6.
#include "crypto/random.h"
#include "protocol/iam/create_access_key.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_access_key.h"
#include "protocol/iam/get_access_key_last_used.h"
#include "protocol/iam/list_access_keys.h"
#include "protocol/iam/put_user_policy.h"
#include "protocol/iam/update_access_key.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

class AccessKeysTest : public testing::Test {
 protected:
  AccessKeysTest() { world.must<shapes::CreateUser>({.path = "/dev/", .user_name = "bob"}); }

  shapes::AccessKey create(const Who& who = {}) {
    return world.must<shapes::CreateAccessKey>({.user_name = "bob"}, who).access_key;
  }
  const directory::AccessKey* stored(const std::string& id) {
    const auto owner = world.snapshot().access_key(id);
    return owner ? owner->key : nullptr;
  }

  World world;
};

TEST_F(AccessKeysTest, ANewKeyCarriesItsAccountAndIsStoredSealed) {
  const auto made = create();
  EXPECT_EQ(made.user_name, "bob");
  EXPECT_EQ(made.access_key_id.size(), 20U);
  EXPECT_EQ(made.access_key_id.substr(0, 4), "AKIA");
  EXPECT_EQ(crypto::account_of_access_key(made.access_key_id), AccountId::parse(kA));
  EXPECT_EQ(made.secret_access_key.size(), 40U);
  EXPECT_EQ(made.status, "Active");
  EXPECT_EQ(made.create_date, world.now);
  ASSERT_NE(stored(made.access_key_id), nullptr);
  EXPECT_EQ(stored(made.access_key_id)->sealed_secret.find(made.secret_access_key), std::string::npos);
  EXPECT_EQ(world.vault().unseal(stored(made.access_key_id)->sealed_secret, "access-key/" + made.access_key_id),
            made.secret_access_key);
}

TEST_F(AccessKeysTest, TwoAreTheMostUntilOneIsDeleted) {
  const auto first = create();
  create();
  EXPECT_TRUE(refused(world.call<shapes::CreateAccessKey>({.user_name = "bob"}), "LimitExceeded", 409,
                      "Cannot exceed quota for AccessKeysPerUser: 2"));
  world.must<shapes::DeleteAccessKey>({.user_name = "bob", .access_key_id = first.access_key_id});
  EXPECT_EQ(stored(first.access_key_id), nullptr);
  EXPECT_NE(create().access_key_id, first.access_key_id);
}

TEST_F(AccessKeysTest, AThirdKeyLosesTheRaceForTheSecondPlace) {
  create();
  const auto one = world.prepare<shapes::CreateAccessKey>({.user_name = "bob"});
  const auto two = world.prepare<shapes::CreateAccessKey>({.user_name = "bob"});
  EXPECT_TRUE(world.commit(one));
  EXPECT_FALSE(world.commit(two));
}

TEST_F(AccessKeysTest, ListsSayEverythingButTheSecret) {
  const auto made = create();
  const auto listed = world.must<shapes::ListAccessKeys>({.user_name = "bob"});
  ASSERT_EQ(listed.access_key_metadata.size(), 1U);
  const auto& key = listed.access_key_metadata[0];
  EXPECT_EQ(key.user_name, "bob");
  EXPECT_EQ(key.access_key_id, made.access_key_id);
  EXPECT_EQ(key.status, "Active");
  EXPECT_EQ(key.create_date, world.now);
  EXPECT_EQ(listed.is_truncated, false);
}

TEST_F(AccessKeysTest, AKeyIsSwitchedOffAndOn) {
  const auto made = create();
  const auto set = [&](const std::string& status) {
    return world.call<shapes::UpdateAccessKey>(
        {.user_name = "bob", .access_key_id = made.access_key_id, .status = status});
  };
  EXPECT_TRUE(set("Inactive").ok());
  EXPECT_FALSE(stored(made.access_key_id)->active);
  EXPECT_EQ(world.must<shapes::ListAccessKeys>({.user_name = "bob"}).access_key_metadata[0].status, "Inactive");
  EXPECT_TRUE(refused(set("Expired"), "ValidationError", 400,
                      "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must "
                      "satisfy enum value set"));
  EXPECT_TRUE(set("Active").ok());
  EXPECT_TRUE(stored(made.access_key_id)->active);
}

TEST_F(AccessKeysTest, AKeyIsOnlyFoundAtItsUser) {
  world.must<shapes::CreateUser>({.user_name = "eve"});
  const auto made = create();
  const std::string missing_key = "The Access Key with id " + made.access_key_id + " cannot be found.";
  const shapes::DeleteAccessKey::Input of_eve{.user_name = "eve", .access_key_id = made.access_key_id};
  EXPECT_TRUE(missing(world.call<shapes::DeleteAccessKey>(of_eve), missing_key));
  EXPECT_TRUE(missing(world.call<shapes::UpdateAccessKey>(
                          {.user_name = "eve", .access_key_id = made.access_key_id, .status = "Inactive"}),
                      missing_key));
  constexpr const char* kNoUser = "The user with name ghost cannot be found.";
  EXPECT_TRUE(missing(world.call<shapes::CreateAccessKey>({.user_name = "ghost"}), kNoUser));
  EXPECT_TRUE(missing(world.call<shapes::ListAccessKeys>({.user_name = "ghost"}), kNoUser));
}

TEST_F(AccessKeysTest, AUserRotatesItsOwnKeysWithoutNamingItself) {
  world.must<shapes::PutUserPolicy>(
      {.user_name = "bob",
       .policy_name = "rotate",
       .policy_document = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*AccessKey*",
           "Resource":"arn:aws:iam::*:user/dev/${aws:username}"}]})"});
  world.must<shapes::CreateUser>({.user_name = "eve"});
  const auto made = world.must<shapes::CreateAccessKey>({}, user("bob")).access_key;
  EXPECT_EQ(made.user_name, "bob");
  EXPECT_EQ(world.must<shapes::ListAccessKeys>({}, user("bob")).access_key_metadata.size(), 1U);
  world.must<shapes::UpdateAccessKey>({.access_key_id = made.access_key_id, .status = "Inactive"}, user("bob"));
  world.must<shapes::DeleteAccessKey>({.access_key_id = made.access_key_id}, user("bob"));
  EXPECT_TRUE(refused(world.call<shapes::CreateAccessKey>({.user_name = "eve"}, user("bob")), "AccessDenied", 403,
                      "User: " + arn("user/dev/bob") +
                          " is not authorized to perform: iam:CreateAccessKey on "
                          "resource: " +
                          arn("user/eve") + " because no identity-based policy allows the iam:CreateAccessKey action"));
}

TEST_F(AccessKeysTest, RootWithoutANameMeansItsOwnKeys) {
  const auto made = world.must<shapes::CreateAccessKey>({}).access_key;
  EXPECT_EQ(world.snapshot().access_key(made.access_key_id)->user, nullptr);
  const auto listed = world.must<shapes::ListAccessKeys>({}).access_key_metadata;
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].user_name, std::nullopt);
  EXPECT_TRUE(world.must<shapes::ListAccessKeys>({.user_name = "bob"}).access_key_metadata.empty());
  world.must<shapes::DeleteAccessKey>({.access_key_id = made.access_key_id});
  EXPECT_EQ(stored(made.access_key_id), nullptr);
}

TEST_F(AccessKeysTest, LastUseIsUnknownUntilThereIsOne) {
  const auto made = create();
  const auto last = [&] { return world.must<shapes::GetAccessKeyLastUsed>({.access_key_id = made.access_key_id}); };
  ASSERT_TRUE(last().access_key_last_used);
  EXPECT_EQ(last().user_name, "bob");
  EXPECT_EQ(last().access_key_last_used->region, "N/A");
  EXPECT_EQ(last().access_key_last_used->service_name, "N/A");
  EXPECT_FALSE(last().access_key_last_used->last_used_date);

  world.usage.used(made.access_key_id, world.now, "eu-west-1", "sts");
  EXPECT_EQ(last().access_key_last_used->region, "eu-west-1");
  EXPECT_EQ(last().access_key_last_used->service_name, "sts");
  EXPECT_EQ(last().access_key_last_used->last_used_date, world.now);
}

TEST_F(AccessKeysTest, AnUnknownKeyAndAForeignOneAreRefusedAlike) {
  const auto made = create();
  for (const std::string& id : {std::string("AKIAAAAAAAAAAAAAAAAA"), made.access_key_id}) {
    EXPECT_TRUE(refused(world.call<shapes::GetAccessKeyLastUsed>({.access_key_id = id}, root(kB)), "AccessDenied", 403,
                        "User: arn:aws:iam::222222222222:root is not authorized to perform iam:GetAccessKeyLastUsed "
                        "on resource: access key " +
                            id));
  }
}

TEST_F(AccessKeysTest, LastUseIsAskedForOnTheKeysOwner) {
  const auto made = create();
  EXPECT_EQ(world.accesses<shapes::GetAccessKeyLastUsed>({.access_key_id = made.access_key_id}).at(0).resource,
            arn("user/dev/bob"));
}

}  // namespace
}  // namespace deputy::iam
