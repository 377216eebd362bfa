// What the operations that hand out sessions answer and refuse, called as the pipeline calls them.
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "protocol/iam/attach_user_policy.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/put_role_policy.h"
#include "protocol/sts/assume_role.h"
#include "protocol/sts/get_federation_token.h"
#include "protocol/sts/get_session_token.h"
#include "services/sts/session_tags.h"
#include "support/world.h"

namespace deputy::sts {
namespace {

using tests::refused;
using tests::root;
using tests::session;
using tests::user;
using tests::Who;

constexpr const char* kRole = "arn:aws:iam::222222222222:role/Target";
constexpr const char* kTrust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111111111111"},)"
    R"("Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]}]})";

class SessionsTest : public testing::Test {
 protected:
  SessionsTest() {
    namespace s = iam::shapes;
    for (const char* name : {"dana", "poor"}) world.must<s::CreateUser>({.user_name = name});
    world.must<s::AttachUserPolicy>({.user_name = "dana", .policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"});
    world.must<s::CreateRole>({.role_name = "Hop", .assume_role_policy_document = kTrust});
    world.must<s::PutRolePolicy>({.role_name = "Hop", .policy_name = "all", .policy_document = tests::kAllowAll});
    world.must<s::CreateRole>(
        {.role_name = "Target", .assume_role_policy_document = kTrust, .max_session_duration = 7200}, root(tests::kB));
  }

  auto assume(shapes::AssumeRole::Input in, const Who& who = user("dana")) {
    if (in.role_arn.empty()) in.role_arn = kRole;
    if (in.role_session_name.empty()) in.role_session_name = "work";
    return world.call<shapes::AssumeRole>(in, who);
  }
  std::int64_t seconds_of(const std::optional<shapes::Credentials>& credentials) const {
    return std::chrono::duration_cast<std::chrono::seconds>(credentials.value().expiration - world.now).count();
  }

  tests::World world;
};

TEST_F(SessionsTest, ARoleIsAssumedByWhoMayAndIsTrusted) {
  const auto answer = assume({});
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_EQ(answer->assumed_role_user->arn, "arn:aws:sts::222222222222:assumed-role/Target/work");
  EXPECT_TRUE(answer->assumed_role_user->assumed_role_id.starts_with("AROA"));
  EXPECT_TRUE(answer->credentials->access_key_id.starts_with("ASIA"));
  EXPECT_EQ(seconds_of(answer->credentials), 3600);
  EXPECT_EQ(answer->packed_policy_size, std::nullopt);
  EXPECT_EQ(answer->source_identity, std::nullopt);
  EXPECT_TRUE(refused(assume({}, user("poor")), "AccessDenied", 403,
                      "User: arn:aws:iam::111111111111:user/poor is not authorized to perform: sts:AssumeRole on "
                      "resource: arn:aws:iam::222222222222:role/Target"));
  EXPECT_EQ(assume({.role_arn = "arn:aws:iam::222222222222:role/Nobody"}).error().code(), "AccessDenied");
}

TEST_F(SessionsTest, ASessionLastsAsLongAsItsCallerAndItsRoleAllow) {
  struct Case {
    const char* name;
    Who who;
    std::int32_t seconds;
    const char* refusal;  // null: it is given
  };
  const Case cases[] = {
      {"the least", user("dana"), 900, nullptr},
      {"the role's most", user("dana"), 7200, nullptr},
      {"more than the role's most", user("dana"), 7201,
       "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."},
      {"an hour by a chain", session("Hop"), 3600, nullptr},
      {"more by a chain", session("Hop"), 3601,
       "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."},
  };
  for (const Case& c : cases) {
    const auto answer = assume({.duration_seconds = c.seconds}, c.who);
    if (c.refusal != nullptr) {
      EXPECT_TRUE(refused(answer, "ValidationError", 400, c.refusal)) << c.name;
      continue;
    }
    ASSERT_TRUE(answer.ok()) << c.name << ": " << answer.error().message();
    EXPECT_EQ(seconds_of(answer->credentials), c.seconds) << c.name;
  }
}

TEST_F(SessionsTest, TagsAndASourceIdentityAreAskedForByThemselves) {
  const auto needs = world.accesses<shapes::AssumeRole>(
      {.role_arn = kRole, .role_session_name = "work", .tags = {{"Team", "a"}}, .source_identity = "dana"},
      user("dana"));
  ASSERT_EQ(needs.size(), 3U);
  const auto answer = assume({.tags = {{"Team", "a"}}, .source_identity = "dana"});
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_EQ(answer->source_identity, "dana");
  EXPECT_EQ(answer->packed_policy_size, 1);
}

TEST_F(SessionsTest, APolicyAndTagsMustFit) {
  struct Case {
    const char* name;
    std::size_t tags, key, value;
    const char* policy;  // may be null
    const char* code;    // null: it is given
    const char* message;
  };
  const std::string long_policy = [] {
    std::string text = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[)";
    for (int i = 0; i < 300; ++i) text += R"("s3:Get)" + std::to_string(i * 7919 % 100003) + R"(",)";
    return text + R"("s3:PutObject"],"Resource":"*"}]})";
  }();
  const Case cases[] = {
      {"tags that just fit", 5, 40, 50, nullptr, nullptr, nullptr},
      {"tags that do not", 9, 4, 248, nullptr, "PackedPolicyTooLarge",
       "Packed size of session tags consumes 498% of allotted space."},
      {"a policy", 0, 0, 0, tests::kAllowAll, nullptr, nullptr},
      {"a policy that is none", 0, 0, 0, R"({"Version":"2012-10-17"})", "MalformedPolicyDocument",
       "Syntax errors in policy."},
  };
  for (const Case& c : cases) {
    shapes::AssumeRole::Input in;
    for (std::size_t i = 0; i < c.tags; ++i) {
      in.tags.push_back({std::to_string(100 + i) + std::string(c.key - 3, 'k'), std::string(c.value, 'v')});
    }
    if (c.policy != nullptr) in.policy = c.policy;
    const auto answer = assume(in);
    if (c.code != nullptr) {
      EXPECT_TRUE(refused(answer, c.code, 400, c.message)) << c.name;
    } else {
      ASSERT_TRUE(answer.ok()) << c.name << ": " << answer.error().message();
      EXPECT_GT(answer->packed_policy_size.value_or(0), 0) << c.name;
      EXPECT_LE(answer->packed_policy_size.value_or(0), 100) << c.name;
    }
  }
  const auto refusal = assume({.policy = long_policy});
  ASSERT_FALSE(refusal.ok());
  EXPECT_EQ(refusal.error().code(), "PackedPolicyTooLarge");
  EXPECT_TRUE(refusal.error().message().starts_with("Packed policy consumes ")) << refusal.error().message();
}

TEST_F(SessionsTest, ManagedSessionPoliciesAreAwsOwnOrTheRolesAccounts) {
  const auto answer = assume({.policy_arns = {{"arn:aws:iam::aws:policy/ReadOnlyAccess"}}});
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_GT(answer->packed_policy_size.value_or(0), 0);
  for (const std::string arn : {"arn:aws:iam::aws:policy/Nothing", "arn:aws:iam::111111111111:policy/mine"}) {
    EXPECT_TRUE(refused(assume({.policy_arns = {{arn}}}), "ValidationError", 400,
                        "Policy " + arn + " does not exist or is not attachable."));
  }
}

TEST_F(SessionsTest, FederationAndSessionTokensOfRootLastAnHour) {
  struct Case {
    Who who;
    std::optional<std::int32_t> asked;
    std::int64_t given;
  };
  const Case cases[] = {{user("dana"), std::nullopt, 43200}, {user("dana"), 900, 900}, {user("dana"), 129600, 129600},
                        {root(), std::nullopt, 3600},        {root(), 900, 900},       {root(), 129600, 3600}};
  for (const Case& c : cases) {
    const auto own = world.must<shapes::GetSessionToken>({.duration_seconds = c.asked}, c.who);
    EXPECT_EQ(seconds_of(own.credentials), c.given);
    const auto others = world.must<shapes::GetFederationToken>({.name = "mona", .duration_seconds = c.asked}, c.who);
    EXPECT_EQ(seconds_of(others.credentials), c.given);
    EXPECT_EQ(others.federated_user->arn, "arn:aws:sts::111111111111:federated-user/mona");
    EXPECT_EQ(others.federated_user->federated_user_id, "111111111111:mona");
    EXPECT_EQ(others.packed_policy_size, 0);
  }
  EXPECT_TRUE(
      refused(world.call<shapes::GetFederationToken>(
                  {.name = "mona", .tags = {{"a", std::string(256, 'v')}, {"b", std::string(256, 'v')}}}, user("dana")),
              "PackedPolicyTooLarge", 400, "Packed size of session tags consumes 112% of allotted space."));
}

TEST(TransitiveTagsTest, GoOnAndCannotBeSetAgain) {
  directory::Session from;
  from.tags = {{"Team", "blue"}, {"Cost", "7"}};
  from.transitive_tag_keys = {"team"};
  const auto tags = session_tags(&from, {{"Cost", "8"}, {"Env", "prod"}}, {"Env"});
  ASSERT_TRUE(tags.ok());
  EXPECT_EQ(tags->inherited, (directory::Tags{{"Team", "blue"}}));
  EXPECT_EQ(tags->effective(), (directory::Tags{{"Team", "blue"}, {"Cost", "8"}, {"Env", "prod"}}));
  EXPECT_EQ(tags->transitive_keys, (std::vector<std::string>{"team", "Env"}));

  EXPECT_TRUE(refused(session_tags(&from, {{"TEAM", "red"}}, {}), "InvalidParameterValue", 400,
                      "One of the specified transitive tag keys can't be set because it conflicts with a transitive "
                      "tag key from the calling session."));
  EXPECT_TRUE(refused(session_tags(&from, {}, {"Cost"}), "InvalidParameterValue", 400,
                      "The specified transitive tag key must be included in the requested tags."));
  EXPECT_TRUE(refused(session_tags(nullptr, {{"a", "1"}, {"A", "2"}}, {}), "InvalidParameterValue", 400,
                      "Duplicate tag keys found. Please note that Tag keys are case insensitive."));
}

}  // namespace
}  // namespace deputy::sts
