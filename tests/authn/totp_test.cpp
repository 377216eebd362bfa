#include "authn/totp.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace deputy::authn {
namespace {

TEST(TotpTest, AgreesWithRfc4226AndRfc6238) {
  std::ifstream file(DEPUTY_SOURCE_DIR "/tests/authn/totp/rfc.txt");
  ASSERT_TRUE(file);
  int cases = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::uint64_t counter = 0;
    unsigned digits = 0;
    std::string password;
    ASSERT_TRUE(words >> counter >> digits >> password) << line;
    EXPECT_EQ(hotp("12345678901234567890", counter, digits), password) << line;
    ++cases;
  }
  EXPECT_EQ(cases, 16);
}

TEST(TotpTest, APeriodLastsThirtySeconds) {
  EXPECT_EQ(totp_period(from_epoch_seconds(59)), 1);
  EXPECT_EQ(totp_period(from_epoch_seconds(60)), 2);
  EXPECT_EQ(totp_period(from_epoch_seconds(1111111109)), 37037036);
  EXPECT_EQ(totp_period(from_epoch_seconds(60) - std::chrono::milliseconds(1)), 1);
}

}  // namespace
}  // namespace deputy::authn
