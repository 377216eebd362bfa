// SSH public keys: docs/wire.md, 5.8.
#include "crypto/ssh_key.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "crypto/pem.h"
#include "crypto/public_keys.h"

namespace deputy::crypto {
namespace {

using Fault = SshKey::Fault;

TEST(SshKeyTest, AllFormsAreTheSameKey) {
  for (const std::string& text : {std::string(kSshLine), std::string(kSshLine) + " dana@laptop\n", std::string(kSshPem),
                                  std::string(kSshRsaPem), "  " + std::string(kSshPem) + "\r\n"}) {
    const auto key = SshKey::parse(text);
    ASSERT_TRUE(key) << text;
    EXPECT_EQ(key->line(), kSshLine);
    EXPECT_EQ(key->pem(), kSshPem);
    EXPECT_EQ(key->fingerprint(), kSshFingerprint);
  }
}

TEST(SshKeyTest, WhatIsNoKeyIsToldFromWhatHasNoSuchForm) {
  const std::string line = kSshLine;
  const std::string packed = *unbase64(line.substr(8));
  const auto of = [](std::string bytes) { return "ssh-rsa " + base64(bytes); };
  const auto with = [&](std::size_t at, char c) {
    std::string bytes = packed;
    bytes[at] = c;
    return of(bytes);
  };
  struct Case {
    const char* what;
    std::string text;
    Fault fault;
  };
  const Case cases[] = {
      {"nothing", "", Fault::kUnrecognized},
      {"white space", " \n\t", Fault::kUnrecognized},
      {"words", "not a key", Fault::kUnrecognized},
      {"another kind", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==", Fault::kUnrecognized},
      {"a private key", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", Fault::kUnrecognized},
      {"no key behind the kind", "ssh-rsa", Fault::kUnrecognized},
      {"no blank behind the kind", "ssh-rsaAAAA", Fault::kUnrecognized},
      {"no base64", "ssh-rsa ????", Fault::kInvalid},
      {"cut off", of(packed.substr(0, packed.size() - 1)), Fault::kInvalid},
      {"more behind it", of(packed + "x"), Fault::kInvalid},
      {"another kind inside", with(4, 'x'), Fault::kInvalid},
      {"a length beyond the end", with(0, 0x7f), Fault::kInvalid},
      {"an exponent of 1", of(packed.substr(0, 11) + std::string("\0\0\0\1\1", 5) + packed.substr(18)),
       Fault::kInvalid},
      {"an even exponent", with(17, 0), Fault::kInvalid},
      {"a negative modulus", of(packed.substr(0, 18) + std::string("\0\0\1\0", 4) + packed.substr(23)),
       Fault::kInvalid},
      {"1024 bits", kShortSshLine, Fault::kInvalid},
      {"1024 bits in PEM", kShortSshPem, Fault::kInvalid},
      {"two lines", line + "\n" + line, Fault::kInvalid},
      {"a PEM of no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", Fault::kInvalid},
      {"a PEM without an end", std::string(kSshPem).substr(0, 200), Fault::kInvalid},
      {"a text that is too long", line + std::string(kMostPemBytes, 'x'), Fault::kInvalid},
  };
  for (const Case& c : cases) {
    const auto key = SshKey::parse(c.text);
    ASSERT_FALSE(key) << c.what;
    EXPECT_EQ(key.error(), c.fault) << c.what;
  }
}

TEST(PemTest, OneBlockOfTheLabelAndNothingElse) {
  const std::string block = "-----BEGIN X-----\nAAEC\n-----END X-----\n";
  EXPECT_EQ(from_pem(block, "X"), std::string("\0\1\2", 3));
  EXPECT_EQ(from_pem(" \r\n" + block, "X"), std::string("\0\1\2", 3));
  EXPECT_EQ(to_pem(std::string("\0\1\2", 3), "X"), block);
  for (const std::string& bad : {std::string(), std::string("-----BEGIN X-----"), "junk" + block, block + "junk",
                                 block + block, std::string("-----BEGIN X----------END X-----")}) {
    EXPECT_FALSE(from_pem(bad, "X")) << bad;
  }
  EXPECT_FALSE(from_pem(block, "Y"));
}

}  // namespace
}  // namespace deputy::crypto
