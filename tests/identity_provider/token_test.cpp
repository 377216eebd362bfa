// Tokens with any claims, judged by the room that checks tokens of others.
#include "identity_provider/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "authn/federation/web_identity.h"
#include "directory/snapshot.h"
#include "identity_provider/folder.h"

namespace deputy::identity_provider {
namespace {

using testing::HasSubstr;

constexpr const char* kIssuer = "https://token.actions.githubusercontent.com";

directory::AccountState account() {
  directory::AccountState state;
  state.account.id = *AccountId::parse("111111111111");
  directory::OidcProvider provider;
  provider.account = state.account.id;
  provider.url = "token.actions.githubusercontent.com";
  provider.client_ids = {"sts.amazonaws.com"};
  state.oidc_providers.put(provider.url, std::make_shared<const directory::OidcProvider>(provider));
  return state;
}

Claims usual() {
  Claims claims;
  EXPECT_TRUE(claims.add("sub", "repo:octo-org/octo-repo:ref:refs/heads/main"));
  EXPECT_TRUE(claims.add("aud", "sts.amazonaws.com"));
  EXPECT_TRUE(add_usual_claims(claims, kIssuer, kNow, std::chrono::hours(1)));
  return claims;
}

/// What the server says of it, which knows the keys that are published.
std::string verdict(const Claims& claims, const crypto::KeyPair& key, const std::string& id) {
  static const directory::AccountState kAccount = account();
  const authn::KeyAnswer published(
      std::make_shared<const authn::KeySet>(*authn::KeySet::parse(key_set(keys_of_tests()))));
  auto identity = authn::read_web_identity(sign_token(claims, key, id), &kAccount, kNow);
  if (!identity) return std::string(identity.error().code());
  const auto caller = authn::believe(*std::move(identity), published);
  return caller ? "believed" : std::string(caller.error().code());
}

TEST(TokenTest, TheServerBelievesWhatIsSignedWithAPublishedKey) {
  const Keys& keys = keys_of_tests();
  EXPECT_EQ(verdict(usual(), keys.rsa, key_id(keys.rsa)), "believed");
  EXPECT_EQ(verdict(usual(), keys.ec, key_id(keys.ec)), "believed");
  EXPECT_EQ(verdict(usual(), keys.saml, key_id(keys.rsa)), "InvalidIdentityToken");
  EXPECT_EQ(verdict(usual(), keys.rsa, key_id(keys.ec)), "InvalidIdentityToken");
  EXPECT_EQ(verdict(usual(), keys.rsa, "nobody's"), "InvalidIdentityToken");
}

TEST(TokenTest, ClaimsMayBeWrongInEveryWay) {
  const Keys& keys = keys_of_tests();
  Claims expired;
  ASSERT_TRUE(expired.add("sub", "x"));
  ASSERT_TRUE(expired.add("aud", "sts.amazonaws.com"));
  ASSERT_TRUE(add_usual_claims(expired, kIssuer, kNow, std::chrono::seconds(-600)));
  EXPECT_EQ(verdict(expired, keys.rsa, key_id(keys.rsa)), "ExpiredTokenException");
  Claims without = usual();
  EXPECT_TRUE(without.remove("exp"));
  EXPECT_FALSE(without.remove("exp"));
  EXPECT_EQ(verdict(without, keys.rsa, key_id(keys.rsa)), "InvalidIdentityToken");
  Claims odd = usual();
  ASSERT_TRUE(odd.remove("iat"));
  ASSERT_TRUE(odd.add_json("iat", R"({"an":["object",1.5,null,true]})"));
  EXPECT_THAT(odd.json(), HasSubstr(R"("iat":{"an":["object",1.5,null,true]})"));
  EXPECT_EQ(verdict(odd, keys.rsa, key_id(keys.rsa)), "InvalidIdentityToken");
}

TEST(TokenTest, WhatIsGivenWinsOverWhatIsUsual) {
  Claims claims;
  ASSERT_TRUE(claims.add_all(R"({"iss": "https://else.example", "exp": 7, "nested": {"a": [1, 2]}})"));
  ASSERT_TRUE(claims.add("jti", "mine"));
  ASSERT_TRUE(add_usual_claims(claims, kIssuer, kNow, std::chrono::hours(1)));
  EXPECT_EQ(claims.json(), R"({"iss":"https://else.example","exp":7,"nested":{"a":[1,2]},"jti":"mine",)"
                           R"("iat":1784887872,"nbf":1784887872})");
}

TEST(TokenTest, WhatCannotBeAClaimIsRefused) {
  Claims claims;
  ASSERT_TRUE(claims.add("sub", "x"));
  const auto why = [](const host::Outcome<void>& outcome) { return outcome ? std::string() : outcome.error(); };
  EXPECT_THAT(why(claims.add("sub", "y")), HasSubstr("\"sub\" is given twice"));
  EXPECT_THAT(why(claims.add_all(R"({"sub": 1})")), HasSubstr("given twice"));
  EXPECT_THAT(why(claims.add_all(R"({"a": 1, "a": 2})")), HasSubstr("\"a\" is given twice"));
  EXPECT_THAT(why(claims.add("", "y")), HasSubstr("no name"));
  EXPECT_THAT(why(claims.add("n", "\xff")), HasSubstr("no UTF-8"));
  EXPECT_THAT(why(claims.add("\xff", "n")), HasSubstr("no UTF-8"));
  for (const char* text : {"", "x", "{", "1 2", "'1'", "nan", "[1,]"}) {
    EXPECT_THAT(why(claims.add_json("n", text)), HasSubstr("is no JSON")) << text;
  }
  for (const char* text : {"", "[]", "1", "{", "{} {}"}) {
    EXPECT_THAT(why(claims.add_all(text)), HasSubstr("no JSON object")) << text;
  }
  EXPECT_THAT(why(claims.add("long", std::string(Claims::kMaxBytes, 'x'))), HasSubstr("at most"));
  Claims many;
  for (std::size_t i = 0; i < Claims::kMost; ++i) ASSERT_TRUE(many.add(std::to_string(i), ""));
  EXPECT_THAT(why(many.add("one more", "")), HasSubstr("at most 1000 claims"));
}

}  // namespace
}  // namespace deputy::identity_provider
