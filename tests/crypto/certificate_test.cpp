// Certificates of our own making: what OpenSSL itself says of them.
#include "crypto/certificate.h"

#include <gtest/gtest.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>

#include "crypto/pem.h"
#include "crypto/server_certificate.h"
#include "crypto/signature.h"

namespace deputy::crypto {
namespace {

using Kind = KeyPair::Kind;
using Use = CertificateUse;

const Time kFrom = from_epoch_seconds(1'700'000'000), kUntil = from_epoch_seconds(4'000'000'000);  // beyond 2050

struct Held {
  explicit Held(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    certificate.reset(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  }
  std::unique_ptr<X509, decltype(&X509_free)> certificate{nullptr, X509_free};
  X509* get() const { return certificate.get(); }
};

/// As a TLS client checks it: strictly, for a server, at that time.
int verdict(const std::string& authority, const std::string& server, const char* host, const char* address, Time now) {
  const Held root(authority), leaf(server);
  X509_STORE* trusted = X509_STORE_new();
  X509_STORE_add_cert(trusted, root.get());
  X509_STORE_CTX* check = X509_STORE_CTX_new();
  X509_STORE_CTX_init(check, trusted, leaf.get(), nullptr);
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(check);
  X509_VERIFY_PARAM_set_time(rules, epoch_seconds(now));
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT);
  X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SSL_SERVER);
  if (host != nullptr) X509_VERIFY_PARAM_set1_host(rules, host, 0);
  if (address != nullptr) X509_VERIFY_PARAM_set1_ip_asc(rules, address);
  X509_verify_cert(check);
  const int error = X509_STORE_CTX_get_error(check);
  X509_STORE_CTX_free(check);
  X509_STORE_free(trusted);
  return error;
}

TEST(CertificateTest, AClientBelievesTheServerOfAnAuthorityAndNobodyElse) {
  const KeyPair root = KeyPair::make(Kind::kP256), leaf = KeyPair::make(Kind::kP256);
  const std::string authority = certify({Use::kAuthority, "Root", {}, kFrom, kUntil}, root, root, "");
  const std::string server =
      certify({Use::kServer, "localhost", {"localhost", "issuer.example", "127.0.0.1", "::1"}, kFrom, kUntil}, leaf,
              root, authority);
  const Time now = from_epoch_seconds(1'800'000'000);
  EXPECT_EQ(verdict(authority, server, "issuer.example", nullptr, now), X509_V_OK);
  EXPECT_EQ(verdict(authority, server, nullptr, "127.0.0.1", now), X509_V_OK);
  EXPECT_EQ(verdict(authority, server, nullptr, "::1", now), X509_V_OK);
  EXPECT_EQ(verdict(authority, server, "other.example", nullptr, now), X509_V_ERR_HOSTNAME_MISMATCH);
  EXPECT_EQ(verdict(authority, server, nullptr, "127.0.0.2", now), X509_V_ERR_IP_ADDRESS_MISMATCH);
  EXPECT_EQ(verdict(authority, server, nullptr, nullptr, kFrom - std::chrono::seconds(1)),
            X509_V_ERR_CERT_NOT_YET_VALID);
  EXPECT_EQ(verdict(authority, server, nullptr, nullptr, kUntil + std::chrono::seconds(1)),
            X509_V_ERR_CERT_HAS_EXPIRED);
  const KeyPair another = KeyPair::make(Kind::kP256);
  const std::string impostor = certify({Use::kAuthority, "Root", {}, kFrom, kUntil}, another, another, "");
  EXPECT_NE(verdict(impostor, server, "issuer.example", nullptr, now), X509_V_OK);
  // What a server's certificate signed counts nowhere.
  const std::string below = certify({Use::kServer, "x", {"x.example"}, kFrom, kUntil}, another, leaf, server);
  EXPECT_NE(verdict(server, below, "x.example", nullptr, now), X509_V_OK);
}

TEST(CertificateTest, ItsKeyIsTheSubjects) {
  for (const Kind kind : {Kind::kRsa2048, Kind::kP256, Kind::kP384}) {
    const KeyPair pair = KeyPair::make(kind);
    const std::string der = certify({Use::kSigning, "Signs", {}, kFrom, kUntil}, pair, pair, "");
    const auto key = PublicKey::of_certificate(der);
    ASSERT_TRUE(key);
    const auto algorithm = kind == Kind::kRsa2048 ? SignatureAlgorithm::kRs256
                           : kind == Kind::kP256  ? SignatureAlgorithm::kEs256
                                                  : SignatureAlgorithm::kEs384;
    EXPECT_TRUE(key->verify(algorithm, "a message", pair.sign(algorithm, "a message")));
    const auto until =
        check_server_certificate(to_pem(der, "CERTIFICATE"), to_pem(pair.der().reveal(), "PRIVATE KEY"), "");
    ASSERT_TRUE(until);
    EXPECT_EQ(*until, kUntil);
  }
}

TEST(CertificateTest, NoTwoHaveOneSerialNumber) {
  const KeyPair pair = KeyPair::make(Kind::kP256);
  const CertificateFacts facts{Use::kSigning, "Signs", {}, kFrom, kUntil};
  const Held a(certify(facts, pair, pair, "")), b(certify(facts, pair, pair, ""));
  EXPECT_NE(ASN1_INTEGER_cmp(X509_get0_serialNumber(a.get()), X509_get0_serialNumber(b.get())), 0);
}

}  // namespace
}  // namespace deputy::crypto
