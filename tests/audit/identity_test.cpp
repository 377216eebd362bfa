// Who an event says it was: userIdentity for each kind of caller, as the caller's account and as the resource's sees it.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
#include <gtest/gtest.h>
#include <simdjson.h>

#include <functional>
#include <memory>
#include <string>

#include "audit/event.h"
#include "directory/callers.h"
#include "directory/changes.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/get_user.h"
#include "protocol/sts/assume_role.h"
#include "protocol/sts/get_caller_identity.h"

namespace deputy::audit {
namespace {

using directory::Caller;
using directory::Session;

const AccountId kA = *AccountId::parse("111111111111");
const AccountId kB = *AccountId::parse("222222222222");
const Time kNow = *parse_iso8601("2026-07-24T10:11:12Z");

/// Account A with the user alice and the role Deploy, and who can call for it.
class People {
 public:
  People() {
    account_.id = kA;
    account_.generation = UniqueId("ACCTAAAAAAAAAAAAAAAAA");
    alice_.account = deploy_.account = kA;
    alice_.id = UniqueId("AIDAAAAAAAAAAAAAAAAAA");
    alice_.path = "/team/";
    alice_.name = "alice";
    deploy_.id = UniqueId("AROAAAAAAAAAAAAAAAAAA");
    deploy_.path = "/ci/";
    deploy_.name = "Deploy";
    deploy_.trust = directory::PolicyText(
        R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}})");
    directory::Changes made;
    made.create(account_);
    made.create(alice_);
    made.create(deploy_);
    std::vector<directory::StoredChange> stored;
    for (const auto& write : made.writes()) stored.push_back({write.key, std::string_view(*write.value)});
    snapshot_ = *directory::Snapshot::empty({})->apply(1, stored);
  }

  [[nodiscard]] Caller root() const {
    return *directory::caller_named(*snapshot_, "arn:aws:iam::111111111111:root", kNow);
  }
  [[nodiscard]] Caller alice() const {
    Caller caller = *directory::caller_named(*snapshot_, "arn:aws:iam::111111111111:user/team/alice", kNow);
    caller.access_key_id = "AKIAALICESKEY2345678";
    return caller;
  }
  [[nodiscard]] Caller of(Session::Kind kind, const std::function<void(Session&)>& change = {}) const {
    Session session;
    session.kind = kind;
    session.account = kA;
    session.name = "work";
    session.issued = kNow;
    switch (kind) {
      case Session::Kind::kRole:
        session.issuer = deploy_.id;
        session.issuer_name = deploy_.name;
        break;
      case Session::Kind::kUser:
      case Session::Kind::kFederatedUser:
        session.issuer = alice_.id;
        session.issuer_name = alice_.name;
        break;
      case Session::Kind::kRoot:
      case Session::Kind::kAssumedRoot:
        session.issuer = account_.generation;
    }
    if (change) change(session);
    Caller caller = *directory::caller_of(*snapshot_, std::make_shared<const Session>(std::move(session)));
    caller.access_key_id = "ASIASESSIONSKEY23456";
    return caller;
  }
  static Caller service() {
    Caller caller;
    caller.kind = Caller::Kind::kService;
    auto call = std::make_shared<directory::ServiceCall>();
    call->name = "lambda.amazonaws.com";
    caller.service = std::move(call);
    return caller;
  }
  static Caller federated(Caller::Kind kind, std::string provider) {
    Caller caller;
    caller.kind = kind;
    caller.user_id = provider + ":aud:sub";
    caller.federated = std::make_shared<directory::FederatedCall>(
        directory::FederatedCall{.provider = std::move(provider), .subject = "sub", .keys = {}});
    return caller;
  }

 private:
  directory::Account account_;
  directory::User alice_;
  directory::Role deploy_;
  directory::SnapshotPtr snapshot_;
};

/// A member of an event as its JSON, or nothing if there is none.
std::string member(const std::string& line, std::string_view name) {
  simdjson::dom::parser parser;
  simdjson::dom::element event, found;
  EXPECT_EQ(parser.parse(line).get(event), simdjson::SUCCESS) << line;
  if (event.at_key(name).get(found) != simdjson::SUCCESS) return "";
  return simdjson::minify(found);
}

