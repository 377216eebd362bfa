// Which tags may be set, and how they meet (docs/wire.md, 5.2 and 5.5).
#include "services/iam/tags.h"

#include <gtest/gtest.h>

#include "services/iam/world.h"

namespace deputy::iam {
namespace {

constexpr const char* kTwice = "Duplicate tag keys found. Please note that Tag keys are case insensitive.";
constexpr const char* kReserved = "Tags with the aws: prefix cannot be added or removed";
constexpr const char* kTooMany = "The number of tags has reached the maximum limit.";

GivenTags many(int count, const std::string& prefix) {
  GivenTags tags;
  for (int i = 0; i < count; ++i) tags.push_back({prefix + std::to_string(i), ""});
  return tags;
}

TEST(TagsTest, ATagOverOneOfAnotherCaseTakesItsPlace) {
  const directory::Tags before{{"a", "1"}, {"Env", "dev"}, {"z", "2"}};
  const auto after = merge_tags(before, {{"env", "prod"}, {"new", ""}}, TagKeys::kIgnoreCase);
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(*after, (directory::Tags{{"a", "1"}, {"env", "prod"}, {"z", "2"}, {"new", ""}}));
}

TEST(TagsTest, AKeyGivenTwiceIsRefusedInWhateverCase) {
  EXPECT_TRUE(refused(new_tags({{"a", "1"}, {"a", "1"}}, TagKeys::kIgnoreCase), "InvalidInput", 400, kTwice));
  EXPECT_TRUE(refused(new_tags({{"Team", "1"}, {"tEAM", "2"}}, TagKeys::kIgnoreCase), "InvalidInput", 400, kTwice));
  EXPECT_TRUE(
      refused(new_tags({{"a", ""}, {"a", ""}}, TagKeys::kExact), "InvalidInput", 400, "Duplicate tag keys found."));
}

TEST(TagsTest, WhereCaseCountsTwoCasesAreTwoKeys) {
  const auto both = new_tags({{"a", "1"}, {"A", "2"}}, TagKeys::kExact);
  ASSERT_TRUE(both.ok());
  const auto after = merge_tags(*both, {{"A", "3"}}, TagKeys::kExact);
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(*after, (directory::Tags{{"a", "1"}, {"A", "3"}}));
  const auto left = without_tags(*after, {"a"}, TagKeys::kExact);
  ASSERT_TRUE(left.ok());
  EXPECT_EQ(*left, (directory::Tags{{"A", "3"}}));
}

TEST(TagsTest, KeysOfAwsAreNotForUsers) {
  for (const char* key : {"aws:", "aws:x", "AWS:cloudformation:stack-name"}) {
    EXPECT_TRUE(refused(new_tags({{key, ""}}, TagKeys::kIgnoreCase), "InvalidInput", 400, kReserved)) << key;
    EXPECT_TRUE(refused(without_tags({}, {key}, TagKeys::kIgnoreCase), "InvalidInput", 400, kReserved)) << key;
  }
  EXPECT_TRUE(refused(new_tags({{"team", "AWS:x"}}, TagKeys::kIgnoreCase), "InvalidInput", 400, kReserved));
  EXPECT_TRUE(new_tags({{"aws", ""}, {"awsome", ""}, {"my:aws:x", ""}}, TagKeys::kIgnoreCase).ok());
}

TEST(TagsTest, FiftyAreTheMost) {
  const auto fifty = new_tags(many(50, "k"), TagKeys::kIgnoreCase);
  ASSERT_TRUE(fifty.ok());
  EXPECT_TRUE(merge_tags(*fifty, {{"K7", "changed"}}, TagKeys::kIgnoreCase).ok()) << "an old key adds nothing";
  EXPECT_TRUE(refused(merge_tags(*fifty, {{"one more", ""}}, TagKeys::kIgnoreCase), "LimitExceeded", 409, kTooMany));
}

TEST(TagsTest, UntaggingIgnoresCaseAndWhatIsNotThere) {
  const auto after = without_tags({{"Env", "dev"}, {"Team", "a"}}, {"ENV", "missing", "env"}, TagKeys::kIgnoreCase);
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(*after, (directory::Tags{{"Team", "a"}}));
}

TEST(TagsTest, AnswersLeaveOutAnEmptyList) {
  EXPECT_FALSE(shown_tags({}).has_value());
  ASSERT_TRUE(shown_tags({{"b", "1"}, {"a", "2"}}).has_value());
  EXPECT_EQ(shown_tags({{"b", "1"}, {"a", "2"}})->front().key, "b") << "in the order in which they were set";
}

}  // namespace
}  // namespace deputy::iam
