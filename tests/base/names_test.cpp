// What names things: account ids, unique ids, ARNs, and base64 as tokens write it.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <unordered_set>

#include "base/account_id.h"
#include "base/arn.h"
#include "base/base64url.h"
#include "base/unique_id.h"

namespace deputy {
namespace {

TEST(AccountIdTest, ANumberHasTwelveDigitsAtMost) {
  const std::pair<std::uint64_t, const char*> cases[] = {
      {0, "000000000000"}, {1, "000000000001"}, {111111111111, "111111111111"}, {999999999999, "999999999999"}};
  for (const auto& [number, text] : cases) {
    const auto id = AccountId::from_number(number);
    ASSERT_TRUE(id) << number;
    EXPECT_EQ(id->view(), text);
    EXPECT_EQ(id->number(), number);
    EXPECT_EQ(AccountId::parse(text), id);
  }
  EXPECT_FALSE(AccountId::from_number(1'000'000'000'000));
  EXPECT_FALSE(AccountId::from_number(UINT64_MAX));
}

TEST(AccountIdTest, NoAccountIsNoneThatWasParsed) {
  EXPECT_TRUE(AccountId().empty());
  EXPECT_NE(AccountId(), *AccountId::parse("000000000000"));
  EXPECT_FALSE(AccountId::parse("000000000000")->empty());
  EXPECT_LT(*AccountId::parse("000000000002"), *AccountId::parse("000000000010"));
  const std::unordered_set<AccountId> all{AccountId(), *AccountId::parse("111111111111"),
                                          *AccountId::parse("111111111111")};
  EXPECT_EQ(all.size(), 2U);
}

TEST(AccountIdTest, OtherDigitsAreNone) {
  for (const char* bad : {"11111111111\xd9\xa1", " 11111111111", "11111111111 ", "-11111111111", "1111-1111-11",
                          "111111111111\n", "0x1111111111", "11111111111."}) {
    EXPECT_FALSE(AccountId::parse(bad)) << bad;
  }
  EXPECT_FALSE(AccountId::parse(std::string_view("11111111111\0", 12)));
}

TEST(UniqueIdTest, ItHasAPrefixAndCapitals) {
  const std::pair<std::string, bool> cases[] = {{"AIDAAAAAAAAAAAAAAAAAA", true},
                                                {"AROA234567ABCDEFGHIJK", true},
                                                {"AGPAAAAAAAAAAAAAAAAAA", true},
                                                {"ANPAAAAAAAAAAAAAAAAAA", true},
                                                {"AIPAAAAAAAAAAAAAAAAAA", true},
                                                {"AIDA" + std::string(12, 'A'), true},
                                                {"AIDA" + std::string(11, 'A'), false},
                                                {"AIDA" + std::string(124, 'A'), true},
                                                {"AIDA" + std::string(125, 'A'), false},
                                                {"AKIAAAAAAAAAAAAAAAAAA", false},
                                                {"ASIAAAAAAAAAAAAAAAAAA", false},
                                                {"aidaAAAAAAAAAAAAAAAAA", false},
                                                {"AIDAaAAAAAAAAAAAAAAAA", false},
                                                {"AIDA:AAAAAAAAAAAAAAAA", false},
                                                {"AIDAAAAAAAAAAAAAAAA*", false},
                                                {"", false},
                                                {"AIDA", false}};
  for (const auto& [text, good] : cases) {
    const auto id = UniqueId::parse(text);
    EXPECT_EQ(id.has_value(), good) << text;
    if (id) {
      EXPECT_EQ(id->str(), text);
      EXPECT_EQ(id->prefix(), text.substr(0, 4));
    }
  }
  EXPECT_TRUE(UniqueId().empty());
  EXPECT_EQ(UniqueId("AID").prefix(), "AID");
  EXPECT_EQ(UniqueId().prefix(), "");
}

TEST(ArnTest, FieldsAreWhatStandsBetweenTheColons) {
  const auto arn = Arn::split("arn:aws:s3:eu-west-1:111111111111:bucket/key:with:colons");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->partition, "aws");
  EXPECT_EQ(arn->service, "s3");
  EXPECT_EQ(arn->region, "eu-west-1");
  EXPECT_EQ(arn->account, "111111111111");
  EXPECT_EQ(arn->resource, "bucket/key:with:colons");
  const auto empty = Arn::split("arn:::::");
  ASSERT_TRUE(empty);
  for (const std::string_view field :
       {empty->partition, empty->service, empty->region, empty->account, empty->resource}) {
    EXPECT_TRUE(field.empty());
  }
  for (const char* bad : {"", "arn", "arn:", "arn::::", "arn:aws:iam::111111111111", "ARN:aws:iam::1:x",
                          "xarn:aws:iam::1:x", " arn:aws:iam::1:x", "*"}) {
    EXPECT_FALSE(Arn::split(bad)) << bad;
  }
}

TEST(ArnTest, EachKindIsMadeAsAwsWritesIt) {
  const AccountId id = *AccountId::parse("111111111111");
  EXPECT_EQ(iam_arn(id, "user", "/", "dana"), "arn:aws:iam::111111111111:user/dana");
  EXPECT_EQ(iam_arn(id, "role", "/ci/x/", "Deploy"), "arn:aws:iam::111111111111:role/ci/x/Deploy");
  EXPECT_EQ(root_arn(id), "arn:aws:iam::111111111111:root");
  EXPECT_EQ(assumed_role_arn(id, "Deploy", "s1"), "arn:aws:sts::111111111111:assumed-role/Deploy/s1");
  EXPECT_EQ(federated_user_arn(id, "bob"), "arn:aws:sts::111111111111:federated-user/bob");
  EXPECT_TRUE(Arn::split(iam_arn(id, "policy", "/", "P")));
}

TEST(Base64UrlTest, ItIsThatOfTokens) {
  const std::pair<std::string, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg"},
                                                       {"fo", "Zm8"},
                                                       {"foo", "Zm9v"},
                                                       {"\xfb\xff", "-_8"},
                                                       {"\xff\xff\xff", "____"},
                                                       {"\xfb\xef\xbe", "----"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(base64url(bytes), text);
    EXPECT_EQ(unbase64url(text), bytes);
  }
  for (int size = 0; size < 100; ++size) {
    std::string bytes;
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<char>(i * 37 + size));
    EXPECT_EQ(unbase64url(base64url(bytes)), bytes) << size;
  }
  // One text for one value: no padding, no other alphabet, no stray bits, no white space.
  for (const char* bad : {"Zg==", "Zg=", "Z", "Zh", "Zm9", "+_8", "-/8", "Zm 8", "Zm8\n", "Z!", "ZgZ"}) {
    EXPECT_FALSE(unbase64url(bad)) << bad;
  }
}

}  // namespace
}  // namespace deputy
