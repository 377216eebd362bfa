// Whether a TLS server is whom a fetch wanted: handshakes in memory, with every kind of certificate.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
#include "http/certificates.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/encoding.h"

namespace deputy::http {
namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Cert = std::shared_ptr<X509>;

/// A certificate and its key.
struct Holder {
  Cert certificate;
  Key key;
};

struct Wish {
  std::string name = "idp.example.com", alternatives = "DNS:idp.example.com";  // alternatives empty: none
  bool authority = false;
  int from_days = -1, to_days = 1;
  std::string usage = {};  // extended; empty: any
};

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  ASSERT_NE(extension, nullptr) << value;
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// Signed by `by`; null: by itself.
Holder make(const Wish& wish, const Holder* by = nullptr) {
  static long serial = 1;
  Holder made{Cert(X509_new(), X509_free), Key(EVP_EC_gen("P-256"), EVP_PKEY_free)};
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 86400L * wish.from_days);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86400L * wish.to_days);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(wish.name.data()),
                             static_cast<int>(wish.name.size()), -1, 0);
  X509* issuer = by != nullptr ? by->certificate.get() : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  X509_set_pubkey(certificate, made.key.get());
  extend(certificate, issuer, NID_basic_constraints, wish.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!wish.alternatives.empty()) extend(certificate, issuer, NID_subject_alt_name, wish.alternatives);
  if (!wish.usage.empty()) extend(certificate, issuer, NID_ext_key_usage, wish.usage);
  X509_sign(certificate, (by != nullptr ? by->key : made.key).get(), EVP_sha256());
  return made;
}
Holder authority(const std::string& name, const Holder* by = nullptr) {
  return make({.name = name, .alternatives = {}, .authority = true}, by);
}

std::string thumbprint(const Holder& of) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(of.certificate.get(), EVP_sha1(), digest.data(), &size);
  return hex({reinterpret_cast<const char*>(digest.data()), size});
}

class CertificatesTest : public testing::Test {
 protected:
  CertificatesTest() {
    std::string name = std::filesystem::temp_directory_path() / "deputy-ca-XXXXXX";
    const int file = ::mkstemp(name.data());
    EXPECT_GE(file, 0);
    std::FILE* out = ::fdopen(file, "w");
    PEM_write_X509(out, root.certificate.get());
    std::fclose(out);
    ca_file = name;
  }
  ~CertificatesTest() override { std::filesystem::remove(ca_file); }

  /// What becomes of a server that has this leaf and sends these with it; nothing: it is believed.
  std::optional<FetchFault> fault(const Holder& leaf, const std::vector<Holder>& with, const std::string& host,
                                  const std::vector<std::string>& thumbprints = {}, bool trust_root = true) {
    const Certificates certificates(trust_root ? ca_file : std::string());
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(context, leaf.certificate.get());
    SSL_CTX_use_PrivateKey(context, leaf.key.get());
    for (const Holder& one : with) SSL_CTX_add1_chain_cert(context, one.certificate.get());
    SSL *server = SSL_new(context), *client = SSL_new(certificates.context());
    SSL_set_accept_state(server);
    SSL_set_connect_state(client);
    BIO *of_server = nullptr, *of_client = nullptr;
    BIO_new_bio_pair(&of_server, 1 << 17, &of_client, 1 << 17);
    SSL_set_bio(server, of_server, of_server);
    SSL_set_bio(client, of_client, of_client);
    bool done = false;
    for (int i = 0; i < 20 && !done; ++i) {
      const int there = SSL_do_handshake(client), here = SSL_do_handshake(server);
      done = there == 1 && here == 1;
    }
    EXPECT_TRUE(done) << "no handshake";
    const auto checked = certificates.check(client, host, thumbprints);
    SSL_free(client);
    SSL_free(server);
    SSL_CTX_free(context);
    return checked ? std::nullopt : std::optional(checked.error());
  }

  const Holder root = authority("root"), middle = authority("middle", &root), stranger = authority("stranger");
  const Holder good = make({}, &root), below = make({}, &middle);
  std::string ca_file;
};

constexpr const char* kHost = "idp.example.com";

TEST_F(CertificatesTest, AChainToATrustedAuthorityIsBelieved) {
  EXPECT_EQ(fault(good, {}, kHost), std::nullopt);
  EXPECT_EQ(fault(good, {root}, kHost), std::nullopt);
  EXPECT_EQ(fault(below, {middle}, kHost), std::nullopt);
  EXPECT_EQ(fault(below, {middle, root}, kHost), std::nullopt);
  EXPECT_EQ(fault(below, {stranger, middle}, kHost), std::nullopt) << "in any order";
}

TEST_F(CertificatesTest, WithoutATrustedAuthorityNothingIs) {
  EXPECT_EQ(fault(good, {root}, kHost, {}, false), FetchFault::kUntrusted);
  EXPECT_EQ(fault(below, {}, kHost), FetchFault::kUntrusted) << "the middle is missing";
  EXPECT_EQ(fault(make({}, &stranger), {stranger}, kHost), FetchFault::kUntrusted);
  EXPECT_EQ(fault(make({}), {}, kHost), FetchFault::kUntrusted) << "by itself";
  EXPECT_EQ(fault(make({}, &good), {good}, kHost), FetchFault::kUntrusted) << "by one that is no authority";
}

