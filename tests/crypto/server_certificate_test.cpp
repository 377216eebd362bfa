#include "crypto/server_certificate.h"

#include <gtest/gtest.h>

#include "base/freed.h"
#include "crypto/made_certificates.h"
#include "crypto/pem.h"

namespace deputy::crypto {
namespace {

using Fault = ServerCertificateFault;
using test::Authority;
using test::Made;

class ServerCertificateTest : public ::testing::Test {
 protected:
  static ::testing::AssertionResult has(Fault fault, const Result<Time, Fault>& said) {
    if (said) return ::testing::AssertionFailure() << "accepted";
    if (said.error() == fault) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "fault " << static_cast<int>(said.error());
  }

  const Authority root_{"root"}, middle_{"middle", &root_};
  const Made made_ = middle_.certify("www.example.com");
  const std::string chain_ = middle_.certificate() + root_.certificate();
};

TEST_F(ServerCertificateTest, SaysUntilWhenItIsValid) {
  const auto end = parse_iso8601("2030-01-02T03:04:05Z");
  for (const std::string& chain : {std::string(), middle_.certificate(), chain_, "\n" + chain_ + " \r\n\t"}) {
    const auto said = check_server_certificate(made_.certificate, made_.key, chain);
    ASSERT_TRUE(said) << chain;
    EXPECT_EQ(*said, *end);
  }
  EXPECT_TRUE(check_server_certificate(root_.certificate(), root_.key(), "")) << "one that vouches for itself";
  EXPECT_TRUE(check_server_certificate(root_.certificate(), root_.old_key(), ""));
}

TEST_F(ServerCertificateTest, RefusesWhatIsNoCertificate) {
  for (const std::string& body : {std::string(), std::string("junk"), made_.key, chain_, "text\n" + made_.certificate,
                                  made_.certificate.substr(0, made_.certificate.size() / 2),
                                  made_.certificate + std::string(kMostPemBytes, '\n')}) {
    EXPECT_TRUE(has(Fault::kCertificate, check_server_certificate(body, made_.key, ""))) << body;
  }
}

TEST_F(ServerCertificateTest, RefusesWhatIsNotItsKey) {
  for (const std::string& key : {std::string("junk"), made_.certificate, made_.key.substr(0, 100),
                                 std::string(kMostPemBytes, '\n') + made_.key}) {
    EXPECT_TRUE(has(Fault::kPrivateKey, check_server_certificate(made_.certificate, key, ""))) << key;
  }
  EXPECT_TRUE(has(Fault::kMismatch, check_server_certificate(made_.certificate, middle_.key(), "")));
  EXPECT_TRUE(has(Fault::kEncryptedKey, check_server_certificate(middle_.certificate(), middle_.encrypted_key(), "")));
}

TEST_F(ServerCertificateTest, TakesKeysOfTheKindsThatCertificatesHaveAndNoOthers) {
  const std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>> edwards(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  // DSA, p = 23, q = 11, g = 4, x = 3 (PKCS #8)
  const std::string dsa(
      "\x30\x1c\x02\x01\x00\x30\x14\x06\x07\x2a\x86\x48\xce\x38\x04\x01\x30\x09\x02\x01\x17\x02\x01\x0b"
      "\x02\x01\x04\x04\x01\x03",
      30);
  for (const std::string& key : {Authority::pem(edwards.get()), to_pem(dsa, "PRIVATE KEY")}) {
    EXPECT_TRUE(has(Fault::kMismatch, check_server_certificate(made_.certificate, key, ""))) << key;
  }
  const std::string with_parameters =
      "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + root_.old_key();
  EXPECT_TRUE(check_server_certificate(root_.certificate(), with_parameters, ""));
  const std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>> rsa(EVP_RSA_gen(2048));
  EXPECT_TRUE(has(Fault::kMismatch, check_server_certificate(made_.certificate, Authority::pem(rsa.get()), "")));
}

TEST_F(ServerCertificateTest, RefusesAChainThatIsNotInOrder) {
  const Authority other("middle", &root_);  // the name alone is not enough
  std::string long_chain;
  for (std::size_t i = 0; i <= kMostInChain; ++i) long_chain += root_.certificate();
  for (const std::string& chain :
       {root_.certificate(), root_.certificate() + middle_.certificate(), other.certificate(), made_.certificate,
        middle_.certificate() + middle_.certificate(), middle_.certificate() + "junk", "text\n" + chain_, long_chain}) {
    EXPECT_TRUE(has(Fault::kChain, check_server_certificate(made_.certificate, made_.key, chain))) << chain;
  }
  // One that signs itself vouches for itself, as often as it is there.
  const std::string ten = long_chain.substr(root_.certificate().size());
  EXPECT_TRUE(check_server_certificate(root_.certificate(), root_.key(), ten));
  EXPECT_TRUE(has(Fault::kChain, check_server_certificate(root_.certificate(), root_.key(), long_chain)));
}

}  // namespace
}  // namespace deputy::crypto
