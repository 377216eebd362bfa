#include "policy/glob.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policy/pattern.h"

namespace deputy::policy {
namespace {

struct Steps {
  std::size_t count = 0;
  void add(std::size_t steps) { count += steps; }
};

/// A pattern ready to match, with the memory behind it.
struct Compiled {
  explicit Compiled(std::string_view pattern) : arena(pattern.size()) {
    std::vector<Token> tokens;
    tokenize(pattern, {.wildcards = true, .variables = false}, arena, tokens);
    GlobBuilder builder;
    EXPECT_TRUE(builder.append(tokens, nullptr));
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
