#include "authn/signature/canonical.h"

#include <gmock/gmock.h>

#include "authn/signature/sigv4.h"
#include "base/encoding.h"

namespace deputy::authn {
namespace {

std::string path(std::string_view text, PathRule rule) {
  std::string out;
  append_canonical_path(out, text, rule);
  return out;
}
std::string query(std::string_view text, bool presigned = false) {
  QueryString parsed;
  EXPECT_TRUE(parsed.parse(text)) << parsed.fault();
  std::string out;
  append_canonical_query(out, parsed.all(), presigned);
  return out;
}

TEST(CanonicalTest, PathsOfOtherServicesAreNormalizedAndEncodedAgain) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "/"},
      {"/", "/"},
      {"//", "/"},
      {"/a/", "/a/"},
      {"/a", "/a"},
      {"/./a", "/a"},
      {"/a/.", "/a/"},
      {"/a/..", "/"},
      {"/a/../b", "/b"},
      {"/../../a", "/a"},
      {"/a//b", "/a/b"},
      {"/a%20b", "/a%2520b"},
      {"/a(b)~", "/a%28b%29~"},
      {"/a/b/../", "/a/"},
      {"/..a", "/..a"},
  };
  for (const auto& [sent, expected] : cases) EXPECT_EQ(path(sent, PathRule::kNormalized), expected) << sent;
}

TEST(CanonicalTest, PathsOfS3StayAsTheyAre) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "/"},
      {"/", "/"},
      {"//", "//"},
      {"/a/./../b//", "/a/./../b//"},
      {"/a%20b", "/a%20b"},
      {"/a+b", "/a%2Bb"},
      {"/a%2bb%7e", "/a%2Bb~"},
      {"/caf\xc3\xa9", "/caf%C3%A9"},
      {"/a%2Fb", "/a%2Fb"},
      {"/a(b)!*'", "/a%28b%29%21%2A%27"},
  };
  for (const auto& [sent, expected] : cases) EXPECT_EQ(path(sent, PathRule::kAsSent), expected) << sent;
}

TEST(CanonicalTest, QueriesAreDecodedEncodedAndSorted) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"acl", "acl="},
      {"b=2&a=1", "a=1&b=2"},
      {"a=2&a=1&A=3", "A=3&a=1&a=2"},
      {"a=b+c%20d", "a=b%20c%20d"},
      {"a==b", "a=%3Db"},
      {"&&a=1&", "a=1"},
      {"=v", "=v"},
      {"%61=%7e%2f", "a=~%2F"},
      {"a%26b=c%3Dd", "a%26b=c%3Dd"},
      {"a-b=1&a=2", "a=2&a-b=1"},
  };
  for (const auto& [sent, expected] : cases) EXPECT_EQ(query(sent), expected) << sent;
}

TEST(CanonicalTest, OnlyAPresignedQueryLosesItsSignature) {
  EXPECT_EQ(query("X-Amz-Signature=s&a=1"), "X-Amz-Signature=s&a=1");
  EXPECT_EQ(query("X-Amz-Signature=s&a=1", true), "a=1");
  EXPECT_EQ(query("x-amz-signature=s&a=1", true), "a=1&x-amz-signature=s");
}

TEST(CanonicalTest, HeadersAreTrimmedAndJoined) {
  const std::vector<http::Header> headers{
      {"Host", "h"}, {"X-A", "  1   2 "}, {"x-a", ""}, {"X-B", "z"}, {"X-A", "3,4"}};
  const std::string_view names[] = {"host", "x-a"};
  std::string out;
  EXPECT_TRUE(append_canonical_headers(out, headers, names));
  EXPECT_EQ(out, "host:h\nx-a:1 2,,3,4\n");
  const std::string_view missing[] = {"host", "x-c"};
  EXPECT_FALSE(append_canonical_headers(out, headers, missing));
}

TEST(CanonicalTest, NoValueEndsALine) {
  std::string out;
  const std::string_view name[] = {"a"};
  for (const std::string_view value :
       {std::string_view("1\nb:2"), std::string_view("1\r"), std::string_view("1\0", 2)}) {
    const std::vector<http::Header> headers{{"a", value}};
    EXPECT_FALSE(append_canonical_headers(out, headers, name));
  }
  EXPECT_EQ(path("/a%0Ab", PathRule::kAsSent), "/a%0Ab");
  EXPECT_EQ(path("/a\nb", PathRule::kAsSent), "/a%0Ab");
  EXPECT_EQ(path("/a\nb", PathRule::kNormalized), "/a%0Ab");
  EXPECT_EQ(query("a%0A=b%0D"), "a%0A=b%0D");
  // A list of signed headers cannot bring a line in either: it only names headers that are there.
  SignedHeaders names;
  ASSERT_TRUE(names.parse("host\nx:y;a"));
  const std::vector<http::Header> headers{{"a", "1"}, {"Host", "h"}};
  EXPECT_FALSE(append_canonical_headers(out, headers, names.names()));
}

TEST(SignedHeadersTest, NamesAreLowerCaseSortedAndOnce) {
  SignedHeaders names;
  ASSERT_TRUE(names.parse("X-Amz-Date;host;HOST;content-type"));
  EXPECT_THAT(names.names(), testing::ElementsAre("content-type", "host", "x-amz-date"));
  EXPECT_TRUE(names.contains("host"));
  EXPECT_FALSE(names.contains("x-amz"));
  ASSERT_TRUE(names.parse(""));
  EXPECT_TRUE(names.names().empty());
  EXPECT_FALSE(names.parse(std::string(300, ';')));
}

TEST(QueryStringTest, TheFirstOfSeveralWins) {
  QueryString q;
  ASSERT_TRUE(q.parse("a=1&a=2&b&%61=3"));
  EXPECT_EQ(*q.first("a"), "1");
  EXPECT_EQ(*q.first("b"), "");
  EXPECT_EQ(q.first("c"), nullptr);
  EXPECT_EQ(q.all().size(), 4U);
}

TEST(CredentialTest, HasFiveParts) {
  const auto c = parse_credential("AKIA/20260724/us-east-1/sts/aws4_request");
  ASSERT_TRUE(c);
  EXPECT_EQ(c->access_key_id, "AKIA");
  EXPECT_EQ(c->scope(), "20260724/us-east-1/sts/aws4_request");
  EXPECT_TRUE(parse_credential("////"));
  EXPECT_FALSE(parse_credential("///"));
  EXPECT_FALSE(parse_credential("/////"));
}

}  // namespace
}  // namespace deputy::authn
