// Who made a decision, and why; and that asking so changes nothing.
#include "authz/ask.h"

#include <gtest/gtest.h>

#include "authz/world.h"

namespace deputy::authz {
namespace {

std::string document(std::string_view effect, std::string_view action) {
  return R"({"Version":"2012-10-17","Statement":{"Effect":")" + std::string(effect) + R"(","Action":")" +
         std::string(action) + R"(","Resource":"*"}})";
}

class AskTest : public ::testing::Test {
 protected:
  static directory::PolicyText text(std::string json, policy::Kind kind = policy::Kind::kIdentity) {
    auto compiled = policy::compile(json, kind);
    EXPECT_TRUE(compiled) << compiled.error().message;
    return directory::PolicyText(std::move(json), *compiled);
  }
  void begin(const char* kind) {
    caller_ = world_.caller(kind);
    ASSERT_TRUE(ask_.begin(caller_, how_, *snapshot_));
  }

  World world_;
  directory::SnapshotPtr snapshot_ = directory::Snapshot::empty({});
  const Circumstances how_{
      .now = world_.now, .source_ip = "203.0.113.7", .user_agent = {}, .referer = {}, .region = "us-east-1"};
  directory::Caller caller_;
  Ask ask_;
  Access get_{.action = policy::Action("iam:GetRole"), .resource = "*", .owner = {}};
  Access list_{.action = policy::Action("iam:ListRoles"), .resource = "*", .owner = {}};
};

TEST_F(AskTest, NamesThePolicyThatDecided) {
  world_.alice.inline_policies = {{"read", text(document("Allow", "iam:Get*"))},
                                  {"never", text(document("Deny", "iam:List*"))}};
  begin("user");
  auto by = ask_.source_of(ask_.decide(get_));
  ASSERT_TRUE(by);
  EXPECT_EQ(by->name, "read");
  EXPECT_EQ(by->owner, "arn:aws:iam::111111111111:user/team/alice");
  EXPECT_EQ(by->number, 0U);
  EXPECT_FALSE(by->version);
  by = ask_.source_of(ask_.decide(list_));
  ASSERT_TRUE(by);
  EXPECT_EQ(by->name, "never");
  EXPECT_EQ(by->number, 1U);
  EXPECT_EQ(*by->text, document("Deny", "iam:List*"));
}

TEST_F(AskTest, AMissingAllowHasNoPolicy) {
  begin("user");
  const policy::Decision decision = ask_.decide(get_);
  EXPECT_FALSE(decision.allowed());
  EXPECT_FALSE(ask_.source_of(decision));
}

TEST_F(AskTest, TheFirstRefusalEndsTheQuestion) {
  world_.alice.inline_policies = {{"read", text(document("Allow", "iam:Get*"))}};
  begin("user");
  const std::array accesses{get_, list_, get_};
  const Answer answer = ask_.decide(std::span(accesses));
  EXPECT_EQ(answer.refused, &accesses[1]);
  EXPECT_FALSE(answer.decision.allowed());
  EXPECT_EQ(ask_.decide(std::span(accesses).first(1)).refused, nullptr);
  EXPECT_EQ(ask_.decide({}).refused, nullptr);
}

TEST_F(AskTest, EachScopeOfASessionMustAllow) {
  world_.deploy.inline_policies = {{"all", text(document("Allow", "*"))}};
  begin("role session");
  const auto narrowed_by = [&](std::vector<std::string> scopes) {
    directory::Session session = *caller_.session;
    for (std::string& scope : scopes) {
      session.compiled_scopes.push_back(*policy::compile(scope, policy::Kind::kSession));
      session.scoped_policies.push_back(std::move(scope));
    }
    directory::Caller caller = caller_;
    caller.session = std::make_shared<const directory::Session>(std::move(session));
    EXPECT_TRUE(ask_.begin(caller, how_, *snapshot_));
    return ask_.decide(get_);
  };
  const std::string get = document("Allow", "iam:Get*"), list = document("Allow", "iam:List*");
  EXPECT_TRUE(narrowed_by({get}).allowed());
  EXPECT_TRUE(narrowed_by({get, document("Allow", "*"), get}).allowed());
  for (const auto& scopes : std::vector<std::vector<std::string>>{{list}, {get, list}, {list, get}}) {
    const policy::Decision decision = narrowed_by(scopes);
    EXPECT_FALSE(decision.allowed()) << "they are an intersection, whoever else grants the access";
    EXPECT_EQ(decision.layer, policy::Layer::kSession);
    EXPECT_FALSE(decision.explicit_deny);
  }
  EXPECT_TRUE(narrowed_by({get, document("Deny", "iam:GetRole")}).explicit_deny);

  world_.deploy.inline_policies.clear();
  EXPECT_FALSE(narrowed_by({get}).allowed()) << "a scope grants nothing";
}

