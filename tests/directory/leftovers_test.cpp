// What a deleted account left in the store, and that nothing which is somebody's is taken for it.
#include "directory/leftovers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/committed.h"

namespace deputy::directory {
namespace {

class LeftoversTest : public testing::Test {
 protected:
  LeftoversTest() {
    Account account;
    account.id = *AccountId::parse("111111111111");
    account.alias = "acme";
    account.root_keys.push_back({"AKIAROOT", "sealed", true, {}});
    User user;
    user.account = account.id;
    user.id = UniqueId("AIDAX");
    user.path = "/";
    user.name = "dana";
    user.access_keys.push_back({"AKIADANA", "sealed", true, {}});
    Role role;
    role.account = account.id;
    role.id = UniqueId("AROAX");
    role.path = "/";
    role.name = "deploy";
    role.trust = PolicyText(
        R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}})");
    Bucket bucket;
    bucket.account = account.id;
    bucket.name = "logs";
    Organization organization;
    organization.id = "o-abcdefghij";
    snapshot_ = committed(Snapshot::empty({}), created(account, user, role, bucket, organization));
  }
  [[nodiscard]] bool is_left(std::string_view key) const {
    const StoredChange stored{key, std::string_view("?")};
    const auto found = leftovers(*snapshot_, {&stored, 1});
    return found == std::vector<std::size_t>{0};
  }

  SnapshotPtr snapshot_;
};

TEST_F(LeftoversTest, AnEntryIsSomebodysOrNobodys) {
  const std::pair<const char*, bool> cases[] = {
      {"account/111111111111", false},
      {"account/111111111111/user/dana", false},
      {"account/111111111111/user/nobody", false},  // of an account that is there: for the account to say
      {"account/111111111111/hat/of-a-newer-version", false},
      {"account/222222222222", true},
      {"account/222222222222/user/dana", true},
      {"account/222222222222/hat/of-a-newer-version", true},
      {"account/1111/user/dana", true},
      {"organization/o-abcdefghij", false},
      {"organization/o-abcdefghij/handshake/h-1", false},
      {"organization/o-abcdefghi", true},
      {"organization/o-other/handshake/h-1", true},
      {"bucket/logs", false},
      {"bucket/log", true},
      {"access-key/AKIAROOT", false},
      {"access-key/AKIADANA", false},
      {"access-key/AKIAGONE", true},
      {"alias/acme", false},
      {"alias/acm", true},
      {"last-use/AKIADANA", false},
      {"last-use/AIDAX", false},
      {"last-use/AROAX", false},
      {"last-use/AIDAGONE", true},
      {"token-key/0000000001", false},  // what is of the server is never left
      {"tenant-accounts", false},
      {"deleted-account/222222222222", false},
      {"used-assertion/001790000000/abcd", false},
      {"hat/of-a-newer-version", false},
      {"", false},
  };
  for (const auto& [key, left] : cases) EXPECT_EQ(is_left(key), left) << key;
}

TEST_F(LeftoversTest, TheyAreToldByTheirPlaceInTheList) {
  const StoredChange stored[] = {{"access-key/AKIAGONE", std::string_view()},
                                 {"account/111111111111/user/dana", std::string_view()},
                                 {"account/222222222222/user/a", std::string_view()},
                                 {"account/222222222222/user/b", std::string_view()},
                                 {"alias/acme", std::string_view()}};
  EXPECT_THAT(leftovers(*snapshot_, stored), testing::ElementsAre(0U, 2U, 3U));
  EXPECT_THAT(leftovers(*snapshot_, {}), testing::IsEmpty());
}

TEST(PrefixOfAccountTest, OnlyAnAccountItselfHasOne) {
  EXPECT_EQ(prefix_of_account("account/111111111111"), "account/111111111111/");
  for (const char* other : {"account/111111111111/", "account/111111111111/user/dana", "account/11111111111",
                            "account/", "organization/o-1", "bucket/111111111111", ""}) {
    EXPECT_EQ(prefix_of_account(other), std::nullopt) << other;
  }
}

}  // namespace
}  // namespace deputy::directory
