// Codes of virtual MFA devices: the window, used codes, the lock against guessing (authn/mfa.h).
#include "authn/mfa.h"

#include <gtest/gtest.h>

#include <set>

#include "authn/totp.h"

namespace deputy::authn {
namespace {

using directory::MfaDevice;
using std::chrono::minutes;
using std::chrono::seconds;

class MfaTest : public testing::Test {
 protected:
  MfaTest() {
    device.account = *AccountId::parse("111111111111");
    device.path = "/";
    device.name = "phone";
    device.sealed_seed = seal_mfa_seed(*vault, *entropy, device, seed);
  }

  /// What the device shows `periods` after now.
  [[nodiscard]] std::string code(std::int64_t periods = 0) const {
    return hotp(seed, static_cast<std::uint64_t>(totp_period(now) + periods));
  }
  /// A code that is right at no time near now.
  [[nodiscard]] std::string wrong() const {
    std::set<std::string> right;
    for (std::int64_t p = -100; p <= 100; ++p) right.insert(code(p));
    for (int i = 0;; ++i) {
      std::string candidate = std::to_string(100000 + i);
      if (!right.contains(candidate)) return candidate;
    }
  }
  /// Gives a code, and writes what has to be remembered.
  bool give(std::string_view text) { return take(check_code(*vault, device, text, now)); }
  bool give(std::string_view first, std::string_view second) {
    return take(check_codes(*vault, device, first, second, now));
  }
  bool take(const CodeCheck& check) {
    if (check.after) device = *check.after;
    return check.accepted;
  }

