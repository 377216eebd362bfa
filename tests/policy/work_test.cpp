// What a decision may cost at most, counted in steps, over every product of two things that a tenant chooses; and that
// whoever needs more is denied, whatever the statement would have said that was not matched to its end.
#include "policy/work.h"

#include <gtest/gtest.h>

#include "policy/hostile.h"
#include "policy/trace.h"

namespace deputy::policy::test {
namespace {

/// The last match may go beyond: one pattern over one value.
constexpr std::int64_t kLastMatch = 500'000;

class HostileTest : public testing::TestWithParam<HostileCase> {};

TEST_P(HostileTest, StepsHaveABound) {
  const Hostile hostile(GetParam());
  Work work;
  const Decision decision = decide(hostile.policies(), hostile.request(), work);
  EXPECT_FALSE(decision.allowed());
  EXPECT_FALSE(decision.explicit_deny);  // no statement of these holds
  EXPECT_LE(work.steps(), Work::kMostSteps + kLastMatch);
  EXPECT_EQ(decision.exhausted, work.spent());
  EXPECT_EQ(decision.policy, nullptr);
  Work again;
  (void)decide(hostile.policies(), hostile.request(), again);
  EXPECT_EQ(again.steps(), work.steps());
}

INSTANTIATE_TEST_SUITE_P(Products, HostileTest, testing::ValuesIn(hostile_cases()),
                         [](const auto& test) { return test.param.name; });

TEST(WorkTest, MostOfTheseNeedMoreThanThereIs) {
  std::size_t exhausted = 0;
  for (const HostileCase& c : hostile_cases()) {
    const Hostile hostile(c);
    exhausted += decide(hostile.policies(), hostile.request()).exhausted ? 1 : 0;
  }
  EXPECT_GE(exhausted, 15U);
}

/// As many policies as quotas let one caller be under, each full of patterns, with a user agent as clients send it.
TEST(WorkTest, NoHonestCallerComesNear) {
  for (HostileCase c : hostile_cases()) {
    c.user_agent = "aws-cli/2.15.30 Python/3.11.8 Linux/6.1.0 exe/x86_64 prompt/off command/iam.list-users";
    c.referer = "";
    c.tag_keys.resize(std::min<std::size_t>(c.tag_keys.size(), 3));
    c.tags.resize(std::min<std::size_t>(c.tags.size(), 10));
    c.requested = "arn:aws:iam::111111111111:user/bob";
    if (c.name.starts_with("marks") || c.name.ends_with("_and_values")) continue;  // not of honest callers
    const Hostile hostile(c);
    Work work;
    EXPECT_FALSE(decide(hostile.policies(), hostile.request(), work).exhausted) << c.name;
    EXPECT_LE(work.steps(), Work::kMostSteps) << c.name;
  }
}

std::string json(const std::string& statements) {
  return R"({"Version":"2012-10-17","Statement":[)" + statements + "]}";
}

CompiledPolicyPtr compiled(const std::string& text) {
  auto policy = compile(*parse(text, Kind::kIdentity, std::size_t{1} << 24U), Kind::kIdentity);
  EXPECT_TRUE(policy);
  return *policy;
}

/// A condition that takes more steps than there are, at an operator of every kind.
std::string costly(const std::string& op) {
  std::string values = "\"*ab0*\"";
  for (int i = 1; i < 2000; ++i) values += ",\"*ab" + std::to_string(i) + "*\"";
  return R"("Condition":{")" + op + R"(":{"aws:UserAgent":[)" + values + "]}}";
}

struct Exhausting {
  std::string user_agent = std::string(5000, 'a');
  Context context;
  Request request{.principal = {.type = PrincipalType::kUser,
                                .arn = "arn:aws:iam::111111111111:user/alice",
                                .account = "111111111111",
                                .unique_id = "AIDAALICEXXXXXXXXXXXX"},
                  .action = Action("s3:GetObject"),
                  .resource = "arn:aws:s3:::b/k",
                  .resource_account = "111111111111",
                  .context = &context};
  Exhausting() { context.set(Key::kUserAgent, user_agent); }
};

const std::string kAllowAll = R"({"Effect":"Allow","Action":"*","Resource":"*"})";

/// Whatever the statement says when it is not matched to its end: it allows nothing, and lets nothing pass.
TEST(WorkTest, FailsClosedUnderEveryOperatorAndEffect) {
  Exhausting ask;
  for (const char* op :
       {"StringLike", "StringNotLike", "StringLikeIfExists", "StringNotLikeIfExists", "ForAllValues:StringLike",
        "ForAllValues:StringNotLike", "ForAnyValue:StringLike", "ForAnyValue:StringNotLike"}) {
    for (const char* effect : {"Allow", "Deny"}) {
      const std::string statement =
          R"({"Effect":")" + std::string(effect) + R"(","Action":"*","Resource":"*",)" + costly(op) + "}";
      for (const std::string& text : {json(kAllowAll + "," + statement), json(statement + "," + kAllowAll)}) {
        const auto policy = compiled(text);
        const auto allow = compiled(json(kAllowAll));
        const CompiledPolicy* set[] = {policy.get(), allow.get()};
        Work little(1'000);
        const Decision decision = decide({.identity = set}, ask.request, little);
        const bool settled = std::string_view(effect) == "Allow" && !little.spent();  // nobody needed to ask it
        EXPECT_EQ(decision.allowed(), settled) << op << " " << effect;
        EXPECT_EQ(decision.exhausted, !settled) << op << " " << effect;
        EXPECT_FALSE(decision.explicit_deny) << op << " " << effect;
        EXPECT_EQ(decision.policy == nullptr, !settled);
      }
    }
  }
}

/// A Deny that was matched before the steps were used up is the reason.
TEST(WorkTest, ADenyThatHoldsIsBelieved) {
  Exhausting ask;
  const auto deny = compiled(json(R"({"Sid":"No","Effect":"Deny","Action":"s3:*","Resource":"*"})"));
  const auto slow = compiled(json(R"({"Effect":"Allow","Action":"*","Resource":"*",)" + costly("StringLike") + "}"));
  const CompiledPolicy* set[] = {slow.get()};
  const CompiledPolicy* controls[] = {deny.get()};
  const Policies::Set levels[] = {controls};
  const Decision decision = decide({.identity = set, .scp = levels}, ask.request);
  EXPECT_TRUE(decision.explicit_deny);
  EXPECT_FALSE(decision.exhausted);
  EXPECT_EQ(decision.policy, deny.get());
}

/// Several decisions of one request have one supply.
TEST(WorkTest, DecisionsShareTheirWork) {
  Exhausting ask;
  const auto allow = compiled(json(kAllowAll));
  const CompiledPolicy* set[] = {allow.get()};
  Work one;
  EXPECT_TRUE(decide({.identity = set}, ask.request, one).allowed());
  Work few(2 * one.steps());
  EXPECT_TRUE(decide({.identity = set}, ask.request, few).allowed());
  EXPECT_TRUE(decide({.identity = set}, ask.request, few).allowed());
  EXPECT_TRUE(decide({.identity = set}, ask.request, few).exhausted);
}

TEST(WorkTest, ATraceSaysSo) {
  Exhausting ask;
  std::string text;
  for (int i = 0; i < 8; ++i) {
    text += (i > 0 ? "," : "") + std::string(R"({"Effect":"Allow","Action":"*","Resource":"*",)") +
            costly("StringLike") + "}";
  }
  const auto slow = compiled(json(text));
  const CompiledPolicy* set[] = {slow.get()};
  Trace trace;
  const Decision decision = decide({.identity = set}, ask.request, &trace);
  EXPECT_TRUE(decision.exhausted);
  EXPECT_TRUE(trace.decision().exhausted);
  EXPECT_EQ(trace.note(), kTooManySteps);
  EXPECT_NE(trace.text().find("too many steps"), std::string::npos);
  EXPECT_LT(trace.text().size(), 100'000U);  // a value of the request is not repeated whole for each statement
}

}  // namespace
}  // namespace deputy::policy::test
