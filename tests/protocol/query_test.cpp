#include "protocol/query.h"

#include <gtest/gtest.h>

#include "protocol/iam/acquire_role.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/list_policies.h"
#include "protocol/iam/put_account_properties.h"
#include "protocol/iam/update_access_key.h"
#include "protocol/limits.h"
#include "protocol/sts/assume_role.h"

namespace deputy::protocol {
namespace {

template <class Op>
Result<typename Op::Input> decode(std::string_view form, std::string_view query = {}) {
  TRY(Parameters parameters, Parameters::parse(query, form));
  typename Op::Input input;
  TRY_VOID(decode_query(Op::model, parameters, &input));
  return input;
}

template <class Op>
std::string error(std::string_view form) {
  const auto result = decode<Op>(form);
  if (result) return "no error";
  return result.error().code() + " " + std::to_string(result.error().status()) + ": " + result.error().message();
}

using iam::shapes::CreateRole;
using iam::shapes::CreateUser;
using iam::shapes::ListPolicies;
using iam::shapes::UpdateAccessKey;
using sts::shapes::AssumeRole;

constexpr std::string_view kAssume =
    "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2FR&RoleSessionName=dev";

TEST(QueryTest, DecodesWhatTheCliSends) {
  const auto in = decode<AssumeRole>(std::string(kAssume) +
                                     "&DurationSeconds=900&Tags.member.1.Key=a+b&Tags.member.1.Value=%C3%A9"
                                     "&Tags.member.2.Key=c&Tags.member.2.Value=&PolicyArns.member.1.arn="
                                     "arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FX&TransitiveTagKeys.member.1=c");
  ASSERT_TRUE(in) << in.error().message();
  EXPECT_EQ(in->role_arn, "arn:aws:iam::222222222222:role/R");
  EXPECT_EQ(in->role_session_name, "dev");
  EXPECT_EQ(in->duration_seconds, 900);
  ASSERT_EQ(in->tags.size(), 2U);
  EXPECT_EQ(in->tags[0].key, "a b");
  EXPECT_EQ(in->tags[0].value, "\xC3\xA9");
  EXPECT_EQ(in->tags[1].value, "");
  EXPECT_EQ(in->policy_arns[0].arn, "arn:aws:iam::aws:policy/X");
  EXPECT_EQ(in->transitive_tag_keys, std::vector<std::string>{"c"});
  EXPECT_FALSE(in->external_id);
}

TEST(QueryTest, MapsComeAsNumberedEntries) {
  const auto in = decode<iam::shapes::PutAccountProperties>(
      "Properties.entry.2.key=A%2Fb&Properties.entry.2.value=2&Properties.entry.1.value=1&Properties.entry.1.key=A%"
      "2Fa");
  ASSERT_TRUE(in) << in.error().message();
  ASSERT_EQ(in->properties.size(), 2U);
  EXPECT_EQ(in->properties[0], (std::pair<std::string, std::string>("A/a", "1")));
  EXPECT_EQ(in->properties[1], (std::pair<std::string, std::string>("A/b", "2")));
  const auto lists = decode<iam::shapes::AcquireRole>(
      "TemplateArn=arn%3Aaws%3Aiam%3A%3Aaws%3Atemplate%2Fx&ReplacementValues.entry.1.key=k"
      "&ReplacementValues.entry.1.value.Values.member.1=v");
  ASSERT_TRUE(lists) << lists.error().message();
  ASSERT_EQ(lists->replacement_values.size(), 1U);
  EXPECT_EQ(lists->replacement_values[0].second.values, std::vector<std::string>{"v"});
}

TEST(QueryTest, WhatIsNoMapIsMalformed) {
  using iam::shapes::PutAccountProperties;
  for (const char* bad : {"Properties.entry.1.key=A%2Fa", "Properties.entry.1.value=1", "Properties.entry.x.key=A%2Fa",
                          "Properties.entry.1.key=A%2Fa&Properties.entry.1.value=1&Properties.entry.2.key=A%2Fa"
                          "&Properties.entry.2.value=2"}) {
    EXPECT_EQ(error<PutAccountProperties>(bad), "MalformedInput 400: ") << bad;
  }
  EXPECT_EQ(
      error<PutAccountProperties>("Properties.entry.1.key=1&Properties.entry.1.value="),
      "ValidationError 400: 2 validation errors detected: Value at 'properties' failed to satisfy constraint: Map keys "
      "must satisfy constraint: [Member must have length less than or equal to 50, Member must have length greater "
      "than or equal to 1, Member must satisfy regular expression pattern: ^[A-Za-z][A-Za-z0-9/_-]*$]; Value at "
      "'properties' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less "
      "than or equal to 1024, Member must have length greater than or equal to 1]");
}

TEST(QueryTest, TheFirstOfEqualNamesWinsAndUnknownOnesAreIgnored) {
  const auto in = decode<CreateUser>("UserName=one&UserName=two&Nonsense=1&UserName.x=3&UserNam=4&UserName%2B=5&&=");
  ASSERT_TRUE(in);
  EXPECT_EQ(in->user_name, "one");
}

TEST(QueryTest, TheQueryStandsBeforeTheForm) {
  const auto in = decode<CreateUser>("UserName=form", "UserName=query");
  ASSERT_TRUE(in);
  EXPECT_EQ(in->user_name, "query");
}

TEST(QueryTest, NamesAreDecodedToo) {
  const auto in = decode<CreateUser>("%55ser%4Eame=one&Tags%2Emember.1.Key=k&Tags.member.1.Value=v");
  ASSERT_TRUE(in);
  EXPECT_EQ(in->user_name, "one");
  EXPECT_EQ(in->tags.size(), 1U);
}

TEST(QueryTest, ListsAreInTheOrderOfTheirNumbersAndGapsClose) {
  const auto in = decode<CreateUser>(
      "UserName=u&Tags.member.10.Key=ten&Tags.member.10.Value=&Tags.member.2.Key=two&Tags.member.2.Value="
      "&Tags.member.1.Key=one&Tags.member.1.Value=");
  ASSERT_TRUE(in);
  ASSERT_EQ(in->tags.size(), 3U);
  EXPECT_EQ(in->tags[0].key, "one");
  EXPECT_EQ(in->tags[1].key, "two");
  EXPECT_EQ(in->tags[2].key, "ten");
}

TEST(QueryTest, AnEmptyValueIsAnEmptyList) {
  const auto in = decode<CreateUser>("UserName=u&Tags=");
  ASSERT_TRUE(in);
  EXPECT_TRUE(in->tags.empty());
}

TEST(QueryTest, IntegersMayHaveASignAndLeadingZeros) {
  EXPECT_EQ(decode<AssumeRole>(std::string(kAssume) + "&DurationSeconds=%2B900")->duration_seconds, 900);
  EXPECT_EQ(decode<AssumeRole>(std::string(kAssume) + "&DurationSeconds=0900")->duration_seconds, 900);
}

struct Case {
  std::string_view name, got, expected;
};

TEST(QueryTest, MalformedInputHasNoMessageUnlessTheNumberIsEmpty) {
  const std::string form(kAssume);
  for (const char* bad : {"1.5", "abc", "2147483648", "-2147483649", "+-900", "9 00", "0x10"}) {
    EXPECT_EQ(error<AssumeRole>(form + "&DurationSeconds=" + bad), "MalformedInput 400: ") << bad;
  }
  EXPECT_EQ(error<AssumeRole>(form + "&DurationSeconds="), "MalformedInput 400: missing value for decimal type");
  for (const char* bad : {"Tags.member.x.Key=1", "Tags.member..Key=1", "Tags.member.0.Key=1", "Tags.member.01.Key=1",
                          "Tags.member.-1.Key=1", "Tags.member.9999999999.Key=1", "TransitiveTagKeys.member.1.x=1"}) {
    EXPECT_EQ(error<AssumeRole>(form + "&" + bad), "MalformedInput 400: ") << bad;
  }
  EXPECT_EQ(error<ListPolicies>("OnlyAttached=yes"), "MalformedInput 400: ");
  EXPECT_EQ(error<CreateUser>("UserName=%FF"), "MalformedInput 400: ");
}

TEST(QueryTest, BadEscapesAreAMalformedQueryString) {
  EXPECT_EQ(error<CreateUser>("UserName=a%"), "MalformedQueryString 400: Incomplete trailing escape % sequence");
  EXPECT_EQ(error<CreateUser>("UserName=a%4"), "MalformedQueryString 400: Incomplete trailing escape % sequence");
  EXPECT_EQ(error<CreateUser>("UserName=a%4g&x=1"),
            "MalformedQueryString 400: Illegal hex character in escape % pattern: %4g");
}

TEST(QueryTest, StsPrintsTheValueAndTheModelsPattern) {
  EXPECT_EQ(error<AssumeRole>("RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2FR&RoleSessionName=Session1%3A2"),
            "ValidationError 400: 1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to "
            "satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*");
  EXPECT_EQ(error<AssumeRole>("RoleSessionName=dev"),
            "ValidationError 400: 1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: "
            "Member must not be null");
  EXPECT_EQ(error<AssumeRole>(std::string(kAssume) + "&DurationSeconds=899"),
            "ValidationError 400: 1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy "
            "constraint: Member must have value greater than or equal to 900");
}

TEST(QueryTest, SeveralErrorsAreCountedAndJoined) {
  EXPECT_EQ(error<AssumeRole>("RoleArn=short&RoleSessionName=a"),
            "ValidationError 400: 2 validation errors detected: Value 'short' at 'roleArn' failed to satisfy "
            "constraint: Member must have length greater than or equal to 20; Value 'a' at 'roleSessionName' failed "
            "to satisfy constraint: Member must have length greater than or equal to 2");
}

TEST(QueryTest, IamLeavesTheValueOut) {
  EXPECT_EQ(error<CreateUser>("Path=%2F"),
            "ValidationError 400: 1 validation error detected: Value at 'userName' failed to satisfy constraint: "
            "Member must not be null");
  EXPECT_EQ(error<CreateUser>("UserName=" + std::string(65, 'a')),
            "ValidationError 400: 1 validation error detected: Value at 'userName' failed to satisfy constraint: "
            "Member must have length less than or equal to 64");
  EXPECT_EQ(error<UpdateAccessKey>("AccessKeyId=AKIAAAAAAAAAAAAAAAAA&Status=Off"),
            "ValidationError 400: 1 validation error detected: Value at 'status' failed to satisfy constraint: "
            "Member must satisfy enum value set");
  EXPECT_EQ(error<CreateUser>("UserName=u&Tags.member.1.Value=v"),
            "ValidationError 400: 1 validation error detected: Value at 'tags.1.member.key' failed to satisfy "
            "constraint: Member must not be null");
  std::string tags = "UserName=u";
  for (int i = 1; i <= 51; ++i) {
    const std::string n = std::to_string(i);
    tags += "&Tags.member." + n + ".Key=" + n + "&Tags.member." + n + ".Value=";
  }
  EXPECT_EQ(error<CreateUser>(tags),
            "ValidationError 400: 1 validation error detected: Value at 'tags' failed to satisfy constraint: Member "
            "must have length less than or equal to 50");
}

TEST(QueryTest, IamHasSentencesOfItsOwnForNamesAndPaths) {
  EXPECT_EQ(error<CreateUser>("UserName=a%20b"),
            "ValidationError 400: The specified value for userName is invalid. It must contain only alphanumeric "
            "characters and/or the following: +=,.@_-");
  EXPECT_EQ(error<CreateUser>("UserName=a&Path=x"),
            "ValidationError 400: The specified value for path is invalid. It must begin and end with / and contain "
            "only alphanumeric characters and/or / characters.");
  EXPECT_EQ(error<ListPolicies>("PathPrefix=x"),
            "ValidationError 400: The specified value for pathPrefix is invalid. It must begin with the / character "
            "and contain only alphanumeric characters and/or / characters.");
  EXPECT_EQ(error<UpdateAccessKey>("AccessKeyId=AKIAAAAAAAAAAAA%2FAAAA&Status=Active"),
            "ValidationError 400: The specified value for accessKeyId is invalid. It must contain only alphanumeric "
            "characters.");
}

TEST(QueryTest, LengthIsCountedInCodePoints) {
  std::string value;
  for (int i = 0; i < 256; ++i) value += "%C3%A9";
  EXPECT_TRUE(decode<CreateUser>("UserName=u&Tags.member.1.Key=k&Tags.member.1.Value=" + value));
}

TEST(QueryTest, TheElementsOfAListOfScalarsShareOneClause) {
  EXPECT_EQ(error<AssumeRole>(std::string(kAssume) + "&TransitiveTagKeys.member.1=ok&TransitiveTagKeys.member.2=%3B"),
            "ValidationError 400: 1 validation error detected: Value '[ok, ;]' at 'transitiveTagKeys' failed to "
            "satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, "
            "Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: "
            "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+, Member must not be null]");
}

TEST(QueryTest, ParametersAreLimited) {
  std::string form = "UserName=u";
  for (std::size_t i = 0; i < kMostParameters; ++i) form += "&a";
  EXPECT_EQ(error<CreateUser>(form), "MalformedInput 400: ");
}

TEST(QueryTest, OneParameterIsFoundWithoutDecodingTheRest) {
  EXPECT_EQ(*scan_parameter("a=%&Action=Create+User&Action=x", "Action"), "Create User");
  EXPECT_EQ(*scan_parameter("A%63tion=X", "Action"), "X");
  EXPECT_EQ(*scan_parameter("Action", "Action"), "");
  EXPECT_EQ(*scan_parameter("Actions=1&action=2", "Action"), std::nullopt);
  EXPECT_FALSE(scan_parameter("Action=%", "Action"));
}

}  // namespace
}  // namespace deputy::protocol
