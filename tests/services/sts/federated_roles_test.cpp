// Roles for whom an identity provider vouches: AssumeRoleWithSAML and AssumeRoleWithWebIdentity, once the provider's word
// is believed (tests/authn/federation). Only the role's trust policy decides.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/sts/assume_role_with_saml.h"
#include "protocol/sts/assume_role_with_web_identity.h"
#include "services/sts/saml.h"
#include "services/sts/web_identity.h"
#include "support/world.h"

namespace deputy::sts {
namespace {

using directory::FederatedCall;
using tests::arn;
using tests::believed;
using tests::refused;
using tests::World;

constexpr const char *kSaml = "arn:aws:iam::111111111111:saml-provider/corp",
                     *kOidc = "arn:aws:iam::111111111111:oidc-provider/token.example.com";
constexpr const char* kDenied = "Not authorized to perform sts:AssumeRoleWith";

class FederatedRolesTest : public testing::Test {
 protected:
  FederatedRolesTest() {
    directory::Changes all;
    directory::SamlProvider saml;
    saml.account = *AccountId::parse(tests::kA);
    saml.name = "corp";
    all.create(saml);
    directory::OidcProvider oidc;
    oidc.account = saml.account;
    oidc.url = "token.example.com";
    all.create(oidc);
    EXPECT_TRUE(world.commit(all));
    role("Sso", trust(kSaml, "sts:AssumeRoleWithSAML"));
    role("Ci", trust(kOidc, "sts:AssumeRoleWithWebIdentity"));
  }
  static std::string trust(const char* provider, const std::string& action, const std::string& condition = "{}") {
    return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":")" +
           std::string(provider) + R"("},"Action":")" + action + R"(","Condition":)" + condition + "}]}";
  }
  void role(const std::string& name, const std::string& trust_policy, std::uint32_t longest = 3600) {
    directory::Role made;
    made.account = *AccountId::parse(tests::kA);
    made.id = UniqueId("AROA" + name);
    made.path = "/";
    made.name = name;
    made.trust = directory::PolicyText(trust_policy);
    made.max_session_seconds = longest;
    directory::Changes changes;
    changes.create(made);
    ASSERT_TRUE(world.commit(changes));
  }
  FederatedCall saml() const {
    FederatedCall call{.provider = kSaml,
                       .subject = "dana@example.com",
                       .keys = {{"saml:aud", {"https://signin.aws.amazon.com/saml"}},
                                {"saml:sub", {"dana@example.com"}},
                                {"saml:namequalifier", {"nq="}}}};
    call.audience = "https://signin.aws.amazon.com/saml";
    call.issuer = "https://idp.example.com/";
    call.subject_type = "persistent";
    call.name_qualifier = "nq=";
    call.assertion_id = "_a1";
    call.usable_until = world.now + std::chrono::minutes(5);
    call.session_name = "dana";
    return call;
  }
  FederatedCall token() const {
    FederatedCall call{
        .provider = kOidc,
        .subject = "repo:a/b",
        .keys = {{"token.example.com:sub", {"repo:a/b"}}, {"token.example.com:aud", {"sts.amazonaws.com"}}}};
    call.audience = "sts.amazonaws.com";
    return call;
  }
  Result<shapes::AssumeRoleWithSAML::Output> by_saml(const FederatedCall& call, const std::string& name = "Sso",
                                                     std::optional<std::int32_t> seconds = {}) {
    return world.call<AssumeRoleWithSAML>({.role_arn = arn("role/" + name),
                                           .principal_arn = kSaml,
                                           .saml_assertion = "believed",
                                           .duration_seconds = seconds},
                                          believed(call));
  }
  Result<shapes::AssumeRoleWithWebIdentity::Output> by_token(const FederatedCall& call, const std::string& name = "Ci",
                                                             std::optional<std::int32_t> seconds = {}) {
    return world.call<AssumeRoleWithWebIdentity>({.role_arn = arn("role/" + name),
                                                  .role_session_name = "job",
                                                  .web_identity_token = "believed",
                                                  .duration_seconds = seconds},
                                                 believed(call));
  }

  World world;
};