class IdentityTest : public testing::Test {
 protected:
  /// An AssumeRole of a role of B by `caller`; `error`: it failed.
  Record record(const Caller* caller, const Error* error = nullptr) {
    return {.when = kNow,
            .service = protocol::ServiceId::kSts,
            .operation = &sts::shapes::AssumeRole::model,
            .caller = caller,
            .source_ip = "192.0.2.7",
            .user_agent = "aws-cli/2",
            .region = "eu-central-1",
            .request_id = "request-id",
            .input = &input_,
            .output = error == nullptr ? &output_ : nullptr,
            .error = error,
            .resources = {{"arn:aws:iam::222222222222:role/Reader", kB, "AWS::IAM::Role"}}};
  }
  std::string line(const Record& record) {
    std::string out;
    write_event(out, common_, record, "event-id", "shared-id");
    return out;
  }
  std::string other_side(const Record& record) {
    std::string out;
    write_other_side(out, common_, record, record.resources.front(), "other-id", "shared-id");
    return out;
  }
  std::string identity(const Caller* caller) { return member(line(record(caller)), "userIdentity"); }

  const People people_;
  std::string common_;
  sts::shapes::AssumeRole::Input input_ = {.role_arn = "arn:aws:iam::222222222222:role/Reader",
                                           .role_session_name = "work"};
  sts::shapes::AssumeRole::Output output_ = {};
};

TEST_F(IdentityTest, EachKindOfCallerIsToldInItsOwnWay) {
  using Kind = Session::Kind;
  struct Case {
    const char* who;
    Caller caller;
    const char* identity;
  };
  const Case cases[] = {
      {"the root user", people_.root(),
       R"({"type":"Root","principalId":"111111111111","arn":"arn:aws:iam::111111111111:root",)"
       R"("accountId":"111111111111","accessKeyId":""})"},
      {"a user", people_.alice(),
       R"({"type":"IAMUser","principalId":"AIDAAAAAAAAAAAAAAAAAA","arn":"arn:aws:iam::111111111111:user/team/alice",)"
       R"("accountId":"111111111111","accessKeyId":"AKIAALICESKEY2345678","userName":"alice"})"},
      {"a user by GetSessionToken, who gave a code",
       people_.of(Kind::kUser, [](Session& session) { session.mfa = true; }),
       R"({"type":"IAMUser","principalId":"AIDAAAAAAAAAAAAAAAAAA","arn":"arn:aws:iam::111111111111:user/team/alice",)"
       R"("accountId":"111111111111","accessKeyId":"ASIASESSIONSKEY23456","userName":"alice","sessionContext":)"
       R"({"attributes":{"creationDate":"2026-07-24T10:11:12Z","mfaAuthenticated":"true"}}})"},
      {"a role's session", people_.of(Kind::kRole),
       R"({"type":"AssumedRole","principalId":"AROAAAAAAAAAAAAAAAAAA:work",)"
       R"("arn":"arn:aws:sts::111111111111:assumed-role/Deploy/work","accountId":"111111111111",)"
       R"("accessKeyId":"ASIASESSIONSKEY23456","sessionContext":{"sessionIssuer":{"type":"Role",)"
       R"("principalId":"AROAAAAAAAAAAAAAAAAAA","arn":"arn:aws:iam::111111111111:role/ci/Deploy",)"
       R"("accountId":"111111111111","userName":"Deploy"},)"
       R"("attributes":{"creationDate":"2026-07-24T10:11:12Z","mfaAuthenticated":"false"}}})"},
      {"a role's session with a source identity",
       people_.of(Kind::kRole, [](Session& session) { session.source_identity = "dana"; }),
       R"({"type":"AssumedRole","principalId":"AROAAAAAAAAAAAAAAAAAA:work",)"
       R"("arn":"arn:aws:sts::111111111111:assumed-role/Deploy/work","accountId":"111111111111",)"
       R"("accessKeyId":"ASIASESSIONSKEY23456","sessionContext":{"sessionIssuer":{"type":"Role",)"
       R"("principalId":"AROAAAAAAAAAAAAAAAAAA","arn":"arn:aws:iam::111111111111:role/ci/Deploy",)"
       R"("accountId":"111111111111","userName":"Deploy"},)"
       R"("attributes":{"creationDate":"2026-07-24T10:11:12Z","mfaAuthenticated":"false"},"sourceIdentity":"dana"}})"},
      {"whom a user federated", people_.of(Kind::kFederatedUser),
       R"({"type":"FederatedUser","principalId":"111111111111:work",)"
       R"("arn":"arn:aws:sts::111111111111:federated-user/work","accountId":"111111111111",)"
       R"("accessKeyId":"ASIASESSIONSKEY23456","sessionContext":{"sessionIssuer":{"type":"IAMUser",)"
       R"("principalId":"AIDAAAAAAAAAAAAAAAAAA","arn":"arn:aws:iam::111111111111:user/team/alice",)"
       R"("accountId":"111111111111","userName":"alice"},)"
       R"("attributes":{"creationDate":"2026-07-24T10:11:12Z","mfaAuthenticated":"false"}}})"},
      {"root by GetSessionToken", people_.of(Kind::kRoot),
       R"({"type":"Root","principalId":"111111111111","arn":"arn:aws:iam::111111111111:root",)"
       R"("accountId":"111111111111","accessKeyId":"ASIASESSIONSKEY23456","sessionContext":)"
       R"({"attributes":{"creationDate":"2026-07-24T10:11:12Z","mfaAuthenticated":"false"}}})"},
      {"a service", People::service(), R"({"type":"AWSService","invokedBy":"lambda.amazonaws.com"})"},
      {"a token's subject", People::federated(Caller::Kind::kWebIdentity, "accounts.google.com"),
       R"({"type":"WebIdentityUser","principalId":"accounts.google.com:aud:sub","userName":"sub",)"
       R"("identityProvider":"accounts.google.com"})"},
      {"an assertion's subject", People::federated(Caller::Kind::kSaml, "arn:aws:iam::111111111111:saml-provider/x"),
       R"({"type":"SAMLUser","principalId":"arn:aws:iam::111111111111:saml-provider/x:aud:sub","userName":"sub",)"
       R"("identityProvider":"arn:aws:iam::111111111111:saml-provider/x"})"},
      {"nobody, where strangers are for policies to judge", Caller(),
       R"({"type":"AWSAccount","principalId":"","accountId":"anonymous"})"},
  };
  for (const Case& c : cases) EXPECT_EQ(identity(&c.caller), c.identity) << c.who;
  EXPECT_EQ(identity(nullptr), R"({"type":"Unknown"})") << "no signature, or a wrong one";
}

