#include "crypto/secret.h"

#include <gtest/gtest.h>

#include <ostream>
#include <type_traits>

namespace deputy::crypto {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

TEST(SecretTest, ConvertsToNoText) {
  static_assert(!std::is_convertible_v<Secret, std::string>);
  static_assert(!std::is_convertible_v<Secret, std::string_view>);
  static_assert(!std::is_convertible_v<Secret, const char*>);
  static_assert(!std::is_constructible_v<std::string, Secret>);
  static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
  static_assert(!Printable<Secret>);
}

TEST(SecretTest, TakesItsBytesAway) {
  for (const std::size_t length : {4U, 400U}) {  // within the string, and outside
    std::string source(length, 's');
    Secret a(std::move(source));
    EXPECT_TRUE(source.empty());  // NOLINT(bugprone-use-after-move): promised by Secret
    Secret b(std::move(a));
    EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(b.reveal(), std::string(length, 's'));
    EXPECT_TRUE(b.copy() == b);
  }
}

TEST(SecretTest, ComparesWholeTexts) {
  EXPECT_TRUE(constant_time_equal("", ""));
  EXPECT_TRUE(constant_time_equal("abc", "abc"));
  EXPECT_FALSE(constant_time_equal("abc", "abd"));
  EXPECT_FALSE(constant_time_equal("xbc", "abc"));
  EXPECT_FALSE(constant_time_equal("abc", "abcd"));
}

}  // namespace
}  // namespace deputy::crypto
