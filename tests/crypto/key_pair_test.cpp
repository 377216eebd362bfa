// Key pairs of our own: what they sign, crypto/signature.h verifies, and nothing else does.
#include "crypto/key_pair.h"

#include <gtest/gtest.h>

#include <string>

namespace deputy::crypto {
namespace {

using Algorithm = SignatureAlgorithm;
using Kind = KeyPair::Kind;

PublicKey public_key(const KeyPair& pair) {
  const auto half = pair.public_half();
  if (pair.kind() == Kind::kRsa2048) return *PublicKey::rsa(half.first, half.second);
  return *PublicKey::ec(pair.kind() == Kind::kP256 ? "P-256" : "P-384", half.first, half.second);
}

TEST(KeyPairTest, WhatItSignsItsPublicHalfVerifies) {
  const KeyPair rsa = KeyPair::make(Kind::kRsa2048), ec = KeyPair::make(Kind::kP384);
  for (const auto algorithm : {Algorithm::kRs256, Algorithm::kRs384, Algorithm::kRs512}) {
    const std::string signature = rsa.sign(algorithm, "a message");
    EXPECT_EQ(signature.size(), 256U);
    EXPECT_TRUE(public_key(rsa).verify(algorithm, "a message", signature));
    EXPECT_FALSE(public_key(rsa).verify(algorithm, "another", signature));
    EXPECT_FALSE(public_key(KeyPair::make(Kind::kRsa2048)).verify(algorithm, "a message", signature));
    EXPECT_EQ(ec.sign(algorithm, "a message"), "");
  }
  const KeyPair p256 = KeyPair::make(Kind::kP256);
  for (int i = 0; i < 300; ++i) {  // some r and s are short, and must be padded
    const std::string message = "message " + std::to_string(i), signature = ec.sign(Algorithm::kEs384, message);
    ASSERT_EQ(signature.size(), 96U);
    ASSERT_TRUE(public_key(ec).verify(Algorithm::kEs384, message, signature));
    const std::string shorter = p256.sign(Algorithm::kEs256, message);
    ASSERT_EQ(shorter.size(), 64U);
    ASSERT_TRUE(public_key(p256).verify(Algorithm::kEs256, message, shorter));
  }
  EXPECT_EQ(p256.sign(Algorithm::kEs384, "a message"), "");
  EXPECT_EQ(rsa.sign(Algorithm::kEs384, "a message"), "");
  EXPECT_EQ(ec.sign(Algorithm::kEs256, "a message"), "");
  EXPECT_EQ(ec.sign(Algorithm::kEs512, "a message"), "");
}

TEST(KeyPairTest, ItComesBackFromItsBytes) {
  for (const Kind kind : {Kind::kRsa2048, Kind::kP256, Kind::kP384}) {
    const KeyPair pair = KeyPair::make(kind);
    const Secret der = pair.der();
    const auto again = KeyPair::parse(der.reveal());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->kind(), kind);
    EXPECT_EQ(again->public_half().first, pair.public_half().first);
    EXPECT_EQ(again->public_half().second, pair.public_half().second);
    const Algorithm algorithm = kind == Kind::kRsa2048 ? Algorithm::kRs256
                                : kind == Kind::kP256  ? Algorithm::kEs256
                                                       : Algorithm::kEs384;
    EXPECT_TRUE(public_key(pair).verify(algorithm, "x", again->sign(algorithm, "x")));
  }
}

TEST(KeyPairTest, NothingElseIsAKeyPair) {
  const std::string der(KeyPair::make(Kind::kP384).der().reveal());
  EXPECT_FALSE(KeyPair::parse(""));
  EXPECT_FALSE(KeyPair::parse("no key"));
  EXPECT_FALSE(KeyPair::parse(der + "x"));
  EXPECT_FALSE(KeyPair::parse(der.substr(0, der.size() - 1)));
}

TEST(KeyPairTest, TwoAreNeverTheSame) {
  EXPECT_NE(KeyPair::make(Kind::kP384).public_half().first, KeyPair::make(Kind::kP384).public_half().first);
}

}  // namespace
}  // namespace deputy::crypto