TEST_F(IdentityTest, TheOtherAccountLearnsAnAccountAndAnIdAlone) {
  for (const Caller& caller : {people_.alice(), people_.of(Session::Kind::kRole)}) {
    const Record record = this->record(&caller);
    ASSERT_TRUE(has_other_side(record));
    const std::string own = line(record), other = other_side(record);
    EXPECT_EQ(member(other, "userIdentity"),
              R"({"type":"AWSAccount","principalId":")" + caller.user_id + R"(","accountId":"111111111111"})");
    EXPECT_EQ(other.find("alice"), std::string::npos);
    EXPECT_EQ(other.find("arn:aws:sts"), std::string::npos);
    EXPECT_EQ(member(own, "recipientAccountId"), R"("111111111111")");
    EXPECT_EQ(member(other, "recipientAccountId"), R"("222222222222")");
    EXPECT_EQ(member(own, "eventID"), R"("event-id")");
    EXPECT_EQ(member(other, "eventID"), R"("other-id")");
    for (const char* same : {"eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent",
                             "requestParameters", "responseElements", "requestID", "resources", "sharedEventID"}) {
      EXPECT_EQ(member(own, same), member(other, same)) << same;
      EXPECT_NE(member(own, same), "") << same;
    }
  }
}

TEST_F(IdentityTest, OnlyAnAssumedRoleOfAnotherAccountHasAnotherSide) {
  const Caller alice = people_.alice(), service = People::service();
  const Error denied("AccessDenied", 403, "no");
  Record record = this->record(&alice);
  EXPECT_TRUE(has_other_side(record));
  record.resources.front().account = kA;
  EXPECT_FALSE(has_other_side(record)) << "its own account's role";
  record.resources.clear();
  EXPECT_FALSE(has_other_side(record)) << "nothing is named";
  EXPECT_FALSE(has_other_side(this->record(&alice, &denied))) << "it was refused";
  EXPECT_FALSE(has_other_side(this->record(&service))) << "a service has no account";
  EXPECT_FALSE(has_other_side(this->record(nullptr)));
  record = this->record(&alice);
  record.operation = &sts::shapes::GetCallerIdentity::model;
  EXPECT_FALSE(has_other_side(record));
  record.operation = nullptr;
  EXPECT_FALSE(has_other_side(record));
}