TEST_F(FederatedRolesTest, WhoIsTrustedBecomesTheRole) {
  const auto out = by_saml(saml());
  ASSERT_TRUE(out.ok()) << out.error().message();
  EXPECT_EQ(out->assumed_role_user->arn, "arn:aws:sts::111111111111:assumed-role/Sso/dana");
  EXPECT_EQ(out->assumed_role_user->assumed_role_id, "AROASso:dana");
  EXPECT_EQ(out->credentials->expiration, world.now + std::chrono::hours(1));
  EXPECT_EQ(out->subject, "dana@example.com");
  EXPECT_EQ(out->subject_type, "persistent");
  EXPECT_EQ(out->issuer, "https://idp.example.com/");
  EXPECT_EQ(out->audience, "https://signin.aws.amazon.com/saml");
  EXPECT_EQ(out->name_qualifier, "nq=");

  const auto ci = by_token(token());
  ASSERT_TRUE(ci.ok()) << ci.error().message();
  EXPECT_EQ(ci->assumed_role_user->arn, "arn:aws:sts::111111111111:assumed-role/Ci/job");
  EXPECT_EQ(ci->subject_from_web_identity_token, "repo:a/b");
  EXPECT_EQ(ci->audience, "sts.amazonaws.com");
  EXPECT_EQ(ci->provider, kOidc);
}

TEST_F(FederatedRolesTest, WhoIsNotTrustedIsToldNothing) {
  role("Closed", trust(kSaml, "sts:AssumeRoleWithSAML", R"({"StringEquals":{"saml:sub":"bob@example.com"}})"));
  role("Other", trust("arn:aws:iam::111111111111:saml-provider/other", "sts:AssumeRoleWithSAML"));
  role("Wrong", trust(kSaml, "sts:AssumeRoleWithWebIdentity"));
  for (const char* name : {"Closed", "Other", "Wrong", "Ci", "Nowhere"}) {
    EXPECT_TRUE(refused(by_saml(saml(), name), "AccessDenied", 403, std::string(kDenied) + "SAML")) << name;
  }
  for (const char* name : {"Sso", "Closed", "Nowhere"}) {
    EXPECT_TRUE(refused(by_token(token(), name), "AccessDenied", 403, std::string(kDenied) + "WebIdentity")) << name;
  }
}

