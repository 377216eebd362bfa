#include "policy/glob.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "policy/pattern.h"

namespace deputy::policy {
namespace {

struct Steps {
  std::size_t count = 0;
  void add(std::size_t steps) { count += steps; }
  static bool spent() { return false; }
};

/// A pattern ready to match, with the memory behind it.
struct Compiled {
  explicit Compiled(std::string_view pattern) : arena(pattern.size()) {
    std::vector<Token> tokens;
    tokenize(pattern, {.wildcards = true, .variables = false}, arena, tokens);
    GlobBuilder builder;
    builder.append(tokens);
    glob = builder.store(arena);
  }
  Arena arena;
  Glob glob;
};

/// The definition of M-1, as slow as it is plain.
bool naive(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') return naive(pattern.substr(1), text) || (!text.empty() && naive(pattern, text.substr(1)));
  return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) && naive(pattern.substr(1), text.substr(1));
}

/// All strings over an alphabet up to a length.
std::vector<std::string> all_strings(std::string_view alphabet, std::size_t longest) {
  std::vector<std::string> all = {""};
  for (std::size_t begin = 0, length = 0; length < longest; ++length) {
    const std::size_t end = all.size();
    for (; begin < end; ++begin) {
      for (const char c : alphabet) all.push_back(all[begin] + c);
    }
  }
  return all;
}

TEST(GlobTest, AllShortPatternsAgreeWithTheDefinition) {
  const std::vector<std::string> texts = all_strings("ab", 6);
  for (const std::string& pattern : all_strings("ab*?", 5)) {
    const Compiled compiled(pattern);
    for (const std::string& text : texts) {
      ASSERT_EQ(matches(compiled.glob, text), naive(pattern, text)) << pattern << " on " << text;
    }
  }
}

TEST(GlobTest, StepsAreLinear) {
  constexpr std::size_t kStepsAByte = 8;
  for (const std::size_t stars : {1U, 10U, 100U, 500U}) {
    for (const char* piece : {"a*", "aab*", "a?*", "aaaaaaaaab*"}) {
      std::string pattern;
      for (std::size_t i = 0; i < stars; ++i) pattern += piece;
      pattern += "b";
      const Compiled compiled(pattern);
      const std::string text(5000, 'a');
      Steps steps;
      EXPECT_NE(match(compiled.glob, text, steps), Fit::kYes);
      EXPECT_LE(steps.count, kStepsAByte * (text.size() + pattern.size())) << pattern.substr(0, 20) << " x " << stars;
    }
  }
}

TEST(GlobTest, StepsAreLinearInTheTextAlsoWithLongPiecesOfQuestionMarks) {
  const std::string text(8000, 'a');
  for (const std::size_t length : {65U, 128U, 500U, 2000U, 4000U}) {
    for (const char* unit : {"a?", "?a", "aaaaaaaaa?", "??a"}) {
      std::string piece;
      while (piece.size() < length) piece += unit;
      for (const std::string& pattern :
           {"*" + piece + "b*", "a*" + piece + "b*" + piece + "*", piece + "*b" + piece + "*"}) {
        const Compiled compiled(pattern);
        Steps steps;
        EXPECT_NE(match(compiled.glob, text, steps), Fit::kYes);
        EXPECT_LE(steps.count, (2 + length / 64 + 2) * (text.size() + pattern.size())) << unit << " x " << length;
      }
    }
  }
}

/// As `naive`, character by character and with memory, for patterns that are too long for it.
bool dynamic(const std::string& pattern, const std::string& text) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < text.size(); i += character_length(text, i)) starts.push_back(i);
  starts.push_back(text.size());
  std::vector<bool> reached(starts.size());  // after the pattern so far, up to which characters
  reached[0] = true;
  for (std::size_t p = 0; p < pattern.size();) {
    const std::size_t length = character_length(pattern, p);
    std::vector<bool> next(starts.size());
    for (std::size_t i = 0; i < starts.size(); ++i) {
      if (pattern[p] == '*') {
        next[i] = reached[i] || (i > 0 && next[i - 1]);
      } else if (i > 0 && reached[i - 1]) {
        next[i] =
            pattern[p] == '?' || text.substr(starts[i - 1], starts[i] - starts[i - 1]) == pattern.substr(p, length);
      }
    }
    reached = next;
    p += length;
  }
  return reached.back();
}

TEST(GlobTest, LongPiecesAgreeWithTheDefinition) {
  std::mt19937 random(7);
  const auto pick = [&](const std::vector<std::string>& from) { return from[random() % from.size()]; };
  std::size_t matching = 0;
  for (int round = 0; round < 1000; ++round) {
    std::string piece;
    std::string inside;  // what the piece matches
    const std::size_t length = 40 + random() % 160;
    for (std::size_t i = 0; i < length; ++i) {
      const std::string character = pick({"a", "a", "a", "b", "\xc3\xa9"});
      const bool any = random() % 4 == 0;
      piece += any ? "?" : character;
      inside += character;
    }
    std::string before;
    for (std::size_t i = random() % 80; i > 0; --i) before += pick({"a", "b", "\xc3\xa9"});
    if (random() % 3 == 0) inside[random() % inside.size()] = 'b';  // mostly spoils it
    const std::string pattern = pick({"*", "a*", "?*", ""}) + piece + pick({"*", "*b", "", "*?"});
    const std::string text = before + inside + pick({"", "ab", "b"});
    const Compiled compiled(pattern);
    const bool expected = dynamic(pattern, text);
    ASSERT_EQ(matches(compiled.glob, text), expected) << pattern << " on " << text;
    matching += expected ? 1 : 0;
  }
  EXPECT_GT(matching, 100U);
}

TEST(GlobTest, AQuestionMarkIsOneCharacterNotOneByte) {
  EXPECT_TRUE(matches(Compiled("a?c").glob,
                      "a\xc3\xa9"
                      "c"));
  EXPECT_FALSE(matches(Compiled("a??c").glob,
                       "a\xc3\xa9"
                       "c"));
}

}  // namespace
}  // namespace deputy::policy