TEST_F(IdentityTest, ADenialNamesNeitherResourcesNorParameters) {
  const Caller alice = people_.alice();
  const Error denied("AccessDenied", 403, "User: alice is not authorized"), invalid("ValidationError", 400, "too long");
  const std::string refused = line(record(&alice, &denied)), wrong = line(record(&alice, &invalid)),
                    done = line(record(&alice));
  EXPECT_EQ(member(refused, "resources"), "");
  EXPECT_EQ(member(refused, "requestParameters"), "null");
  EXPECT_EQ(member(refused, "responseElements"), "null");
  EXPECT_EQ(member(refused, "errorCode"), R"("AccessDenied")");
  EXPECT_EQ(member(refused, "errorMessage"), R"("User: alice is not authorized")");
  constexpr const char* kResources =
      R"([{"accountId":"222222222222","type":"AWS::IAM::Role","ARN":"arn:aws:iam::222222222222:role/Reader"}])";
  constexpr const char* kParameters = R"({"roleArn":"arn:aws:iam::222222222222:role/Reader","roleSessionName":"work"})";
  EXPECT_EQ(member(wrong, "resources"), kResources);
  EXPECT_EQ(member(wrong, "requestParameters"), kParameters);
  EXPECT_EQ(member(wrong, "responseElements"), "null");
  EXPECT_EQ(member(wrong, "errorCode"), R"("ValidationException")") << "as the exception's class is called";
  EXPECT_EQ(member(done, "resources"), kResources);
  EXPECT_EQ(member(done, "requestParameters"), kParameters);
  EXPECT_EQ(member(done, "errorCode"), "");
}

TEST_F(IdentityTest, AnEventIsOfTheRolesAccountWhereTheCallerHasNone) {
  const Caller service = People::service(),
               google = People::federated(Caller::Kind::kWebIdentity, "accounts.google.com");
  EXPECT_EQ(member(line(record(&service)), "recipientAccountId"), R"("222222222222")");
  EXPECT_EQ(member(line(record(&google)), "recipientAccountId"), R"("222222222222")");
  EXPECT_EQ(member(line(record(nullptr)), "recipientAccountId"), "");
}

TEST_F(IdentityTest, WhatWasAnsweredIsToldOfWhatChangesSomething) {
  iam::shapes::CreateUser::Input create{.user_name = "dana"};
  iam::shapes::CreateUser::Output created{.user = iam::shapes::User{.user_name = "dana"}};
  const Caller alice = people_.alice();
  Record record = this->record(&alice);
  record.service = protocol::ServiceId::kIam;
  record.operation = &iam::shapes::CreateUser::model;
  record.input = &create;
  record.output = &created;
  std::string told = line(record);
  EXPECT_EQ(member(told, "readOnly"), "false");
  EXPECT_EQ(member(told, "requestParameters"), R"({"userName":"dana"})");
  EXPECT_NE(member(told, "responseElements").find(R"("userName":"dana")"), std::string::npos);
  iam::shapes::GetUser::Input get{.user_name = "dana"};
  iam::shapes::GetUser::Output got{.user = iam::shapes::User{.user_name = "dana"}};
  record.operation = &iam::shapes::GetUser::model;
  record.input = &get;
  record.output = &got;
  told = line(record);
  EXPECT_EQ(member(told, "readOnly"), "true");
  EXPECT_EQ(member(told, "requestParameters"), R"({"userName":"dana"})");
  EXPECT_EQ(member(told, "responseElements"), "null");
}

TEST_F(IdentityTest, TlsIsToldWhereItWas) {
  const Caller alice = people_.alice();
  Record record = this->record(&alice);
  EXPECT_EQ(member(line(record), "tlsDetails"), "");
  record.secure = true;
  record.host = "sts.example.com";
  EXPECT_EQ(member(line(record), "tlsDetails"), R"({"clientProvidedHostHeader":"sts.example.com"})")
      << "it ended at a proxy";
  record.tls_version = "TLSv1.3";
  record.tls_cipher = "TLS_AES_128_GCM_SHA256";
  EXPECT_EQ(member(line(record), "tlsDetails"), R"({"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256",)"
                                                R"("clientProvidedHostHeader":"sts.example.com"})");
}

TEST_F(IdentityTest, WhyAProvidersKeysCouldNotBeHadIsForTheAccountToKnow) {
  const Caller google = People::federated(Caller::Kind::kWebIdentity, "accounts.google.com");
  Record record = this->record(&google);
  EXPECT_EQ(member(line(record), "additionalEventData"), "");
  record.no_keys = "its certificate is not trusted";
  EXPECT_EQ(member(line(record), "additionalEventData"),
            R"({"identityProviderConnectionFailure":"its certificate is not trusted"})");
}

}  // namespace
}  // namespace deputy::audit
