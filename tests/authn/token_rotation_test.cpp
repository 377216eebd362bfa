// Token keys over time: published, seen by all, used, kept until nothing that they sealed lives any more.
#include <gtest/gtest.h>

#include "authn/world.h"

namespace deputy::authn {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class TokenRotationTest : public testing::Test {
 protected:
  void pass(Time::duration time) { world_.now += time; }
  void rotate() {
    const directory::Changes due = world_.tokens.rotate(*world_.snapshot, *world_.entropy, world_.now);
    if (!due.empty()) world_.write([&](directory::Changes& c) { c = due; });
  }
  /// A session of 36 hours that begins now.
  Credentials issue() {
    directory::Session session = world_.user_session(false);
    session.issued = world_.now;
    session.expires = world_.now + SessionTokens::kLongestSession;
    return world_.issue(std::move(session));
  }
  static int key_of(const Credentials& c) { return unbase64(c.session_token)->at(4); }
  [[nodiscard]] bool opens(const Credentials& c) const {
    return world_.tokens.open(*world_.snapshot, c.session_token).has_value();
  }
  [[nodiscard]] std::size_t keys() const { return world_.snapshot->token_keys().size(); }

  World world_;
};

TEST_F(TokenRotationTest, TheFirstKeySealsAtOnce) {
  EXPECT_EQ(key_of(issue()), 1);
  rotate();
  EXPECT_EQ(keys(), 1U);
}

TEST_F(TokenRotationTest, ANewKeySealsWhenEverybodyHasSeenIt) {
  pass(SessionTokens::kKeyLife);
  rotate();
  EXPECT_EQ(keys(), 2U);
  EXPECT_EQ(key_of(issue()), 1);
  pass(SessionTokens::kSeenByAll - minutes(1));
  EXPECT_EQ(key_of(issue()), 1);
  pass(minutes(1));
  EXPECT_EQ(key_of(issue()), 2);
  rotate();
  EXPECT_EQ(keys(), 2U) << "once a day";
}

TEST_F(TokenRotationTest, NoSessionEndsBeforeItsTime) {
  pass(SessionTokens::kKeyLife);
  rotate();
  pass(SessionTokens::kSeenByAll - minutes(1));
  const Credentials last_of_the_first = issue();
  ASSERT_EQ(key_of(last_of_the_first), 1);
  for (hours passed(0); passed < SessionTokens::kLongestSession; passed += hours(1)) {
    EXPECT_TRUE(opens(last_of_the_first)) << passed.count();
    pass(hours(1));
    rotate();
  }
  pass(hours(1));
  rotate();
  EXPECT_FALSE(opens(last_of_the_first)) << "it is over, and so is its key";
}

TEST_F(TokenRotationTest, AFewKeysAreKeptWhateverTheTime) {
  for (int day = 0; day < 30; ++day) {
    const Credentials c = issue();
    pass(hours(24));
    rotate();
    EXPECT_TRUE(opens(c));
    EXPECT_LE(keys(), 4U);
  }
  EXPECT_EQ(key_of(issue()), 30);
}

TEST_F(TokenRotationTest, AfterALongSleepTheOldKeySealsUntilTheNewOneIsSeen) {
  pass(hours(24 * 365));
  rotate();
  const Credentials c = issue();
  EXPECT_EQ(key_of(c), 1);
  pass(SessionTokens::kSeenByAll);
  rotate();
  EXPECT_EQ(key_of(issue()), 2);
  EXPECT_TRUE(opens(c));
}

TEST_F(TokenRotationTest, AClockThatGoesBackLosesNothing) {
  pass(SessionTokens::kKeyLife);
  rotate();
  pass(SessionTokens::kSeenByAll);
  const Credentials c = issue();
  ASSERT_EQ(key_of(c), 2);
  pass(-hours(48));
  rotate();
  EXPECT_EQ(key_of(issue()), 1);
  EXPECT_TRUE(opens(c));
}

}  // namespace
}  // namespace deputy::authn