TEST_F(CertificatesTest, TheLeafNamesTheHost) {
  struct Case {
    const char *alternatives, *host;
    bool good;
  };
  const Case cases[] = {
      {"DNS:idp.example.com", "IDP.example.COM", true},
      {"DNS:idp.example.com", "example.com", false},
      {"DNS:idp.example.com", "idp.example.com.evil.example", false},
      {"DNS:other.example.com,DNS:idp.example.com", "idp.example.com", true},
      {"DNS:*.example.com", "idp.example.com", true},
      {"DNS:*.example.com", "example.com", false},
      {"DNS:*.example.com", "a.b.example.com", false},
      {"DNS:i*.example.com", "idp.example.com", false},
      {"DNS:other.example.com", "idp.example.com", false},  // its common name counts for nothing then
      {"IP:192.0.2.1", "192.0.2.1", true},
      {"IP:192.0.2.1", "192.0.2.2", false},
      {"DNS:192.0.2.1", "192.0.2.1", false},
      {"IP:2001:db8::1", "2001:db8::1", true},
      {"IP:2001:db8::1", "2001:db8::2", false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(fault(make({.alternatives = c.alternatives}, &root), {}, c.host) == std::nullopt, c.good)
        << c.alternatives << " for " << c.host;
  }
}

TEST_F(CertificatesTest, ItIsOfTodayAndOfAServer) {
  EXPECT_EQ(fault(make({.from_days = -2, .to_days = -1}, &root), {}, kHost), FetchFault::kUntrusted);
  EXPECT_EQ(fault(make({.from_days = 1, .to_days = 2}, &root), {}, kHost), FetchFault::kUntrusted);
  EXPECT_EQ(fault(make({.usage = "serverAuth"}, &root), {}, kHost), std::nullopt);
  EXPECT_EQ(fault(make({.usage = "clientAuth"}, &root), {}, kHost), FetchFault::kUntrusted);
}

TEST_F(CertificatesTest, AThumbprintStandsForAnAuthority) {
  const Holder own = make({}), leaf = make({}, &stranger), between = authority("between", &stranger),
               lower = make({}, &between);
  EXPECT_EQ(fault(own, {}, kHost, {thumbprint(own)}), std::nullopt);
  EXPECT_EQ(fault(leaf, {stranger}, kHost, {thumbprint(stranger)}), std::nullopt);
  EXPECT_EQ(fault(leaf, {stranger}, kHost, {thumbprint(leaf)}), std::nullopt);
  EXPECT_EQ(fault(lower, {between, stranger}, kHost, {thumbprint(between)}), std::nullopt);
  EXPECT_EQ(fault(lower, {between, stranger}, kHost, {std::string(40, '0'), thumbprint(stranger)}), std::nullopt);
  std::string upper = thumbprint(own);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(fault(own, {}, kHost, {upper}), std::nullopt);
  // One that leads to an authority needs none, and a wrong one does not hurt it.
  EXPECT_EQ(fault(good, {}, kHost, {std::string(40, '0')}), std::nullopt);
}

TEST_F(CertificatesTest, AThumbprintIsNotEnough) {
  const Holder own = make({}), leaf = make({}, &stranger);
  EXPECT_EQ(fault(own, {}, kHost, {std::string(40, '0')}), FetchFault::kThumbprint);
  EXPECT_EQ(fault(leaf, {}, kHost, {thumbprint(stranger)}), FetchFault::kThumbprint) << "it was not sent";
  // Anybody may send the certificate that is wanted: it must have signed the one whose key the server holds.
  EXPECT_EQ(fault(own, {stranger}, kHost, {thumbprint(stranger)}), FetchFault::kThumbprint);
  EXPECT_EQ(fault(own, {leaf}, kHost, {thumbprint(leaf)}), FetchFault::kThumbprint);
  EXPECT_EQ(fault(own, {}, "other.example.com", {thumbprint(own)}), FetchFault::kThumbprint);
  const Holder old = make({.from_days = -2, .to_days = -1});
  EXPECT_EQ(fault(old, {}, kHost, {thumbprint(old)}), FetchFault::kThumbprint);
}

TEST_F(CertificatesTest, ALongChainIsNotLookedAt) {
  std::vector<Holder> chain{authority("0", &root)};
  for (int i = 1; i < Certificates::kMaxChain; ++i) chain.push_back(authority(std::to_string(i), &chain.back()));
  const Holder leaf = make({}, &chain.back());
  const std::vector<Holder> sent(chain.rbegin(), chain.rend());
  EXPECT_EQ(fault(leaf, sent, kHost), FetchFault::kUntrusted);
  EXPECT_EQ(fault(leaf, sent, kHost, {thumbprint(leaf)}), FetchFault::kUntrusted);
  const std::vector<Holder> short_enough(chain.begin(), chain.begin() + 5);
  EXPECT_EQ(fault(make({}, &short_enough.back()), short_enough, kHost), std::nullopt);
}

TEST_F(CertificatesTest, AFileWithoutCertificatesTrustsNobody) {
  std::ofstream(ca_file) << "no certificate";
  EXPECT_EQ(fault(good, {root}, kHost), FetchFault::kUntrusted);
  std::filesystem::remove(ca_file);
  EXPECT_EQ(fault(good, {root}, kHost), FetchFault::kUntrusted);
}

}  // namespace
}  // namespace deputy::http
