#include "crypto/aead.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace deputy::crypto {
namespace {

struct GcmCase {
  std::string_view key, nonce, plaintext, associated, sealed;
};

// McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13, 14 and 16.
const GcmCase kPublished[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "",
     "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "00000000000000000000000000000000", "", "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
     "ba637b39",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
     "bcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
};

TEST(AeadTest, AgreesWithPublishedVectors) {
  for (const GcmCase& c : kPublished) {
    const AeadKey key(*unhex(c.key));
    std::string sealed;
    key.seal_to(sealed, *unhex(c.nonce), *unhex(c.associated), *unhex(c.plaintext));
    EXPECT_EQ(hex(sealed), c.sealed);
    EXPECT_EQ(key.open(*unhex(c.nonce), *unhex(c.associated), sealed), unhex(c.plaintext));
  }
}

TEST(AeadTest, AppendsToWhatIsThere) {
  const AeadKey key(std::string(32, 'k'));
  std::string out = "head";
  key.seal_to(out, "twelve bytes", "", "text");
  ASSERT_EQ(out.size(), 4 + 4 + AeadKey::kTagBytes);
  EXPECT_TRUE(out.starts_with("head"));
  EXPECT_EQ(key.open("twelve bytes", "", out.substr(4)), "text");
}

TEST(AeadTest, EveryFlippedBitIsNoticed) {
  const AeadKey key(std::string(32, 'k'));
  std::string sealed;
  key.seal_to(sealed, "twelve bytes", "context", "a secret of some length");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(key.open("twelve bytes", "context", changed)) << bit;
  }
  EXPECT_FALSE(key.open("twelve Bytes", "context", sealed));
  EXPECT_FALSE(key.open("twelve bytes", "contexT", sealed));
  EXPECT_FALSE(key.open("eleven byte", "context", sealed));
  EXPECT_FALSE(AeadKey(std::string(32, 'K')).open("twelve bytes", "context", sealed));
  for (std::size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_FALSE(key.open("twelve bytes", "context", sealed.substr(0, length)));
  }
  EXPECT_TRUE(key.open("twelve bytes", "context", sealed));
}

}  // namespace
}  // namespace deputy::crypto