TEST_F(FederatedRolesTest, ConditionsSeeWhatTheProviderSaid) {
  role("Dana",
       trust(kSaml, "sts:AssumeRoleWithSAML",
             R"({"StringEquals":{"saml:sub":"dana@example.com","saml:aud":"https://signin.aws.amazon.com/saml"}})"));
  EXPECT_TRUE(by_saml(saml(), "Dana").ok());
  role("Repo", trust(kOidc, "sts:AssumeRoleWithWebIdentity", R"({"StringLike":{"token.example.com:sub":"repo:a/*"}})"));
  EXPECT_TRUE(by_token(token(), "Repo").ok());
  FederatedCall other = token();
  other.keys = {{"token.example.com:sub", {"repo:b/b"}}};
  EXPECT_FALSE(by_token(other, "Repo").ok());
}

TEST_F(FederatedRolesTest, AnAssertionWorksOnce) {
  ASSERT_TRUE(by_saml(saml()).ok());
  EXPECT_TRUE(refused(by_saml(saml()), "InvalidIdentityToken", 400, "Assertion has already been used"));
  FederatedCall next = saml();
  next.assertion_id = "_a2";
  EXPECT_TRUE(by_saml(next).ok());
  EXPECT_EQ(world.snapshot().used_assertions().size(), 2U);
  // The same id of another provider is another assertion; a token works until it ends.
  EXPECT_TRUE(by_token(token()).ok());
  EXPECT_TRUE(by_token(token()).ok());
}

TEST_F(FederatedRolesTest, OfTwoAtOnceWithOneAssertionOneIsLetIn) {
  const AssumeRoleWithSAML::Input in{.role_arn = arn("role/Sso"), .principal_arn = kSaml, .saml_assertion = "believed"};
  const auto first = world.prepare<AssumeRoleWithSAML>(in, believed(saml()));
  const auto second = world.prepare<AssumeRoleWithSAML>(in, believed(saml()));
  EXPECT_TRUE(world.commit(first));
  EXPECT_FALSE(world.commit(second));
}

TEST_F(FederatedRolesTest, MarksOfAssertionsThatEndedAreSweptAFewAtATime) {
  for (int i = 0; i < 20; ++i) {
    FederatedCall call = saml();
    call.assertion_id = "_old" + std::to_string(i);
    call.usable_until = world.now + std::chrono::minutes(i);
    ASSERT_TRUE(by_saml(call).ok());
  }
  EXPECT_EQ(world.snapshot().used_assertions().size(), 19U) << "the first had ended when the second came";
  world.now += std::chrono::hours(1);
  for (const std::size_t left : {12U, 5U, 1U}) {  // eight go, one comes
    FederatedCall call = saml();
    call.assertion_id = "_new" + std::to_string(left);
    call.usable_until = world.now + std::chrono::hours(9);
    ASSERT_TRUE(by_saml(call).ok());
    if (left > 1) {
      EXPECT_EQ(world.snapshot().used_assertions().size(), left);
    }
  }
  EXPECT_EQ(world.snapshot().used_assertions().size(), 3U);
}

TEST_F(FederatedRolesTest, TheSessionIsAsLongAsAllOfThemAllow) {
  role("Long", trust(kSaml, "sts:AssumeRoleWithSAML"), 43200);
  FederatedCall call = saml();
  int number = 0;
  const auto seconds = [&](std::optional<std::int32_t> asked, std::optional<int> provider_says) -> std::int64_t {
    call.assertion_id = "_n" + std::to_string(++number);
    call.session_until = provider_says ? std::optional(world.now + std::chrono::seconds(*provider_says)) : std::nullopt;
    const auto out = by_saml(call, "Long", asked);
    if (!out) return -out.error().status();
    return epoch_seconds(out->credentials->expiration) - epoch_seconds(world.now);
  };
  EXPECT_EQ(seconds({}, {}), 3600);
  EXPECT_EQ(seconds(43200, {}), 43200);
  EXPECT_EQ(seconds({}, 100'000), 3600);
  EXPECT_EQ(seconds(43200, 7200), 7200);
  EXPECT_EQ(seconds({}, 60), 60);
  EXPECT_EQ(seconds({}, 0), -400);
  EXPECT_EQ(seconds({}, -5), -400);
  call.assertion_id = "_late";
  call.session_until = world.now;
  EXPECT_TRUE(
      refused(by_saml(call, "Long"), "ExpiredTokenException", 400, "The session of the identity provider has ended"));
  EXPECT_FALSE(by_saml(saml(), "Sso", 3601).ok()) << "longer than the role allows";
  EXPECT_FALSE(by_token(token(), "Ci", 3601).ok());
  EXPECT_TRUE(by_token(token(), "Ci", 3600).ok());
}

TEST_F(FederatedRolesTest, TagsAndIdentityArePermissionsOfTheirOwn) {
  FederatedCall call = saml();
  call.tags = {{"team", "red"}};
  EXPECT_FALSE(by_saml(call).ok());
  role("Tagged", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":")" +
                     std::string(kSaml) + R"("},"Action":["sts:AssumeRoleWithSAML","sts:TagSession"]}]})");
  EXPECT_TRUE(by_saml(call, "Tagged").ok());
  call.assertion_id = "_a2";
  call.source_identity = "dana";
  EXPECT_FALSE(by_saml(call, "Tagged").ok());
  const AssumeRoleWithSAML::Input in{.role_arn = arn("role/Tagged"), .principal_arn = kSaml, .saml_assertion = "x"};
  std::vector<std::string> actions;
  for (const auto& access : world.accesses<AssumeRoleWithSAML>(in, believed(call)))
    actions.emplace_back(access.action.name);
  EXPECT_THAT(actions,
              testing::UnorderedElementsAre("sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"));
}

TEST_F(FederatedRolesTest, ASessionPolicyIsCheckedAsEverywhere) {
  AssumeRoleWithSAML::Input in{.role_arn = arn("role/Sso"), .principal_arn = kSaml, .saml_assertion = "x"};
  in.policy = "{";
  EXPECT_EQ(world.call<AssumeRoleWithSAML>(in, believed(saml())).error().code(), "MalformedPolicyDocument");
  EXPECT_TRUE(world.snapshot().used_assertions().empty()) << "a call that failed may be made again";
  in.policy = tests::kAllowAll;
  const auto out = world.call<AssumeRoleWithSAML>(in, believed(saml()));
  ASSERT_TRUE(out.ok());
  EXPECT_GT(out->packed_policy_size.value_or(0), 0);
}

TEST_F(FederatedRolesTest, TheProviderIsLookedForWhereTheRoleIs) {
  const auto saml_word = AssumeRoleWithSAML::assertion(
      {.role_arn = "arn:aws:iam::222222222222:role/Sso", .principal_arn = kSaml, .saml_assertion = "text"});
  ASSERT_TRUE(saml_word.ok());
  EXPECT_EQ(saml_word->account.view(), "222222222222");
  EXPECT_EQ(saml_word->kind, services::Assertion::Kind::kSaml);
  const AssumeRoleWithWebIdentity::Input token_in{
      .role_arn = "no ARN", .role_session_name = "x", .web_identity_token = "t"};
  EXPECT_EQ(AssumeRoleWithWebIdentity::assertion(token_in).error().status(), 400);
  AssumeRoleWithWebIdentity::Input old = token_in;
  old.role_arn = arn("role/Ci");
  old.provider_id = "www.amazon.com";
  EXPECT_EQ(AssumeRoleWithWebIdentity::assertion(old).error().status(), 501);
}

}  // namespace
}  // namespace deputy::sts
