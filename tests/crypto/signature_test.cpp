// Signatures of others: what a key verifies, and what it must not. The vectors were made with another implementation
// (pyca/cryptography), over the text "a message".
#include "crypto/signature.h"

#include <gtest/gtest.h>

#include <string>

#include "base/encoding.h"

namespace deputy::crypto {
namespace {

using Algorithm = SignatureAlgorithm;

constexpr const char* kModulus =
    "ab8736757b795ddfd3729f2a5e1e0262e4005fbcb1691f9a271f6d40da28a2c2f4c9324a2fa18afc49443d8f0c0d692f"
    "75974cd6d977e898273556cf7bb17153f5a073640ef96b702ab06375a828e8456e35a317db5a14944608e1f1e07b3023"
    "85648673b2393f27b3e278d15ce51678546a74e506d1b264c0c647f69f4db2ee77d1af3a1d731f5c2c8a58ce8c5d4e00"
    "818897193fc6942ef80929de66c0fb6df859c70cfdb8aa4351c77be5aeebe5b829f05d32e648b8370f1374a7d2b0c619"
    "21c1029c54c4edb2b78aa1d02839067faa177fc8877738849a96c9ebce227b61b893c51cd5af2a81b84fdfe5c4427e0a"
    "f28825bf92edf821d98d541913f5f597";
constexpr const char* kRs256 =
    "3772276f1ebee7843ba03a55fb45d4ec39d3cf23b78ab0fdbf14116975865dc4694a3afa6752f1d0d7606b56cd7c93fe"
    "077db6a07d91c5919feaa4189e0c5f89acd6c1ab317881c200b17386e66c064217af1d5a5cd118c6882e045cb40c20af"
    "98aad994b0035d5a37200e17a0121f873d90269cbdf14763113661c39ce03883313c0bdaa5ff69c590a098d773a77eeb"
    "cbf61769bd9cd7cf8011e77a947c2bec42074b3a500993a0a8ddc71dfa841042b7fa7caf37f345dcd2395c6e6b4e6b52"
    "890a23a1d9f1bd1d5524f822e247960bfa34bfeee18ad4e292c46c9dfaaccedf125e718f79cf41c6444aa09b3d55da31"
    "b89cdf2f1d4df704857b8e9f780e8595";
constexpr const char* kRs384 =
    "49eeca6596e1ebcebf48aed3a47f68678fe5cae65882227d4e0aff887becb4ed2abaff89e1df9d2137d8a4139c5ba986"
    "0b75e50e6635aedef7861f079b17f7c4e0b492cfbd96aca6874ea49f1b0f12a85ff41ab65c2cb6b8429461673fef12aa"
    "eb7c7988845ce7cbc6acf853fe7eb52f7e698ebc7ec455c777a096bf7b178e2902266cd049b720d0520e754e3d22b21f"
    "e5f915d69f7d0ad297137ab23944c7fde5dd8b60435f364c5bd52207bd479e22c0b3fb9f36fec40a80fd0a31dda1b990"
    "7a2413cdec36c1e2ca7db66d96b99d8306b9d82ecf1c04764c725097d231d36ae639c525b3ddb5340de0c7a578606818"
    "7df9defa66267e1b7c435227bf341cbf";
constexpr const char* kRs512 =
    "90b5abf9b6b227e3a35a3df8024302e5e955125c6241f6e105d16e436daaba67f0a71899fc2a987ad2d40bcd1dd3a8f7"
    "a0b4cc9ce0725f68ffa63414df04da121e06283639eddc69da58ab617c3b12653f8af6756579be138560ba6cd2f065c8"
    "444050cf634f2aee5540c7605a323457a34bdeb41ca1820400741e4570f41e9547014a2d3a7356445489acc9dd6e20fc"
    "8d305d3dbae78bdafb70fada8c0345be05c9d1d11fce0d838258be2e5971a0b2af4d0670017de6994d820a8e8ddbdf09"
    "c101124b0b543899c5e9e623caa3e9d0a0f3b416b5b699f19f168c1cc3d6638e8cfb8f018dd118b6afc2ce3ac4c251c9"
    "32a433b8fa0b164fb9acddebbf7d2f46";
constexpr const char* kPss =
    "4f4799ebfb6b4adfb7e1e13cdfe283851d83c3c4d93a1a3dc949b85ef6d137592777fa1fe55719dbc74aa74736b4a34a"
    "c588e2df06274c2b71256cb8f3d8f30409ec23b4a9d61110b81eb15ff60062aafcf2203ad627ae38bc8b2f8587461399"
    "5c0ad2ac66b96b5f6cd86084854ae0d2546e844f5e71bf34e29a1881357c9a00129b74505a74abf947f76529b4d57e88"
    "8fe4ffc3d0685cc70d93eaa30b6323c41d850f13dbf9e6848e4fac3410bb4e02c7a291742f11cb3f0df233aba011d7a2"
    "d91cf275b1b9328325bcf2325c6adfa60c54cd1c174bb97bb8ebbe8556cbfcb7a72bef63251699c79ec00ad7f9339774"
    "9cbcf41c38c847662ebd48ef7f74dda3";
constexpr const char* kSmallModulus =
    "e4083d5869f065419573c04e1b511c6ceb48b0e6484a5597541237c8e4948a2add147b2273334579d8120ab2171d5247"
    "69b31ce6838bd4729de83d12316103eada808958cda1119953c8189d512d9775388ca5f6ebedbd17a7a33f6be1f4f2ea"
    "3dd2196fc8c6898bc93abff85a3d5f9e7476fe3d62fa8d6b17ed36e42262e417";

struct EcVector {
  const char *curve, *x, *y, *signature;
  Algorithm algorithm;
};
const EcVector kEc[] = {
    {"P-256", "0d1e7d33f33af7817dd90778775ca474928fde6f81f46ddaa5e78bfd7745de8e",
     "7963272288e85ff456ae47d0f265fae7e89b58bd962c9fbc5039701cc2ce5038",
     "9e80cfe5cc2ae10bf279a29ad1f2c8c69ecbd3000e483d98a3dcfe3e9a9989e0fc5a9704fd8b112e26c1c659ebbdc25b"
     "63cb7a7c532ed74de2530eb04b084aef",
     Algorithm::kEs256},
    {"P-384", "f6eebf7da96c724338e94c218bbbf0a80a165d3c3dbdc3642bc53a55466e4bd92fe7f5d31cc23162e1af31570ce57e97",
     "a8810a5b03af65058259f47b9f60e972e2ab785c8eae8e3d4ebfecd7e58c689dcfc9d9c1e17e68819fa0663661ad7a9a",
     "2d57f83ea0cd1edc52ba3dd1164fb0a291b4072a5e3121b5831995c77c04a5e2ce89a6ef2ae074f9f90c0c3f700715a7"
     "c7cc7b38c538f62ecd1bfbda010684a9c5731ffdd782e03032173fc7f5a60b99448828ee3b408e71dff5ae64cbf5c9c8",
     Algorithm::kEs384},
    {"P-521",
     "000fcf436ed4ac7b4080bbaf93e8e5cfd647f9c72477a4ac585490ed2c92d24456eb81e5ef4b6996ada059cb1cadd213"
     "168a814b3f800a087fd2069dc37eca3e32b7",
     "001810ca6a1f846a05e7adcc5cc3a85acf9d50204e3e12b57d154bb99828fe0d9a9861452fd5a5b7540bf61a9febca1f"
     "5e18436264685d1456c1b941fcce9cbe8ca9",
     "019fbca62f6b5d7a5e5385871687a4577927b708d03cb24d98f372fe200905b5fc62272aead36f753fb5b86fd5129bfe"
     "24f726bf23b45bc30b98d71b8d8b00b7c82c002c80b0ff3866cab7cf5eaa688b65a98dda2ee80cab85455753df3bef1a"
     "ac2961d7b3aa154e8f3541d59e78155255d2d6a0c36b41636eee143429c29af7a100067a",
     Algorithm::kEs512},
};

std::string raw(const char* hex_text) { return unhex(hex_text).value(); }
PublicKey rsa() { return PublicKey::rsa(raw(kModulus), raw("010001")).value(); }
PublicKey ec(const EcVector& v) { return PublicKey::ec(v.curve, raw(v.x), raw(v.y)).value(); }

TEST(SignatureTest, RsaVerifiesEachOfItsDigests) {
  EXPECT_TRUE(rsa().verify(Algorithm::kRs256, "a message", raw(kRs256)));
  EXPECT_TRUE(rsa().verify(Algorithm::kRs384, "a message", raw(kRs384)));
  EXPECT_TRUE(rsa().verify(Algorithm::kRs512, "a message", raw(kRs512)));
  EXPECT_FALSE(rsa().verify(Algorithm::kRs384, "a message", raw(kRs256)));
  EXPECT_FALSE(rsa().verify(Algorithm::kRs256, "a messagf", raw(kRs256)));
  EXPECT_FALSE(rsa().verify(Algorithm::kRs256, "a message", raw(kPss))) << "another padding";
  EXPECT_FALSE(rsa().verify(Algorithm::kRs256, "a message", ""));
  EXPECT_FALSE(rsa().verify(Algorithm::kRs256, "a message", raw(kRs256).substr(1)));
}

TEST(SignatureTest, EcVerifiesOnItsCurve) {
  for (const EcVector& v : kEc) {
    EXPECT_TRUE(ec(v).verify(v.algorithm, "a message", raw(v.signature))) << v.curve;
    EXPECT_FALSE(ec(v).verify(v.algorithm, "another", raw(v.signature))) << v.curve;
    std::string bent = raw(v.signature);
    bent.back() = static_cast<char>(bent.back() ^ 1);
    EXPECT_FALSE(ec(v).verify(v.algorithm, "a message", bent)) << v.curve;
    EXPECT_FALSE(ec(v).verify(v.algorithm, "a message", std::string(bent.size(), '\0'))) << "r and s are zero";
    EXPECT_FALSE(ec(v).verify(v.algorithm, "a message", raw(v.signature) + "x")) << v.curve;
  }
}

TEST(SignatureTest, AKeyVerifiesItsOwnKindOnly) {
  for (const auto algorithm : {Algorithm::kEs256, Algorithm::kEs384, Algorithm::kEs512}) {
    EXPECT_FALSE(rsa().may_verify(algorithm));
    EXPECT_FALSE(rsa().verify(algorithm, "a message", raw(kRs256)));
    for (const EcVector& v : kEc) EXPECT_EQ(ec(v).may_verify(algorithm), v.algorithm == algorithm);
  }
  for (const EcVector& v : kEc) EXPECT_FALSE(ec(v).verify(Algorithm::kRs256, "a message", raw(v.signature)));
}

TEST(SignatureTest, KeysThatAreWeakOrDamagedAreNone) {
  EXPECT_FALSE(PublicKey::rsa(raw(kSmallModulus), raw("010001"))) << "1024 bits";
  EXPECT_FALSE(PublicKey::rsa(raw(kModulus), raw("01"))) << "every text is its own signature";
  EXPECT_FALSE(PublicKey::rsa(raw(kModulus), raw("010000")));
  EXPECT_FALSE(PublicKey::rsa(raw(kModulus), raw("0100000001")));
  EXPECT_FALSE(PublicKey::rsa(std::string(1200, '\xff'), raw("010001")));
  EXPECT_FALSE(PublicKey::rsa("", raw("010001")));
  const EcVector& v = kEc[0];
  std::string off = raw(v.y);
  off.back() = static_cast<char>(off.back() ^ 1);
  EXPECT_FALSE(PublicKey::ec(v.curve, raw(v.x), off)) << "not on the curve";
  EXPECT_FALSE(PublicKey::ec("P-384", raw(v.x), raw(v.y)));
  EXPECT_FALSE(PublicKey::ec("secp256k1", raw(v.x), raw(v.y)));
  EXPECT_FALSE(PublicKey::ec(v.curve, raw(v.x).substr(1), raw(v.y)));
}

TEST(SignatureTest, OnlySignaturesWithAPublicKeyAreAlgorithms) {
  EXPECT_EQ(find_signature_algorithm("ES384"), Algorithm::kEs384);
  for (const char* name : {"none", "None", "HS256", "PS256", "RS1", "", "rs256"}) {
    EXPECT_FALSE(find_signature_algorithm(name)) << name;
  }
}

// Certificates made with OpenSSL: P-256, secp256k1 and Ed25519.
constexpr const char* kCertificate =
    "3082017030820115a003020102021420f3b2e717943c857156e2f6a853e0449e22ebb0300a06082a8648ce3d04030230"
    "0c310a300806035504030c01783020170d3236313132393032333034325a180f32313236313130353032333034325a30"
    "0c310a300806035504030c01783059301306072a8648ce3d020106082a8648ce3d03010703420004c8ba8ca5bf245976"
    "aeaeb05e94acc3f2ba09db13da19ac2dc95089e7254bf1706cb4444bb40e2d9e8f10d834300e4f6e1b3f94ceefd935fd"
    "b21ac465bc57600ea3533051301d0603551d0e04160414c60d6e79c3f7b286f39d28caaaa0f7f3c8645b71301f060355"
    "1d23041830168014c60d6e79c3f7b286f39d28caaaa0f7f3c8645b71300f0603551d130101ff040530030101ff300a06"
    "082a8648ce3d0403020349003046022100bcff0efcdab345ec77bc34d6e95cacd0b7a709b53bcdc421696be72f32476c"
    "89022100ba4682ee4d0e2dac46fb51a1d4c4fe5d692fbcafb0e9fb1e7c92ec51dd28dfc1";
constexpr const char* kOtherCurve =
    "3082016c30820112a00302010202142b40df09e749e78537196b26cf47209f4c2fe5ba300a06082a8648ce3d04030230"
    "0c310a300806035504030c01783020170d3236313132393032333034325a180f32313236313130353032333034325a30"
    "0c310a300806035504030c01783056301006072a8648ce3d020106052b8104000a03420004f0899be3655af7a28b516a"
    "f09561eda2501c9388375eaa1acd64f4edfb3c72f6f1ed7f148b4ec15d9929e1ae906e54d9db13005975e1b4d42ac460"
    "89272961e8a3533051301d0603551d0e04160414935c6dac330e28bb3bd92aecbbda8c154f534fc5301f0603551d2304"
    "1830168014935c6dac330e28bb3bd92aecbbda8c154f534fc5300f0603551d130101ff040530030101ff300a06082a86"
    "48ce3d04030203480030450220619aee6b69a717e2743fcd5d58e0e898a6feb2febe4a1af57c2add4c3d30281e022100"
    "d44f36e8563cc57cfe5f2110f91ce961a61de396a910a89a3e324c47d13b140d";
constexpr const char* kOtherKind =
    "3082012e3081e1a0030201020214165a6b316b5188bf34de5e5e1c13a2529aae1ef8300506032b6570300c310a300806"
    "035504030c01783020170d3236313132393032333034325a180f32313236313130353032333034325a300c310a300806"
    "035504030c0178302a300506032b6570032100d9ff40ea99339bd84a47dad31add6905b20669e05a0de69f78b1aa36e2"
    "8c94a7a3533051301d0603551d0e041604140ceeaf0b5bda3f5fb27b0d303ba3cbfaa7b45a23301f0603551d23041830"
    "1680140ceeaf0b5bda3f5fb27b0d303ba3cbfaa7b45a23300f0603551d130101ff040530030101ff300506032b657003"
    "4100d2f07f5c9b12bc992bcad986e26efb3ee98e2ede5afd51ce46bc7b45c929c013651a24261e0967d889d5f7795e2f"
    "f168702f1ddd451dff1d0a568a6e883a6309";
constexpr const char* kCertified =  // "a message", with SHA-384
    "f94ebe43ae2b95cf56ad633de630597f4a5bb70d0dffffb877fcdc29649e8da6391644b62f5978609acf725ffbf2027f"
    "b97b50e694bb5edaa83e8a0ca7ee7dcd";

TEST(SignatureTest, ACertificateGivesItsKey) {
  const auto key = PublicKey::of_certificate(raw(kCertificate));
  ASSERT_TRUE(key);
  EXPECT_FALSE(key->is_rsa());
  EXPECT_TRUE(key->verify(SignatureDigest::kSha384, "a message", raw(kCertified)));
  EXPECT_FALSE(key->verify(SignatureDigest::kSha256, "a message", raw(kCertified)));
  EXPECT_FALSE(key->verify(SignatureDigest::kSha384, "b message", raw(kCertified)));
}

TEST(SignatureTest, WhatIsNoCertificateOrOfAnotherKeyGivesNone) {
  const std::string good = raw(kCertificate);
  EXPECT_FALSE(PublicKey::of_certificate(""));
  EXPECT_FALSE(PublicKey::of_certificate("no certificate"));
  EXPECT_FALSE(PublicKey::of_certificate(good + "x"));
  EXPECT_FALSE(PublicKey::of_certificate(std::string_view(good).substr(0, good.size() - 1)));
  EXPECT_FALSE(PublicKey::of_certificate(raw(kOtherCurve)));
  EXPECT_FALSE(PublicKey::of_certificate(raw(kOtherKind)));
}

TEST(SignatureTest, AModulusHasAnEnd) {
  const auto of_bytes = [](std::size_t bytes) { return PublicKey::rsa(std::string(bytes, '\xff'), raw("010001")); };
  EXPECT_TRUE(of_bytes(PublicKey::kMaxRsaBits / 8));
  EXPECT_FALSE(of_bytes(PublicKey::kMaxRsaBits / 8 + 1));
}

}  // namespace
}  // namespace deputy::crypto
