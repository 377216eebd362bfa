// The tables of section K as data: cases/context.json names, for a caller and a request, every key that the context
// has. A key that a case does not name must be absent.
#include "authz/context.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <map>
#include <string>
#include <vector>

#include "authz/principal.h"
#include "authz/world.h"
#include "policy/keys.h"

namespace deputy::authz {
namespace {

using policy::Key;
using simdjson::dom::element;

using Found = std::map<std::string, std::vector<std::string>>;

/// Every key with a slot, and those of `also` that have none: tags and keys of providers.
Found found(const policy::Context& context, const std::vector<std::string>& also) {
  Found keys;
  const auto add = [&](const std::string& name, policy::Context::Values values) {
    if (!values.empty()) keys[name].assign(values.begin(), values.end());
  };
  for (std::size_t i = 0; i < static_cast<std::size_t>(Key::kCount); ++i) {
    const auto key = static_cast<Key>(i);
    add(std::string(policy::name(key)), context.get(key));
  }
  for (const std::string& name : also) add(name, context.named(name));
  return keys;
}

Found read_keys(element object) {
  Found keys;
  for (const auto [name, values] : object.get_object()) {
    std::vector<std::string>& list = keys[std::string(name)];
    if (std::string_view one; values.get(one) == simdjson::SUCCESS) {
      list.emplace_back(one);
    } else {
      for (const element value : values.get_array()) list.emplace_back(value.get_string().value());
    }
  }
  return keys;
}

/// A tag of every family and a key of a provider: asked for in every case, so that one too many is seen.
const std::vector<std::string> kAlso = {"aws:PrincipalTag/Team",    "aws:PrincipalTag/Floor",  "aws:PrincipalTag/Stage",
                                        "aws:PrincipalTag/Project", "aws:RequestTag/Team",     "aws:RequestTag/Project",
                                        "aws:ResourceTag/Team",     "aws:ResourceTag/Project", "iam:ResourceTag/Team",
                                        "iam:ResourceTag/Project",  "ci.example.com:sub",      "ci.example.com:amr"};

Access access_of(const World& world, std::string_view name) {
  Access access{.action = policy::Action("iam:GetRole"), .resource = "*", .owner = {}};
  if (name == "of another account") access.owner = *AccountId::parse("222222222222");
  if (name == "to a tagged role" || name == "to a tagged role, with inherited tags") {
    access.action = policy::Action("sts:AssumeRole");
    access.resource = world.deploy.arn();
    access.owner = world.deploy.account;
    access.resource_tags = &world.deploy.tags;
    access.keys = {{Key::kRoleSessionName, "s2"}};
  }
  if (name == "to a tagged role, with inherited tags")
    access.overriding_resource_tags = {{"TEAM", "red"}, {"Project", "p"}};
  if (name == "with tags") {
    access.request_tags = {{"Team", "blue"}, {"Project", ""}};
    access.lists = {{Key::kTransitiveTagKeys, {"Team"}}};
  }
  if (name == "that untags") access.tag_keys = {"Team", "Project"};
  if (name == "with an MFA code") {
    access.keys = {{Key::kMultiFactorAuthPresent, "true"}, {Key::kMultiFactorAuthAge, "0"}};
  }
  return access;
}

Circumstances circumstances_of(const World& world, std::string_view name) {
  Circumstances how{
      .now = world.now, .source_ip = "203.0.113.7", .user_agent = {}, .referer = {}, .region = "us-east-1"};
  if (name == "a browser over TLS") {
    how.user_agent = "Mozilla/5.0";
    how.referer = "https://example.com/";
    how.secure = true;
    how.tls_version = "1.3";
  }
  if (name == "a signed header to S3 over TLS") {
    how.secure = true;
    how.tls_version = "1.2";
    how.s3 = SignedForS3{.presigned = false, .signed_at = {}, .content_sha256 = "UNSIGNED-PAYLOAD"};
  }
  if (name == "a presigned URL of S3") {
    how.s3 = SignedForS3{.presigned = true, .signed_at = world.now - std::chrono::seconds(600)};
  }
  return how;
}

TEST(ContextTest, EveryCallerHasExactlyTheKeysOfTheTables) {
  World world;
  simdjson::dom::parser parser;
  const element cases = parser.load(DEPUTY_SOURCE_DIR "/tests/authz/cases/context.json");
  std::size_t count = 0;
  ContextBuilder builder;  // one for all: what a case leaves behind must not show in the next
  const Found always = read_keys(cases["always"]);
  for (const element data : cases["cases"].get_array()) {
    std::string_view caller, access, circumstances;
    ASSERT_EQ(data["caller"].get(caller), simdjson::SUCCESS);
    if (data["request"].get(access) != simdjson::SUCCESS) access = "";
    if (data["came_by"].get(circumstances) != simdjson::SUCCESS) circumstances = "";
    SCOPED_TRACE(std::string(caller) + ", " + std::string(access) + ", " + std::string(circumstances));

    Found expected = always;
    for (auto& [name, values] : read_keys(data["keys"])) {
      values.empty() ? (void)expected.erase(name) : (void)(expected[name] = values);
    }
    std::string_view members;
    if (data["in_organization"].get(members) != simdjson::SUCCESS) members = "";
    const directory::SnapshotPtr snapshot = world.organization(members);
    const directory::Caller who = world.caller(std::string(caller));
    std::string arn;
    const Access asked = access_of(world, access);
    const Circumstances how = circumstances_of(world, circumstances);
    EXPECT_EQ(found(builder.build(principal_of(who, arn), who, asked, how, *snapshot), kAlso), expected);
    ++count;
  }
  EXPECT_GE(count, 24U);
}

TEST(ContextTest, AKeyThatIsAbsentIsNoEmptyKey) {
  World world;
  ContextBuilder builder;
  const Access asked = access_of(world, "");
  const directory::Caller who = world.caller("user");
  std::string arn;
  const policy::Context& context =
      builder.build(principal_of(who, arn), who, asked, circumstances_of(world, ""), *world.organization(""));
  EXPECT_TRUE(context.named("aws:MultiFactorAuthPresent").empty());
  EXPECT_TRUE(context.named("aws:TokenIssueTime").empty());
  EXPECT_TRUE(context.named("aws:Referer").empty());
  EXPECT_TRUE(context.named("aws:SourceVpce").empty());
}

}  // namespace
}  // namespace deputy::authz
