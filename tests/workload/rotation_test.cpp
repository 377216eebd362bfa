#include "workload/rotation.h"

#include <gtest/gtest.h>

#include "workload/world.h"

namespace deputy::workload {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class RotationTest : public testing::Test {
 protected:
  std::string key() {
    const auto got = rotation.get(kRole);
    return got ? got->access_key_id : got.error().code;
  }

  FakeSource source;
  Rotation rotation{source};
};

TEST_F(RotationTest, KeepsCredentialsUntilShortlyBeforeTheirEnd) {
  EXPECT_EQ(key(), "ASIA1");
  source.time += seconds(21600) - minutes(20) - seconds(1);
  EXPECT_EQ(key(), "ASIA1");
  source.time += seconds(1);
  EXPECT_EQ(key(), "ASIA2");
  EXPECT_EQ(key(), "ASIA2");
}

TEST_F(RotationTest, ReplacesShortSessionsAQuarterBeforeTheirEndButNoLessThanFiveMinutes) {
  const auto ahead = [](seconds life) {
    const Time start = *parse_iso8601("2026-07-24T10:00:00Z");
    return ahead_of_end({{}, {}, {}, {}, start, start + life});
  };
  EXPECT_EQ(ahead(seconds(900)), minutes(5));
  EXPECT_EQ(ahead(seconds(3600)), minutes(15));
  EXPECT_EQ(ahead(seconds(43200)), minutes(20));
}

TEST_F(RotationTest, OldCredentialsGoOnWhenNewOnesAreRefused) {
  EXPECT_EQ(key(), "ASIA1");
  source.refusal = Refusal{"AccessDenied", "no more"};
  source.time += seconds(21600) - minutes(1);
  EXPECT_EQ(key(), "ASIA1");
  source.time += minutes(1);
  EXPECT_EQ(key(), "AccessDenied");
  source.refusal.reset();
  EXPECT_EQ(key(), "ASIA2");
}

TEST_F(RotationTest, AnotherRoleGetsCredentialsOfItsOwn) {
  EXPECT_EQ(key(), "ASIA1");
  const auto other = rotation.get("arn:aws:iam::111111111111:role/other");
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other->access_key_id, "ASIA2");
  EXPECT_EQ(key(), "ASIA3");
}

TEST_F(RotationTest, AServerThatIsDownTakesNothingAway) {
  source.down = true;
  EXPECT_EQ(key(), "") << "there was nothing yet";
  source.down = false;
  EXPECT_EQ(key(), "ASIA1");
  source.down = true;
  EXPECT_EQ(key(), "ASIA1");
}

}  // namespace
}  // namespace deputy::workload
