// The operations of STS that hand out no role: whose key this is, what a denial meant, sessions that scope themselves down,
// and tokens for others.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <chrono>
#include <string>
#include <vector>

#include "authn/authorization_message.h"
#include "authn/session_codec.h"
#include "authn/session_token.h"
#include "base/encoding.h"
#include "protocol/iam/attach_user_policy.h"
#include "protocol/iam/create_access_key.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/disable_outbound_web_identity_federation.h"
#include "protocol/iam/enable_outbound_web_identity_federation.h"
#include "protocol/iam/put_role_policy.h"
#include "protocol/iam/tag_user.h"
#include "protocol/sts/decode_authorization_message.h"
#include "protocol/sts/get_access_key_info.h"
#include "protocol/sts/get_caller_identity.h"
#include "protocol/sts/get_delegated_access_token.h"
#include "protocol/sts/get_scoped_credentials.h"
#include "protocol/sts/get_web_identity_token.h"
#include "support/world.h"

namespace deputy::sts {
namespace {

using tests::kA;
using tests::kB;
using tests::refused;
using tests::root;
using tests::session;
using tests::user;
using tests::Who;

class TokensTest : public testing::Test {
 protected:
  TokensTest() {
    world.must<iam::shapes::CreateUser>({.user_name = "dana"});
    world.must<iam::shapes::AttachUserPolicy>(
        {.user_name = "dana", .policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"});
    world.must<iam::shapes::CreateUser>({.user_name = "poor"});
    world.must<iam::shapes::CreateRole>({.role_name = "Hop", .assume_role_policy_document = tests::kTrustsA});
    world.must<iam::shapes::PutRolePolicy>(
        {.role_name = "Hop", .policy_name = "all", .policy_document = tests::kAllowAll});
  }
  tests::World world;
};

TEST_F(TokensTest, WhoOneIsNeedsNoPermission) {
  struct Case {
    Who who;
    const char* arn;
  };
  const Case cases[] = {{root(), "arn:aws:iam::111111111111:root"},
                        {root(kB), "arn:aws:iam::222222222222:root"},
                        {user("poor"), "arn:aws:iam::111111111111:user/poor"},
                        {session("Hop"), "arn:aws:sts::111111111111:assumed-role/Hop/session"}};
  for (const Case& c : cases) {
    EXPECT_TRUE(world.accesses<shapes::GetCallerIdentity>({}, c.who).empty());
    const auto answer = world.must<shapes::GetCallerIdentity>({}, c.who);
    EXPECT_EQ(answer.arn, c.arn);
    EXPECT_EQ(answer.account, c.who.account);
    EXPECT_FALSE(answer.user_id->empty());
  }
}

TEST_F(TokensTest, AKeysAccountIsReadFromItsIdWhoeverMadeIt) {
  const auto made = world.must<iam::shapes::CreateAccessKey>({}, root(kB));
  EXPECT_EQ(*world.must<shapes::GetAccessKeyInfo>({made.access_key.access_key_id}).account, kB) << "also a stranger's";
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html: the id carries its account.
  EXPECT_EQ(*world.must<shapes::GetAccessKeyInfo>({"ASIAY34FZKBOKMUTVV7A"}).account, "609629065308");
  EXPECT_TRUE(refused(world.call<shapes::GetAccessKeyInfo>({"AKIA!!!!!!!!!!!!!!!!"}), "ValidationError", 400,
                      "The specified value for accessKeyId is invalid."));
  EXPECT_EQ(world.call<shapes::GetAccessKeyInfo>({"ASIAY34FZKBOKMUTVV7A"}, user("poor")).error().code(),
            "AccessDenied");
}

TEST_F(TokensTest, AMessageIsDecodedForItsAccountForADay) {
  const auto entropy = crypto::seeded_entropy(2);
  const directory::Account& a = world.snapshot().account(*AccountId::parse(kA))->account;
  const std::string sealed =
      authn::seal_authorization_message(world.vault(), *entropy, a, world.now, R"({"allowed":false})");
  EXPECT_EQ(*world.must<shapes::DecodeAuthorizationMessage>({sealed}, user("dana")).decoded_message,
            R"({"allowed":false})");
  constexpr const char* kCode = "InvalidAuthorizationMessageException";
  constexpr const char* kNotValid = "Message is not valid";
  EXPECT_TRUE(refused(world.call<shapes::DecodeAuthorizationMessage>({sealed}, root(kB)), kCode, 400, kNotValid));
  std::string changed = sealed;
  changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_TRUE(refused(world.call<shapes::DecodeAuthorizationMessage>({changed}), kCode, 400, kNotValid));
  EXPECT_TRUE(refused(world.call<shapes::DecodeAuthorizationMessage>({"nonsense"}), kCode, 400, kNotValid));
  world.now += std::chrono::hours(25);
  EXPECT_TRUE(refused(world.call<shapes::DecodeAuthorizationMessage>({sealed}), kCode, 400, kNotValid));
}

TEST_F(TokensTest, NobodyWasSentATokenToTradeIn) {
  EXPECT_TRUE(refused(world.call<shapes::GetDelegatedAccessToken>({"token"}, user("dana")),
                      "ExpiredTradeInTokenException", 400,
                      "The trade-in token provided in the request has expired and can no longer be exchanged for "
                      "credentials."));
  EXPECT_EQ(world.call<shapes::GetDelegatedAccessToken>({"token"}, user("poor")).error().code(), "AccessDenied");
}

// ---- GetScopedCredentials

TEST_F(TokensTest, ASessionScopesItselfDown) {
  const auto answer = world.call<shapes::GetScopedCredentials>(
      {.policy = R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})",
       .duration_seconds = 900},
      session("Hop"));
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_EQ(answer->credentials->expiration, world.now + std::chrono::seconds(900));
  EXPECT_EQ(answer->session_info->arn, "arn:aws:sts::111111111111:assumed-role/Hop/session");
  EXPECT_EQ(answer->scoped_policies_count, 1);
  const auto opened = authn::SessionTokens(world.vault()).open(world.snapshot(), answer->credentials->session_token);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->session->scoped_policies,
            std::vector<std::string>{
                R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})"});
}

TEST_F(TokensTest, WhatASessionMayNotAskForIsToldInItsOrder) {
  constexpr const char* kPolicy = R"({"Version":"2012-10-17","Statement":[]})";
  struct Case {
    const char* what;
    shapes::GetScopedCredentials::Input in;
    Who who;
    bool global;
    const char* code;
    int status;
    const char* message;
  };
  const Case cases[] = {
      {"long-term keys",
       {.policy = tests::kAllowAll},
       user("dana"),
       true,
       "AccessDenied",
       403,
       "GetScopedCredentials can be called with temporary credentials only."},
      {"nothing to scope",
       {},
       session("Hop"),
       true,
       "ValidationError",
       400,
       "At least one of Policy and DurationSeconds must be specified."},
      {"the global endpoint",
       {.policy = tests::kAllowAll},
       session("Hop"),
       true,
       "AccessDenied",
       403,
       "GetScopedCredentials is not supported on the global endpoint. Use a Regional endpoint."},
      {"longer than it lasts",
       {.duration_seconds = 3601},
       session("Hop"),
       false,
       "InsufficientSessionLifetime",
       400,
       "The requested DurationSeconds is greater than the remaining lifetime of the calling session."},
      {"a policy that is none", {.policy = "{"}, session("Hop"), false, "MalformedPolicyDocument", 400, nullptr},
      {"a policy without statements",
       {.policy = kPolicy},
       session("Hop"),
       false,
       "MalformedPolicyDocument",
       400,
       nullptr},
  };
  for (const Case& c : cases) {
    world.global_endpoint = c.global;
    const auto answer = world.call<shapes::GetScopedCredentials>(c.in, c.who);
    ASSERT_FALSE(answer.ok()) << c.what;
    if (c.message != nullptr) {
      EXPECT_TRUE(refused(answer, c.code, c.status, c.message)) << c.what;
    } else {
      EXPECT_EQ(answer.error().code(), c.code) << c.what << ": " << answer.error().message();
    }
  }
}

// ---- GetWebIdentityToken

class WebIdentityTokenTest : public TokensTest {
 protected:
  auto ask(shapes::GetWebIdentityToken::Input in, const Who& who = user("dana")) {
    if (in.audience.empty()) in.audience = {"https://audience.example.com"};
    if (in.signing_algorithm.empty()) in.signing_algorithm = "RS256";
    return world.call<shapes::GetWebIdentityToken>(in, who);
  }
  /// The claims of a token as JSON; they are between its two dots.
  static std::string claims(const Result<shapes::GetWebIdentityToken::Output>& answer) {
    if (!answer.ok()) return answer.error().code();
    const std::string& token = *answer->web_identity_token;
    const std::size_t begin = token.find('.') + 1;
    std::string text = token.substr(begin, token.rfind('.') - begin);
    for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
    text.append((4 - text.size() % 4) % 4, '=');
    return unbase64(text).value_or("no base64");
  }
  static std::string claim(const std::string& json, std::string_view pointer) {
    simdjson::dom::parser parser;
    simdjson::dom::element all, found;
    if (parser.parse(json).get(all) != simdjson::SUCCESS) return "no JSON: " + json;
    return all.at_pointer(pointer).get(found) == simdjson::SUCCESS ? std::string(simdjson::minify(found)) : "";
  }
  void enable() { world.must<iam::shapes::EnableOutboundWebIdentityFederation>({}); }
};

TEST_F(WebIdentityTokenTest, IsForAccountsThatSwitchedItOn) {
  constexpr const char* kCode = "OutboundWebIdentityFederationDisabledException";
  EXPECT_TRUE(refused(ask({}), kCode, 403, "OutboundWebIdentityFederation is disabled."));
  enable();
  EXPECT_TRUE(ask({}).ok());
  EXPECT_EQ(ask({}, user("poor")).error().code(), "AccessDenied");
  world.must<iam::shapes::DisableOutboundWebIdentityFederation>({});
  EXPECT_EQ(ask({}).error().code(), kCode);
}

TEST_F(WebIdentityTokenTest, SaysWhoForWhomAndForHowLong) {
  enable();
  world.region = "eu-central-1";
  const auto answer = ask({.audience = {"one"}, .duration_seconds = 120, .scope = "read"});
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_EQ(answer->expiration, world.now + std::chrono::seconds(120));
  const std::string json = claims(answer);
  EXPECT_EQ(claim(json, "/aud"), R"("one")");
  EXPECT_EQ(claim(json, "/sub"), R"("arn:aws:iam::111111111111:user/dana")");
  EXPECT_EQ(claim(json, "/scope"), R"("read")");
  EXPECT_EQ(claim(json, "/iat"), std::to_string(epoch_seconds(world.now)));
  EXPECT_EQ(claim(json, "/exp"), std::to_string(epoch_seconds(world.now) + 120));
  EXPECT_TRUE(claim(json, "/iss").starts_with(R"("https://deputy.example.com/_deputy/oidc/)")) << json;
  EXPECT_EQ(claim(json, "/https:~1~1sts.amazonaws.com~1/aws_account"), R"("111111111111")");
  EXPECT_EQ(claim(json, "/https:~1~1sts.amazonaws.com~1/source_region"), R"("eu-central-1")");
  EXPECT_EQ(claim(json, "/https:~1~1sts.amazonaws.com~1/org_id"), "") << "of no organization";
  EXPECT_EQ(claim(json, "/https:~1~1sts.amazonaws.com~1/original_session_exp"), "") << "of no session";
}

TEST_F(WebIdentityTokenTest, NamesManyAudiencesAsAListAndARoleWithoutItsSession) {
  enable();
  const std::string json = claims(ask({.audience = {"one", "two"}}, session("Hop")));
  EXPECT_EQ(claim(json, "/aud"), R"(["one","two"])");
  EXPECT_EQ(claim(json, "/sub"), R"("arn:aws:iam::111111111111:role/Hop")");
  EXPECT_NE(claim(json, "/https:~1~1sts.amazonaws.com~1/original_session_exp"), "");
}

TEST_F(WebIdentityTokenTest, CarriesTheTagsOfTheRequestAndOfThePrincipal) {
  enable();
  world.must<iam::shapes::TagUser>({.user_name = "dana", .tags = {{"Team", "blue"}}});
  shapes::GetWebIdentityToken::Input in{.audience = {"one"}, .signing_algorithm = "RS256", .tags = {{"Job", "7"}}};
  const auto needs = world.accesses<shapes::GetWebIdentityToken>(in, user("dana"));
  ASSERT_EQ(needs.size(), 2U) << "tags are a permission of their own";
  EXPECT_EQ(needs.front().resource, "arn:aws:sts::111111111111:self");
  EXPECT_EQ(tests::key(needs.front(), policy::Key::kSigningAlgorithm), "RS256");
  EXPECT_EQ(tests::key(needs.front(), policy::Key::kDurationSeconds), "300");
  const std::string json = claims(ask(in));
  EXPECT_EQ(claim(json, "/https:~1~1sts.amazonaws.com~1/request_tags"), R"({"Job":"7"})");
  EXPECT_EQ(claim(json, "/https:~1~1sts.amazonaws.com~1/principal_tags"), R"({"Team":"blue"})");
}

TEST_F(WebIdentityTokenTest, WhatItRefuses) {
  enable();
  const std::vector<shapes::Tag> many = [] {
    std::vector<shapes::Tag> tags;
    for (int i = 0; i < 50; ++i) tags.push_back({"k" + std::to_string(i), std::string(256, 'v')});
    return tags;
  }();
  EXPECT_TRUE(refused(ask({.signing_algorithm = "HS256"}), "ValidationError", 400,
                      "Requested SigningAlgorithm is not supported. See the GetWebIdentityToken documentation for "
                      "supported algorithms"));
  EXPECT_TRUE(refused(ask({.subject_mode = "OriginIdentity"}), "ValidationError", 400,
                      "SubjectMode OriginIdentity requires credentials with a trusted identity propagation context"));
  EXPECT_TRUE(refused(ask({.duration_seconds = 3600}, session("Hop")), "SessionDurationEscalationException", 403,
                      "Requested token expiry time must be before the original session's expiry time."));
  EXPECT_TRUE(ask({.duration_seconds = 3599}, session("Hop")).ok());
  EXPECT_TRUE(refused(ask({.audience = std::vector<std::string>(10, std::string(1000, 'a')), .tags = many}),
                      "JWTPayloadSizeExceededException", 400, "JWT payload exceeds maximum allowed size"));
  for (const char* algorithm : {"RS256", "ES384"}) EXPECT_TRUE(ask({.signing_algorithm = algorithm}).ok()) << algorithm;
}

}  // namespace
}  // namespace deputy::sts
