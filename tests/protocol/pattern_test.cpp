#include "protocol/patterns.h"

#include <gtest/gtest.h>

namespace deputy::protocol {
namespace {

const Pattern& pattern(std::string_view text) {
  for (const Pattern* p : kAllPatterns) {
    if (p->text == text) return *p;
  }
  ADD_FAILURE() << "no pattern " << text;
  return *kAllPatterns[0];
}

struct Case {
  std::string_view pattern, text;
  bool matches;
};

class PatternTest : public testing::TestWithParam<Case> {};

TEST_P(PatternTest, MatchesTheWholeTextAsJavaDoes) {
  EXPECT_EQ(pattern(GetParam().pattern).matches(GetParam().text), GetParam().matches);
}

constexpr std::string_view kName = R"([\w+=,.@-]+)";
constexpr std::string_view kAlias = R"(^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$)";
constexpr std::string_view kPath = R"((\u002F)|(\u002F[\u0021-\u007E]+\u002F))";
constexpr std::string_view kArn =
    R"([\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+)";
constexpr std::string_view kTag = R"([\p{L}\p{Z}\p{N}_.:/=+\-@]+)";
constexpr std::string_view kTarget = R"(^(r-[0-9a-z]{4,32})|(\d{12})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$)";

INSTANTIATE_TEST_SUITE_P(
    Models, PatternTest,
    testing::Values(Case{kName, "crossAccountUser", true}, Case{kName, "", false}, Case{kName, "a b", false},
                    Case{kName, "a\n", false}, Case{kName, "\xC3\xA9", false},  // \w is ASCII in Java
                    Case{kAlias, "my-company", true}, Case{kAlias, "my--company", false}, Case{kAlias, "-a1", false},
                    Case{kAlias, "ab-", false}, Case{kAlias, "ab", false}, Case{kPath, "/", true},
                    Case{kPath, "/a/b/", true}, Case{kPath, "/a", false}, Case{kPath, "//", false},
                    Case{kArn, "arn:aws:iam::111111111111:user/\xC3\xA9", true},
                    Case{kArn, "\xF0\x9F\x98\x80", false},  // U+1F600: AWS refuses it too
                    Case{kArn, "a\x01", false},
                    Case{kTag,
                         "Stra\xC3\x9F"
                         "e 7",
                         true},
                    Case{kTag, "a;b", false}, Case{kTag, "\xF0\x9D\x94\x84", true},  // U+1D504, a letter
                    Case{kTag, "\xF0\x9F\x98\x80", false}, Case{kTarget, "111111111111", true},
                    Case{kTarget, "1111111111112", false}, Case{kTarget, "r-abcd", true},
                    Case{kTarget, "xr-abcd", false}));

TEST(PatternTableTest, EveryPatternOfTheModelsCoversAllCharacters) {
  for (const Pattern* p : kAllPatterns) {
    ASSERT_FALSE(p->ranges.empty()) << p->text;
    EXPECT_LE(p->ranges.front() & 0xFFFFFF, 0x80U) << p->text;
    EXPECT_EQ(p->next.size(), p->accepts.size() * p->classes) << p->text;
    for (const std::uint32_t range : p->ranges) EXPECT_LT(range >> 24, p->classes) << p->text;
    for (const std::uint8_t c : p->ascii) EXPECT_LT(c, p->classes) << p->text;
    for (const std::uint16_t state : p->next) EXPECT_LT(state, p->accepts.size()) << p->text;
    for (std::uint32_t c = 0; c < p->classes; ++c) EXPECT_EQ(p->next[c], 0) << p->text << ": the dead state is left";
  }
}

}  // namespace
}  // namespace deputy::protocol
