// Tokens and key sets from outside are read in one way or not at all.
#include "authn/federation/jwt.h"

#include <gtest/gtest.h>

#include <string>

#include "authn/federation/key_set.h"
#include "base/base64url.h"

namespace deputy::authn {
namespace {

std::string token(std::string_view header, std::string_view claims, std::string_view signature = "sig") {
  return base64url(header) + "." + base64url(claims) + "." + base64url(signature);
}

TEST(JsonTest, KindsAreKeptAndNumbersAreWhole) {
  const auto json = Json::parse(R"({"a":[1,"x",null,true,{"b":2.9}],"t":"text","n":-3})", 100);
  ASSERT_TRUE(json);
  EXPECT_EQ(*json->text("t"), "text");
  EXPECT_EQ(json->get("n")->number(), -3);
  EXPECT_EQ(json->get("a")->array()->at(4).get("b")->number(), 2);
  EXPECT_EQ(json->get("t")->number(), std::nullopt);
  EXPECT_EQ(json->get("missing"), nullptr);
  EXPECT_EQ(json->text("n"), nullptr);
  EXPECT_EQ(json->get("t")->texts(), std::vector<std::string>{"text"});
  EXPECT_EQ(json->get("a")->texts(), std::nullopt);
}

TEST(JsonTest, RefusesWhatTwoReadersCouldReadInTwoWays) {
  for (const char* text : {"", " ", "{", R"({"a":1,"a":2})", R"({"x":{"a":1,"a":1}})", R"({"a":1}{})", R"({"a":01})",
                           "{'a':1}", R"({"a":NaN})", R"({"a":"\ud800"})", "[1,]", "{\"a\":\"\xff\"}", "// x\n{}"}) {
    EXPECT_FALSE(Json::parse(text, 100)) << text;
  }
  EXPECT_FALSE(Json::parse(R"({"a":"long enough"})", 10));
  EXPECT_FALSE(Json::parse(std::string(100, '[') + std::string(100, ']'), 1000));
  EXPECT_TRUE(Json::parse(std::string(15, '[') + std::string(15, ']'), 1000));
  EXPECT_TRUE(Json::parse(R"({"a":1,"A":2})", 100));
}

TEST(JsonTest, NumbersBeyondAllTimesAreNone) {
  const auto json = Json::parse(R"({"a":1e300,"b":18446744073709551615,"c":-1e300,"d":1784000000.25})", 200);
  for (const char* name : {"a", "b", "c"}) EXPECT_EQ(json->get(name)->number(), std::nullopt) << name;
  EXPECT_EQ(json->get("d")->number(), 1784000000);
}

TEST(Base64UrlTest, IsCanonicalAndWithoutPadding) {
  EXPECT_EQ(unbase64url("_-8"), "\xff\xef");
  EXPECT_EQ(unbase64url(""), "");
  for (const char* text : {"_-8=", "/+8", "A", "AB CD", "AAB\n", "_-9"}) EXPECT_FALSE(unbase64url(text)) << text;
}

TEST(JwtTest, IsTakenApart) {
  const std::string text = token(R"({"alg":"RS256","kid":"k","jku":"https://evil"})", R"({"sub":"x"})");
  const auto jwt = Jwt::parse(text);
  ASSERT_TRUE(jwt);
  EXPECT_EQ(jwt->algorithm, "RS256");
  EXPECT_EQ(jwt->key_id, "k");
  EXPECT_EQ(jwt->signature, "sig");
  EXPECT_EQ(jwt->signed_bytes, text.substr(0, text.rfind('.')));
  EXPECT_EQ(*jwt->claims.text("sub"), "x");
  EXPECT_EQ(Jwt::parse(token(R"({"alg":"none"})", "{}", ""))->algorithm, "none")
      << "refused later, by whoever knows why";
}

TEST(JwtTest, RefusesEveryOtherForm) {
  const std::string header = R"({"alg":"RS256"})";
  EXPECT_FALSE(Jwt::parse(token("[]", "{}")));
  EXPECT_FALSE(Jwt::parse(token("{}", "{}")));
  EXPECT_FALSE(Jwt::parse(token(header, "[]")));
  EXPECT_FALSE(Jwt::parse(token(header, "7")));
  EXPECT_FALSE(Jwt::parse(token(R"({"alg":"RS256","crit":["exp"]})", "{}")));
  EXPECT_FALSE(Jwt::parse(token(R"({"alg":"RS256","kid":{}})", "{}")));
  EXPECT_FALSE(Jwt::parse(token(R"({"alg":"RS256","alg":"none"})", "{}")));
  EXPECT_FALSE(Jwt::parse(token(header, "{}") + "."));
  EXPECT_FALSE(Jwt::parse("." + token(header, "{}")));
  EXPECT_FALSE(Jwt::parse(" " + token(header, "{}")));
  EXPECT_FALSE(Jwt::parse(token(header, R"({"a":")" + std::string(20'000, 'x') + "\"}")));
}

constexpr const char* kEc =
    R"("kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")";

std::string key(std::string_view more) { return "{" + std::string(kEc) + std::string(more) + "}"; }

TEST(KeySetTest, PassesOverWhatItCannotUse) {  // RFC 7517, section 5
  const auto set =
      KeySet::parse(R"({"keys":[)" + key(R"(,"kid":"good","use":"sig","alg":"ES256")") + "," +
                    key(R"(,"kid":"enc","use":"enc")") + "," + key(R"(,"kid":"ops","key_ops":["sign"])") + "," +
                    key(R"(,"kid":"other","alg":"PS256")") + R"(,{"kty":"oct","k":"c2VjcmV0","kid":"oct"},7,{}]})");
  ASSERT_TRUE(set);
  EXPECT_EQ(set->size(), 1U);
  using crypto::SignatureAlgorithm;
  EXPECT_NE(set->find("good", SignatureAlgorithm::kEs256), nullptr);
  EXPECT_NE(set->find("", SignatureAlgorithm::kEs256), nullptr) << "the only one that suits";
  EXPECT_EQ(set->find("good", SignatureAlgorithm::kRs256), nullptr);
  EXPECT_FALSE(set->has("enc"));
  EXPECT_FALSE(KeySet::parse(R"({"keys":{}})"));
  EXPECT_FALSE(KeySet::parse(R"([])"));
  EXPECT_FALSE(KeySet::parse("{}"));
}

TEST(KeySetTest, TheFirstHundredCount) {
  std::string text = R"({"keys":[)";
  for (int i = 0; i < 150; ++i) text += (i > 0 ? "," : "") + key(R"(,"kid":")" + std::to_string(i) + "\"");
  const auto set = KeySet::parse(text + "]}");
  ASSERT_TRUE(set);
  EXPECT_TRUE(set->has("99"));
  EXPECT_FALSE(set->has("100"));
}

}  // namespace
}  // namespace deputy::authn
