// Principals of stored policies: ids in, ARNs out, and nothing else of the text changed.
#include "directory/principals.h"

#include <gtest/gtest.h>

#include "directory/changes.h"

namespace deputy::directory {
namespace {

const std::string kAlice = "arn:aws:iam::111111111111:user/team/alice",
                  kDeploy = "arn:aws:iam::111111111111:role/Deploy";
const std::string kAliceId = "AIDAAAAAAAAAAAAAAAAAA", kDeployId = "AROAAAAAAAAAAAAAAAAAA";

class PrincipalsTest : public ::testing::Test {
 protected:
  PrincipalsTest() {
    Changes made;
    Account account;
    account.id = *AccountId::parse("111111111111");
    made.create(account);
    User alice;
    alice.account = account.id;
    alice.id = UniqueId(kAliceId);
    alice.path = "/team/";
    alice.name = "alice";
    made.create(alice);
    Role deploy;
    deploy.account = account.id;
    deploy.id = UniqueId(kDeployId);
    deploy.path = "/";
    deploy.name = "Deploy";
    deploy.trust = PolicyText(
        R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}})");
    made.create(deploy);
    std::vector<StoredChange> stored;
    for (const auto& w : made.writes()) stored.push_back({w.key, std::string_view(*w.value)});
    auto snapshot = Snapshot::empty({})->apply(1, stored);
    EXPECT_TRUE(snapshot) << snapshot.error().reason;
    snapshot_ = *snapshot;
  }

  static std::string policy(const std::string& principals) {
    return "{\"Version\":\"2012-10-17\",  \"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\": " + principals +
           "},\"Action\":\"sts:AssumeRole\"}]}";
  }
  /// What is stored, or the principal that is refused.
  std::string stored(const std::string& principals, Strangers strangers = Strangers::kRefused) {
    const std::string text = policy(principals);
    const auto document = policy::parse(text, policy::Kind::kTrust);
    EXPECT_TRUE(document) << principals;
    auto out = to_ids(*snapshot_, *document, strangers);
    if (!out) return "unknown: " + std::string(out.error().element->text.value);
    principals_ = out->principals;
    return out->text;
  }

  SnapshotPtr snapshot_;
  std::vector<ResolvedPrincipal> principals_;
};

TEST_F(PrincipalsTest, UsersAndRolesBecomeIdsAndComeBack) {
  const std::string text = stored("[\"" + kAlice + "\" ,\"" + kDeploy + "\", \"" + kAlice + "\"]");
  EXPECT_EQ(text, policy("[\"" + kAliceId + "\" ,\"" + kDeployId + "\", \"" + kAliceId + "\"]"));
  ASSERT_EQ(principals_.size(), 2U);  // each once
  EXPECT_EQ(principals_[0].arn, kAlice);
  EXPECT_EQ(to_arns(*snapshot_, text, principals_, policy::Kind::kTrust),
            policy("[\"" + kAlice + "\" ,\"" + kDeploy + "\", \"" + kAlice + "\"]"));
}

TEST_F(PrincipalsTest, AnIdThatLivesIsTakenAndShownAsArn) {
  const std::string text = stored("\"" + kDeployId + "\"");
  EXPECT_EQ(text, policy("\"" + kDeployId + "\""));
  EXPECT_EQ(to_arns(*snapshot_, text, principals_, policy::Kind::kTrust), policy("\"" + kDeploy + "\""));
}

TEST_F(PrincipalsTest, WhoIsGoneStaysAnId) {
  const std::string text = stored("\"" + kAlice + "\"");
  EXPECT_EQ(to_arns(*Snapshot::empty({}), text, principals_, policy::Kind::kTrust), text);
}

TEST_F(PrincipalsTest, WhatNeedsNoEntityStays) {
  for (const char* value :
       {"\"*\"", "\"111111111111\"", "\"arn:aws:iam::111111111111:root\"",
        "\"arn:aws:sts::999999999999:assumed-role/R/s\"", "\"arn:aws:sts::111111111111:federated-user/bob\""}) {
    EXPECT_EQ(stored(value), policy(value));
    EXPECT_TRUE(principals_.empty());
  }
}

TEST_F(PrincipalsTest, WhoDoesNotExistIsRefused) {
  for (const char* value : {"arn:aws:iam::111111111111:user/bob", "arn:aws:iam::111111111111:role/team/Deploy",
                            "AIDAZZZZZZZZZZZZZZZZZ", "nobody", "arn:aws:sts::111111111111:assumed-role/R/*"}) {
    EXPECT_EQ(stored('"' + std::string(value) + '"'), "unknown: " + std::string(value));
    EXPECT_EQ(stored('"' + std::string(value) + '"', Strangers::kKept), "unknown: " + std::string(value));
  }
}

TEST_F(PrincipalsTest, StrangersAreRefusedOrKept) {
  for (const char* value : {"222222222222", "arn:aws:iam::222222222222:root", "arn:aws:iam::222222222222:user/eve",
                            "arn:aws:iam::222222222222:role/R"}) {
    EXPECT_EQ(stored('"' + std::string(value) + '"'), "unknown: " + std::string(value));
    EXPECT_EQ(stored('"' + std::string(value) + '"', Strangers::kKept), policy('"' + std::string(value) + '"'));
  }
}

}  // namespace
}  // namespace deputy::directory
