// Who a key, a session or an ARN is today. That a signature proves it is tested in tests/authn.
#include "directory/callers.h"

#include <gtest/gtest.h>

#include "directory/committed.h"

namespace deputy::directory {
namespace {

const std::string kAlice = "arn:aws:iam::111111111111:user/team/alice";

class CallersTest : public ::testing::Test {
 protected:
  CallersTest() {
    account_.id = *AccountId::parse("111111111111");
    account_.generation = UniqueId("ACCTAAAAAAAAAAAAAAAAA");
    alice_.account = deploy_.account = account_.id;
    alice_.id = UniqueId("AIDAAAAAAAAAAAAAAAAAA");
    alice_.path = "/team/";
    alice_.name = "alice";
    alice_.access_keys = {{"AKIAALICESKEY2345678", "sealed", true, {}}};
    deploy_.id = UniqueId("AROAAAAAAAAAAAAAAAAAA");
    deploy_.path = "/ci/";
    deploy_.name = "Deploy";
    deploy_.trust = PolicyText(
        R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}})");
    publish();
  }
  void publish() { snapshot_ = committed(Snapshot::empty({}), created(account_, alice_, deploy_)); }
  [[nodiscard]] std::optional<Caller> named(const std::string& arn) const {
    return caller_named(*snapshot_, arn, now_);
  }
  [[nodiscard]] std::optional<Caller> of(Session::Kind kind, const UniqueId& issuer,
                                         const char* issuer_name = "") const {
    Session session;
    session.kind = kind;
    session.account = account_.id;
    session.issuer = issuer;
    session.issuer_name = issuer_name;
    session.name = "s1";
    return caller_of(*snapshot_, std::make_shared<const Session>(std::move(session)));
  }

  Account account_;
  User alice_;
  Role deploy_;
  SnapshotPtr snapshot_;
  const Time now_ = *parse_iso8601("2026-07-24T10:11:12Z");
};

TEST_F(CallersTest, AnArnNamesUserRootAndRoleSession) {
  auto caller = named(kAlice);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->kind, Caller::Kind::kUser);
  EXPECT_EQ(caller->arn, kAlice);
  EXPECT_EQ(caller->user_id, "AIDAAAAAAAAAAAAAAAAAA");
  EXPECT_EQ(caller->session, nullptr);
  caller = named("arn:aws:iam::111111111111:root");
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->kind, Caller::Kind::kRoot);
  EXPECT_EQ(caller->user_id, "111111111111");
  caller = named("arn:aws:sts::111111111111:assumed-role/Deploy/s1");
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->kind, Caller::Kind::kRoleSession);
  EXPECT_EQ(caller->role->arn(), "arn:aws:iam::111111111111:role/ci/Deploy");
  EXPECT_EQ(caller->user_id, "AROAAAAAAAAAAAAAAAAAA:s1");
  EXPECT_EQ(caller->session->issued, now_);
  EXPECT_EQ(caller->session->mfa, false);
}

TEST_F(CallersTest, OtherArnsNameNobody) {
  for (const char* arn :
       {"", "alice", "arn:aws:iam::111111111111:user/alice", "arn:aws:iam::222222222222:root",
        "arn:aws:iam::111111111111:role/ci/Deploy", "arn:aws:sts::111111111111:assumed-role/Deploy",
        "arn:aws:sts::111111111111:assumed-role/Deploy/", "arn:aws:sts::111111111111:assumed-role/deploy/s1",
        "arn:aws:sts::111111111111:assumed-role/Other/s1", "arn:aws:sts:eu-west-1:111111111111:assumed-role/Deploy/s1",
        "arn:aws-cn:sts::111111111111:assumed-role/Deploy/s1", "arn:aws:sts::111111111111:federated-user/bob"}) {
    EXPECT_FALSE(named(arn)) << arn;
  }
}

TEST_F(CallersTest, OfAClosedAccountNobodyIsAnybody) {
  account_.closed = true;
  publish();
  EXPECT_FALSE(named(kAlice));
  EXPECT_FALSE(named("arn:aws:iam::111111111111:root"));
  EXPECT_FALSE(of(Session::Kind::kUser, alice_.id));
}

TEST_F(CallersTest, AKeyIsItsOwner) {
  const auto owner = snapshot_->access_key("AKIAALICESKEY2345678");
  ASSERT_TRUE(owner);
  const Caller caller = caller_of(*owner);
  EXPECT_EQ(caller.arn, kAlice);
  EXPECT_EQ(caller.access_key_id, "AKIAALICESKEY2345678");
}

TEST_F(CallersTest, ASessionEndsWithWhatItWasIssuedFor) {
  EXPECT_EQ(of(Session::Kind::kUser, alice_.id)->arn, kAlice);
  EXPECT_EQ(of(Session::Kind::kRole, deploy_.id, "Deploy")->arn, "arn:aws:sts::111111111111:assumed-role/Deploy/s1");
  EXPECT_EQ(of(Session::Kind::kFederatedUser, alice_.id)->arn, "arn:aws:sts::111111111111:federated-user/s1");
  EXPECT_EQ(of(Session::Kind::kRoot, account_.generation)->arn, "arn:aws:iam::111111111111:root");
  const UniqueId other("AROABBBBBBBBBBBBBBBBB");
  EXPECT_FALSE(of(Session::Kind::kUser, other));
  EXPECT_FALSE(of(Session::Kind::kRole, other, "Deploy"));  // another role of that name
  EXPECT_FALSE(of(Session::Kind::kFederatedUser, other));
  EXPECT_FALSE(of(Session::Kind::kRoot, other));                                       // another account of that number
  EXPECT_FALSE(of(Session::Kind::kAssumedRoot, account_.generation, "o-abcdefghij"));  // which left the organization
}

}  // namespace
}  // namespace deputy::directory