  std::unique_ptr<crypto::Entropy> entropy = crypto::seeded_entropy(7);
  std::unique_ptr<crypto::Vault> vault = crypto::Vault::ephemeral(*entropy);
  std::string seed = make_mfa_seed(*entropy);
  Time now = *parse_iso8601("2026-07-24T10:11:12Z");
  MfaDevice device;
};

TEST_F(MfaTest, TheCodesOfThePresentAndItsNeighboursAreRight) {
  for (const std::int64_t periods : {-1, 0, 1}) EXPECT_TRUE(check_code(*vault, device, code(periods), now).accepted);
  for (const std::int64_t periods : {-3, -2, 2, 3}) {
    EXPECT_FALSE(check_code(*vault, device, code(periods), now).accepted) << periods;
  }
}

TEST_F(MfaTest, AnAcceptedCodeIsWrittenDown) {
  const CodeCheck check = check_code(*vault, device, code(), now);
  ASSERT_TRUE(check.accepted);
  ASSERT_TRUE(check.after);
  EXPECT_EQ(check.after->last_step, totp_period(now));
}

TEST_F(MfaTest, NoCodeIsAcceptedTwice) {
  const std::string first = code();
  EXPECT_TRUE(give(first));
  EXPECT_FALSE(give(first));
  now += seconds(30);
  EXPECT_FALSE(give(first));
  EXPECT_TRUE(give(code()));
}

TEST_F(MfaTest, NoCodeIsAcceptedThatIsOlderThanAnAcceptedOne) {
  EXPECT_TRUE(give(code(1)));
  EXPECT_FALSE(give(code(0)));
  EXPECT_FALSE(give(code(-1)));
}

TEST_F(MfaTest, ARepeatedCodeIsNoGuess) {
  const std::string first = code();
  EXPECT_TRUE(give(first));
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(give(first));
  EXPECT_EQ(device.failures, 0U);
  EXPECT_TRUE(give(code(1)));
}

TEST_F(MfaTest, TheFifthWrongCodeLocks) {
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(give(wrong()));
  EXPECT_EQ(device.locked_until, Time());
  EXPECT_FALSE(give(wrong()));
  EXPECT_EQ(device.locked_until, now + minutes(1));
  EXPECT_FALSE(give(code())) << "locked, so the right code is refused too";
  EXPECT_EQ(device.failures, 5U);
  now += minutes(1);
  EXPECT_TRUE(give(code()));
  EXPECT_EQ(device.failures, 0U);
}

TEST_F(MfaTest, ALockDoublesUpToAnHour) {
  for (int i = 0; i < 4; ++i) give(wrong());
  for (const int expected : {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
    give(wrong());
    EXPECT_EQ(device.locked_until - now, minutes(expected));
    now = device.locked_until;
  }
}

TEST_F(MfaTest, WhileLockedNothingIsCounted) {
  for (int i = 0; i < 5; ++i) give(wrong());
  const CodeCheck check = check_code(*vault, device, wrong(), now + seconds(59));
  EXPECT_FALSE(check.accepted);
  EXPECT_FALSE(check.after);
}

TEST_F(MfaTest, ARightCodeEndsTheCount) {
  for (int i = 0; i < 4; ++i) give(wrong());
  EXPECT_TRUE(give(code()));
  for (int i = 0; i < 4; ++i) give(wrong());
  EXPECT_TRUE(give(code(1)));
}

TEST_F(MfaTest, GuessesOfPairsCountToo) {
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(give(wrong(), wrong()));
  EXPECT_FALSE(give(code(-1), code()));
  now += minutes(1);
  EXPECT_TRUE(give(code(-1), code()));
}

TEST_F(MfaTest, APairIsTwoConsecutiveCodesInTheirOrder) {
  EXPECT_FALSE(check_codes(*vault, device, code(0), code(-1), now).accepted);
  EXPECT_FALSE(check_codes(*vault, device, code(0), code(0), now).accepted);
  EXPECT_FALSE(check_codes(*vault, device, code(-2), code(0), now).accepted);
  EXPECT_FALSE(check_codes(*vault, device, code(-1), wrong(), now).accepted);
  EXPECT_FALSE(check_codes(*vault, device, wrong(), code(0), now).accepted);
  EXPECT_TRUE(check_codes(*vault, device, code(-1), code(0), now).accepted);
}

TEST_F(MfaTest, BothCodesOfAPairAreUsedUp) {
  const std::string first = code(-1), second = code(0);
  EXPECT_TRUE(give(first, second));
  EXPECT_FALSE(give(first));
  EXPECT_FALSE(give(second));
  EXPECT_FALSE(give(second, code(1))) << "a pair of a used and a fresh code";
  EXPECT_TRUE(give(code(1)));
}

TEST_F(MfaTest, AClockThatIsOffIsLearntFromAPair) {
  for (const std::int64_t off : {-60, -20, 20, 59}) {
    device.last_step = 0;
    device.drift = 0;
    EXPECT_FALSE(check_code(*vault, device, code(off), now).accepted);
    EXPECT_TRUE(give(code(off - 1), code(off))) << off;
    EXPECT_TRUE(check_code(*vault, device, code(off + 1), now).accepted) << off;
  }
  EXPECT_FALSE(check_codes(*vault, device, code(60), code(61), now).accepted) << "more than half an hour";
  EXPECT_FALSE(check_codes(*vault, device, code(-62), code(-61), now).accepted);
}

TEST_F(MfaTest, WhoTypesSlowlyIsStillInStep) {
  EXPECT_TRUE(give(code(-5), code(-4)));  // two and a half minutes late, by a clock that is right
  EXPECT_TRUE(give(code(0)));
}

TEST_F(MfaTest, ASeedOpensForItsOwnDeviceOnly) {
  MfaDevice other = device;
  other.name = "tablet";
  EXPECT_FALSE(check_code(*vault, other, code(), now).accepted);
  EXPECT_EQ(device.sealed_seed.find(seed), std::string::npos);
  EXPECT_EQ(seed.size(), 40U);
}

TEST_F(MfaTest, WhatIsNoCodeIsNotRight) {
  for (const std::string_view text : {"", "0", "12345", "1234567", "abcdef"}) EXPECT_FALSE(give(text));
}

}  // namespace
}  // namespace deputy::authn
