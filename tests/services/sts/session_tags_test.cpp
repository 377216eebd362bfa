// One rule for what a session tag may be, whatever way it comes.
#include "services/sts/session_tags.h"

#include <gtest/gtest.h>

#include "services/sts/tag_rules.h"

namespace deputy::sts {
namespace {

constexpr const char* kRefusal = R"(Session tags must match [\p{L}\p{Z}\p{N}_.:/=+\-@]+ and not begin with "aws:")";

std::string refusal(const Result<SessionTags>& result) {
  return result ? std::string("taken") : result.error().code() + ": " + result.error().message();
}

TEST(SessionTagsTest, WhatIsNoTagIsRefusedByWhateverWayItComes) {
  const std::pair<std::string, std::string> bad[] = {{"aws:PrincipalOrgID", "x"},
                                                     {"AWS:x", "x"},
                                                     {"aWs:", "x"},
                                                     {"Team", "aws:x"},
                                                     {"Team", "Aws:"},
                                                     {"", "x"},
                                                     {"a\x1b[31m", "x"},
                                                     {std::string("a\0b", 3), "x"},
                                                     {"Team", "a\nb"},
                                                     {"a*b", "x"},
                                                     {"Team", "\xc2\x9b"},
                                                     {"Team", "\xe2\x80\xae"},
                                                     {std::string(129, 'k'), ""},
                                                     {"a\"b", "x"},
                                                     {"Team", std::string(257, 'v')}};
  for (const auto& [key, value] : bad) {
    EXPECT_EQ(refusal(session_tags(nullptr, {{key, value}}, {})), std::string("InvalidParameterValue: ") + kRefusal)
        << key << "=" << value;
    EXPECT_EQ(refusal(session_tags(nullptr, {{key, value}}, {}, TagSource::kProvider)),
              std::string("InvalidIdentityToken: ") + kRefusal)
        << key << "=" << value;
  }
}

TEST(SessionTagsTest, WhatIsATagIsTaken) {
  for (const auto& [key, value] : {std::pair("Team", ""), std::pair("aws", "aws"), std::pair("x-aws:y", "z aws:y"),
                                   std::pair("Stra\xc3\x9f"
                                             "e 1",
                                             "_.:/=+-@")}) {
    EXPECT_TRUE(is_tag(key, value)) << key;
    EXPECT_EQ(refusal(session_tags(nullptr, {{key, value}}, {})), "taken") << key;
  }
}

TEST(SessionTagsTest, ATokenForOthersMayNameWhatIsAwss) {  // recorded: docs/wire.md, 5.7
  EXPECT_EQ(refusal(session_tags(nullptr, {{"aws:x", "y"}}, {}, TagSource::kTokenToOthers)), "taken");
  EXPECT_NE(refusal(session_tags(nullptr, {{"a\nb", "y"}}, {}, TagSource::kTokenToOthers)), "taken");
}

TEST(SessionTagsTest, MoreThanFitAreNotLookedAt) {
  std::vector<shapes::Tag> tags;
  for (std::size_t i = 0; i < kMostSessionTags; ++i) tags.push_back({"k" + std::to_string(i), "v"});
  EXPECT_EQ(refusal(session_tags(nullptr, tags, {})), "taken");
  tags.push_back({"one more", "v"});
  EXPECT_NE(refusal(session_tags(nullptr, tags, {})), "taken");
  EXPECT_NE(refusal(session_tags(nullptr, {{"k", "v"}}, std::vector<std::string>(kMostSessionTags + 1, "k"))), "taken");
}

}  // namespace
}  // namespace deputy::sts