TEST_F(AskTest, ASessionsPolicyIsTheCallers) {
  world_.deploy.inline_policies = {{"all", text(document("Allow", "*"))}};
  begin("role session");
  directory::Session limited = *caller_.session;
  limited.policy = document("Deny", "iam:*");
  limited.compiled = *policy::compile(*limited.policy, policy::Kind::kIdentity);
  caller_.session = std::make_shared<const directory::Session>(std::move(limited));
  ASSERT_TRUE(ask_.begin(caller_, how_, *snapshot_));
  const auto by = ask_.source_of(ask_.decide(get_));
  ASSERT_TRUE(by);
  EXPECT_EQ(by->layer, policy::Layer::kSession);
  EXPECT_EQ(by->owner, "arn:aws:sts::111111111111:assumed-role/Deploy/s1");
  EXPECT_EQ(*by->text, document("Deny", "iam:*"));
}

TEST_F(AskTest, AResourcesPolicyIsTheResources) {
  const auto trust = policy::compile(
      R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}})",
      policy::Kind::kTrust);
  ASSERT_TRUE(trust);
  const Access assume{.action = policy::Action("sts:AssumeRole"),
                      .resource = world_.deploy.arn(),
                      .owner = world_.state.account.id,
                      .resource_policy = trust->get(),
                      .resource_kind = policy::ResourceKind::kTrust};
  begin("user");
  const auto by = ask_.source_of(ask_.decide(assume));
  ASSERT_TRUE(by);
  EXPECT_EQ(by->layer, policy::Layer::kResource);
  EXPECT_EQ(by->owner, world_.deploy.arn());
  EXPECT_FALSE(by->origin);
}

TEST_F(AskTest, WhatTheAccountAllowsHangsOnNothing) {
  begin("user");
  get_.account_allows = true;
  const policy::Decision decision = ask_.decide(get_);
  EXPECT_TRUE(decision.allowed());
  EXPECT_NE(decision.policy, nullptr);
  EXPECT_FALSE(ask_.source_of(decision));
}

TEST_F(AskTest, ATraceNamesItsPoliciesAndDecidesTheSame) {
  world_.alice.inline_policies = {{"read", text(document("Allow", "iam:Get*"))},
                                  {"never", text(document("Deny", "iam:List*"))}};
  begin("user");
  for (const Access& access : {get_, list_}) {
    policy::Trace trace;
    const policy::Decision explained = ask_.explain(access, trace), decided = ask_.decide(access);
    EXPECT_EQ(explained.allowed(), decided.allowed());
    EXPECT_EQ(explained.policy, decided.policy);
    ASSERT_EQ(trace.statements().size(), 2U);
    EXPECT_EQ(ask_.source(trace.statements()[1].layer, trace.statements()[1].number)->name, "never");
  }
}

TEST_F(AskTest, WithoutAPolicyThatIsAttachedNothingIsAsked) {
  world_.alice.attached_policies = {"arn:aws:iam::111111111111:policy/Lost"};
  caller_ = world_.caller("user");
  EXPECT_EQ(ask_.begin(caller_, how_, *snapshot_).error().status(), 500);
}

/// Of a bucket of another account: its policy, and what of it counts.
TEST_F(AskTest, AnAccessControlListIsAWordOnTheResourcesSide) {
  const auto open = policy::compile(
      R"({"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}})",
      policy::Kind::kBucket);
  const auto closed = policy::compile(
      R"({"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}})",
      policy::Kind::kBucket);
  ASSERT_TRUE(open && closed);
  const auto allowed = [&](const policy::CompiledPolicy* policy, bool only_denies, bool granted) {
    return ask_
        .decide(Access{.action = policy::Action("s3:ListBucket"),
                       .resource = "arn:aws:s3:::b",
                       .owner = *AccountId::parse("222222222222"),
                       .resource_policy = policy,
                       .resource_kind = policy::ResourceKind::kBucket,
                       .resource_policy_only_denies = only_denies,
                       .granted_by_acl = granted})
        .allowed();
  };
  for (const bool signs : {true, false}) {
    world_.alice.inline_policies = {{"all", text(document("Allow", "*"))}};
    begin(signs ? "user" : "anonymous");
    EXPECT_FALSE(allowed(nullptr, false, false));
    EXPECT_TRUE(allowed(nullptr, false, true)) << "a grant is enough on the resource's side";
    EXPECT_TRUE(allowed(open->get(), false, false));
    EXPECT_FALSE(allowed(open->get(), true, false)) << "what the policy allows does not count";
    EXPECT_TRUE(allowed(open->get(), true, true));
    EXPECT_FALSE(allowed(closed->get(), false, true)) << "any Deny wins";
    EXPECT_FALSE(allowed(closed->get(), true, true)) << "its denies do";
  }
  world_.alice.inline_policies.clear();
  begin("user");
  EXPECT_FALSE(allowed(nullptr, false, true)) << "the caller's own policies must allow, too";
}

}  // namespace
}  // namespace deputy::authz
