#include "crypto/digest.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace deputy::crypto {
namespace {

std::string repeated(char c, std::size_t count) { return std::string(count, c); }

// FIPS 180-4 and NIST's example files.
TEST(Sha256Test, AgreesWithPublishedDigests) {
  EXPECT_EQ(sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex(),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(repeated('a', 1000000)).hex(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, PartsCountAsOneText) { EXPECT_EQ(sha256({"a", "", "bc"}).hex(), sha256("abc").hex()); }

struct HmacCase {
  std::string key, data;
  std::string_view mac;
};

// RFC 4231, test cases 1 to 4, 6 and 7.
TEST(HmacTest, AgreesWithRfc4231) {
  const HmacCase cases[] = {
      {repeated('\x0b', 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {repeated('\xaa', 20), repeated('\xdd', 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {*unhex("0102030405060708090a0b0c0d0e0f10111213141516171819"), repeated('\xcd', 50),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {repeated('\xaa', 131), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {repeated('\xaa', 131),
       "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
       "hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const HmacCase& c : cases) EXPECT_EQ(hmac_sha256(c.key, c.data).hex(), c.mac);
}

TEST(HmacTest, OneKeySignsManyTexts) {
  const HmacKey key("Jefe");
  const HmacKey copy = key;
  const std::string first = key.sign("first").hex();
  EXPECT_NE(first, key.sign("second").hex());
  EXPECT_EQ(first, copy.sign({"fir", "st"}).hex());
}

}  // namespace
}  // namespace deputy::crypto
