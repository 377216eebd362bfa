// Which policies hang on an entity: all of them, in one order, each with where it comes from.
#include "directory/policies.h"

#include <gtest/gtest.h>

#include "directory/changes.h"

namespace deputy::directory {
namespace {

constexpr const char* kAllow =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}})";
constexpr const char* kDeny =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}})";
const std::string kManaged = "arn:aws:iam::111111111111:policy/team/P", kLost = "arn:aws:iam::111111111111:policy/Lost";

/// Account 111111111111 with alice, who is in Readers, and in a group that is not there.
class PoliciesTest : public ::testing::Test {
 protected:
  PoliciesTest() {
    Account account;
    account.id = id_;
    ManagedPolicy managed;
    managed.account = id_;
    managed.path = "/team/";
    managed.name = "P";
    managed.versions = {{1, PolicyText(kDeny), {}}, {3, PolicyText(kAllow), {}}};
    managed.default_version = 3;
    managed.next_version = 4;
    Group readers;
    readers.account = id_;
    readers.id = UniqueId("AGPAAAAAAAAAAAAAAAAAA");
    readers.path = "/";
    readers.name = "Readers";
    readers.attached_policies = {kManaged};
    User alice;
    alice.account = id_;
    alice.id = UniqueId("AIDAAAAAAAAAAAAAAAAAA");
    alice.path = "/";
    alice.name = "alice";
    alice.inline_policies = {{"a", PolicyText(kAllow)}, {"b", PolicyText(kDeny)}};
    alice.attached_policies = {kManaged, kLost};
    alice.groups = {readers.id, UniqueId("AGPABBBBBBBBBBBBBBBBB")};
    alice.boundary = kManaged;
    Changes made;
    made.create(account);
    made.create(managed);
    made.create(readers);
    made.create(alice);
    std::vector<StoredChange> stored;
    for (const auto& w : made.writes()) stored.push_back({w.key, std::string_view(*w.value)});
    auto snapshot = Snapshot::empty({})->apply(1, stored);
    EXPECT_TRUE(snapshot) << snapshot.error().reason;
    snapshot_ = *snapshot;
  }

  [[nodiscard]] const User& alice() const { return *snapshot_->user(id_, "alice"); }
  [[nodiscard]] std::string shown(const PolicyOrigin& policy) const {
    const auto version = policy.version(*snapshot_);
    const std::string* text = policy.text(*snapshot_);
    return policy.owner_arn() + " " + std::string(policy.name()) + (version ? " v" + std::to_string(*version) : "") +
           (text == nullptr   ? " lost"
            : *text == kAllow ? " allows"
                              : " denies");
  }

  const AccountId id_ = *AccountId::parse("111111111111");
  SnapshotPtr snapshot_;
};

TEST_F(PoliciesTest, TheOrderIsThatOfTheEntity) {
  std::vector<std::string> seen;
  EXPECT_TRUE(each_policy(alice(), *snapshot_->account(id_), [&](const PolicyOrigin& policy) {
    seen.push_back(shown(policy));
    EXPECT_EQ(policy.compiled(*snapshot_) == nullptr, policy.text(*snapshot_) == nullptr);
    return true;
  }));
  const std::string user = "arn:aws:iam::111111111111:user/alice";
  EXPECT_EQ(seen, (std::vector<std::string>{user + " a allows", user + " b denies",
                                            user + " " + kManaged + " v3 allows", user + " " + kLost + " lost",
                                            "arn:aws:iam::111111111111:group/Readers " + kManaged + " v3 allows",
                                            user + " AGPABBBBBBBBBBBBBBBBB lost"}));
}

TEST_F(PoliciesTest, AWalkEndsWhereItIsToldTo) {
  for (int stop = 1; stop <= 6; ++stop) {
    int seen = 0;
    EXPECT_FALSE(each_policy(alice(), *snapshot_->account(id_), [&](const PolicyOrigin&) { return ++seen != stop; }));
    EXPECT_EQ(seen, stop);
  }
}

TEST_F(PoliciesTest, ABoundaryIsNoPermission) {
  const auto boundary = boundary_of(alice());
  ASSERT_TRUE(boundary);
  EXPECT_EQ(boundary->place, PolicyOrigin::Place::kBoundary);
  EXPECT_EQ(shown(*boundary), "arn:aws:iam::111111111111:user/alice " + kManaged + " v3 allows");
  EXPECT_FALSE(boundary_of(Role{}));
}

TEST_F(PoliciesTest, ASessionHasItsDocumentFirst) {
  Session session;
  session.policy = kDeny;
  session.policy_arns = {kManaged};
  std::vector<std::string> seen;
  each_policy(session, [&](const PolicyOrigin& policy) {
    seen.push_back(shown(policy));
    return true;
  });
  EXPECT_EQ(seen, (std::vector<std::string>{"  denies", " " + kManaged + " v3 allows"}));
  each_policy(Session{}, [](const PolicyOrigin&) {
    ADD_FAILURE();
    return true;
  });
}

}  // namespace
}  // namespace deputy::directory
