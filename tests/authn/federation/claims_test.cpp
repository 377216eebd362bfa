// What a token says about the session that it makes: tags, nested or flat, and a source identity.
#include "authn/federation/claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deputy::authn {
namespace {

using testing::ElementsAre;

struct Read {
  bool good = false;
  std::vector<std::string> tags, transitive;
  std::string identity;
};

Read read(const std::string& text) {
  const auto json = Json::parse(text, 200'000);
  EXPECT_TRUE(json && json->object() != nullptr) << text;
  if (!json || json->object() == nullptr) return {};
  directory::FederatedCall call{.provider = {}, .subject = {}, .keys = {}};
  Read out;
  out.good = read_session_claims(*json, call);
  for (const directory::Tag& tag : call.tags) out.tags.push_back(tag.key + "=" + tag.value);
  out.transitive = call.transitive_tag_keys;
  out.identity = call.source_identity;
  return out;
}

TEST(ClaimsTest, TagsAndIdentityAreReadInBothForms) {
  const Read nested = read(R"({"sub": "x", "https://aws.amazon.com/tags": {
      "principal_tags": {"Project": ["Automation"], "Cost": "42"}, "transitive_tag_keys": ["Project", "Cost"]},
      "https://aws.amazon.com/source_identity": "alice"})");
  EXPECT_TRUE(nested.good);
  EXPECT_THAT(nested.tags, ElementsAre("Project=Automation", "Cost=42"));
  EXPECT_THAT(nested.transitive, ElementsAre("Project", "Cost"));
  EXPECT_EQ(nested.identity, "alice");
  const Read flat = read(R"({"https://aws.amazon.com/tags/principal_tags/Project": "Automation",
      "https://aws.amazon.com/tags/principal_tags/a/b": [""],
      "https://aws.amazon.com/tags/transitive_tag_keys": "Project"})");
  EXPECT_TRUE(flat.good);
  EXPECT_THAT(flat.tags, ElementsAre("Project=Automation", "a/b="));
  EXPECT_THAT(flat.transitive, ElementsAre("Project"));
  EXPECT_EQ(flat.identity, "");
}

TEST(ClaimsTest, OtherClaimsAreNoneOfThese) {
  const Read other = read(R"({"https://aws.amazon.com/tags2": 7, "tags": {"principal_tags": 7}, "source_identity": 7,
      "https://aws.amazon.com/Tags": 7})");
  EXPECT_TRUE(other.good);
  EXPECT_TRUE(other.tags.empty());
}

std::string tags(const std::string& value) { return R"({"https://aws.amazon.com/tags": )" + value + "}"; }
std::string many(int count, const char* format) {
  std::string out;
  for (int i = 0; i < count; ++i) out += std::string(i == 0 ? "" : ",") + format + std::to_string(i) + "\"";
  return out;
}
std::string many_tags(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += std::string(i == 0 ? "" : ",") + "\"k" + std::to_string(i) + "\":[\"v\"]";
  return tags(R"({"principal_tags": {)" + out + "}}");
}

TEST(ClaimsTest, AClaimOfAnotherFormIsRefused) {
  const std::string e_acute = "\xc3\xa9";
  std::string key_of_128, key_of_129;
  for (int i = 0; i < 128; ++i) key_of_128 += e_acute;
  key_of_129 = key_of_128 + "e";
  const std::pair<std::string, bool> cases[] = {
      {tags("{}"), true},
      {tags("[]"), false},
      {tags("\"Project=x\""), false},
      {tags("null"), false},
      {tags(R"({"principal_tags": {}})"), true},
      {tags(R"({"principal_tags": []})"), false},
      {tags(R"({"principal_tags": "x"})"), false},
      {tags(R"({"principal_tags": {"a": []}})"), false},
      {tags(R"({"principal_tags": {"a": ["x", "y"]}})"), false},
      {tags(R"({"principal_tags": {"a": 7}})"), false},
      {tags(R"({"principal_tags": {"a": [7]}})"), false},
      {tags(R"({"principal_tags": {"": ["x"]}})"), false},
      {tags(R"({"principal_tags": {")" + key_of_128 + R"(": ["x"]}})"), true},
      {tags(R"({"principal_tags": {")" + key_of_129 + R"(": ["x"]}})"), false},
      {tags(R"({"principal_tags": {"a": [")" + key_of_128 + key_of_128 + R"("]}})"), true},
      {tags(R"({"principal_tags": {"a": [")" + key_of_128 + key_of_129 + R"("]}})"), false},
      {many_tags(50), true},
      {many_tags(51), false},
      {tags(R"({"transitive_tag_keys": [)" + many(50, "\"k") + "]}"), true},
      {tags(R"({"transitive_tag_keys": [)" + many(51, "\"k") + "]}"), false},
      {tags(R"({"transitive_tag_keys": {}})"), false},
      {tags(R"({"transitive_tag_keys": [7]})"), false},
      {R"({"https://aws.amazon.com/tags/principal_tags/": "x"})", false},
      {R"({"https://aws.amazon.com/tags/principal_tags/a": {}})", false},
      {R"({"https://aws.amazon.com/tags/transitive_tag_keys": 7})", false},
      {R"({"https://aws.amazon.com/source_identity": ["alice"]})", false},
      {R"({"https://aws.amazon.com/source_identity": ""})", false},
  };
  for (const auto& [text, good] : cases) EXPECT_EQ(read(text).good, good) << text.substr(0, 120);
}

TEST(ClaimsTest, ASourceIdentityIsAName) {
  for (const std::string& good :
       {std::string("al"), std::string("alice.smith@example.com"), std::string("_+=,.@-"), std::string(64, 'a')}) {
    EXPECT_TRUE(is_source_identity(good)) << good;
  }
  for (const std::string& bad : {std::string(), std::string("a"), std::string(65, 'a'), std::string("aws:x"),
                                 std::string("a b"), std::string("a/b"), std::string("a\0b", 3),
                                 std::string("\xc3\xa9\xc3\xa9"), std::string("a\n"), std::string("a:b")}) {
    EXPECT_FALSE(is_source_identity(bad)) << bad;
  }
}

TEST(ClaimsTest, WhatHidesItselfIsNotShown) {
  EXPECT_TRUE(can_be_shown({}));
  EXPECT_TRUE(can_be_shown({{"example.com:sub", {"dana", "d\xc3\xa4na"}}}));
  for (const char* hidden : {"a\nb", "a\x1b[31m", "a\xe2\x80\xae", "a\xc2\x9b"}) {
    EXPECT_FALSE(can_be_shown({{"example.com:aud", {"good"}}, {"example.com:sub", {"good", hidden}}})) << hidden;
  }
}

}  // namespace
}  // namespace deputy::authn
