#include "crypto/password.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace deputy::crypto {
namespace {

// The first 32 bytes of RFC 7914, section 12: PBKDF2 makes its output in blocks of that size.
TEST(ScryptTest, AgreesWithRfc7914) {
  EXPECT_EQ(hex(scrypt({"", "", {4, 1, 1}}).reveal()),
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442");
  EXPECT_EQ(hex(scrypt({"password", "NaCl", {10, 8, 16}}).reveal()),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162");
  EXPECT_EQ(hex(scrypt({"pleaseletmein", "SodiumChloride", {14, 8, 1}}).reveal()),
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
}

TEST(ScryptTest, PasswordSaltAndCostAllCount) {
  const ScryptCost cheap{4, 1, 1};
  const Secret one = scrypt({"one", "salt", cheap});
  EXPECT_EQ(one, scrypt({"one", "salt", cheap}));
  EXPECT_FALSE(one == scrypt({"two", "salt", cheap}));
  EXPECT_FALSE(one == scrypt({"one", "pepper", cheap}));
  EXPECT_FALSE(one == scrypt({"one", "salt", {4, 1, 2}}));
  EXPECT_EQ(one.size(), 32U);
}

}  // namespace
}  // namespace deputy::crypto
