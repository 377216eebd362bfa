#include "crypto/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/freed.h"
#include "crypto/engine.h"
#include "crypto/random.h"

namespace deputy::crypto {
namespace {

constexpr std::size_t kSerialBytes = 16;  // RFC 5280 asks for at most 20, browsers for at least 8

using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;

void add(X509* certificate, const Extension& extension) {
  require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1,
          "a certificate takes no extension");
}

void add(X509* certificate, X509V3_CTX* context, int nid, const char* value) {
  add(certificate, Extension(X509V3_EXT_conf_nid(nullptr, context, nid, value)));
}

/// By hand, since the text of a host may hold what OpenSSL's own notation means otherwise.
void add_hosts(X509* certificate, const std::vector<std::string>& hosts) {
  if (hosts.empty()) return;
  const Names names(GENERAL_NAMES_new());
  require(names != nullptr, "no memory for the names of a certificate");
  for (const std::string& host : hosts) {
    GENERAL_NAME* name = GENERAL_NAME_new();
    require(name != nullptr && sk_GENERAL_NAME_push(names.get(), name) > 0, "no memory for the names of a certificate");
    if (ASN1_OCTET_STRING* address = a2i_IPADDRESS(host.c_str()); address != nullptr) {
      GENERAL_NAME_set0_value(name, GEN_IPADD, address);
      continue;
    }
    ERR_clear_error();
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    require(text != nullptr && ASN1_STRING_set(text, host.data(), static_cast<int>(host.size())) == 1,
            "no memory for the names of a certificate");
    GENERAL_NAME_set0_value(name, GEN_DNS, text);
  }
  add(certificate, Extension(X509V3_EXT_i2d(NID_subject_alt_name, 0, names.get())));
}

void set_serial(X509* certificate) {
  std::string bytes = system_entropy().bytes(kSerialBytes);
  bytes[0] = static_cast<char>((bytes[0] & 0x3f) | 0x40);  // positive, and of the same length always
  const Number number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
  require(number != nullptr && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr,
          "a certificate takes no serial number");
}

struct Words {
  const char *basic, *usage, *extended;  // as OpenSSL's configuration writes them; null: none
};
Words words_of(CertificateUse use) {
  switch (use) {
    case CertificateUse::kAuthority:
      return {"critical,CA:TRUE,pathlen:0", "critical,keyCertSign", nullptr};
    case CertificateUse::kServer:
      return {"critical,CA:FALSE", "critical,digitalSignature", "serverAuth"};
    case CertificateUse::kSigning:
      break;
  }
  return {"critical,CA:FALSE", "critical,digitalSignature", nullptr};
}

}  // namespace

std::string certify(const CertificateFacts& facts, const KeyPair& subject, const KeyPair& authority,
                    std::string_view authority_der) {
  Engine::get();
  const auto* at = reinterpret_cast<const unsigned char*>(authority_der.data());
  const Certificate issuer(authority_der.empty() ? nullptr
                                                 : d2i_X509(nullptr, &at, static_cast<long>(authority_der.size())));
  require(authority_der.empty() || issuer != nullptr, "an authority's own certificate cannot be read");

  const Certificate made(X509_new());
  require(made != nullptr && X509_set_version(made.get(), X509_VERSION_3) == 1, "no memory for a certificate");
  set_serial(made.get());
  X509_NAME* name = X509_get_subject_name(made.get());
  require(X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(facts.name.data()),
                                     static_cast<int>(facts.name.size()), -1, 0) == 1,
          "a certificate takes no name");
  require(X509_set_issuer_name(made.get(), issuer ? X509_get_subject_name(issuer.get()) : name) == 1 &&
              ASN1_TIME_set(X509_getm_notBefore(made.get()), epoch_seconds(facts.from)) != nullptr &&
              ASN1_TIME_set(X509_getm_notAfter(made.get()), epoch_seconds(facts.until)) != nullptr &&
              X509_set_pubkey(made.get(), static_cast<EVP_PKEY*>(subject.key_.get())) == 1,
          "a certificate cannot be filled in");

  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer ? issuer.get() : made.get(), made.get(), nullptr, nullptr, 0);
  const Words words = words_of(facts.use);
  add(made.get(), &context, NID_basic_constraints, words.basic);
  add(made.get(), &context, NID_key_usage, words.usage);
  if (words.extended != nullptr) add(made.get(), &context, NID_ext_key_usage, words.extended);
  add(made.get(), &context, NID_subject_key_identifier, "hash");
  add(made.get(), &context, NID_authority_key_identifier, "keyid");
  add_hosts(made.get(), facts.hosts);
  require(X509_sign(made.get(), static_cast<EVP_PKEY*>(authority.key_.get()), EVP_sha256()) > 0,
          "a certificate cannot be signed");

  const int size = i2d_X509(made.get(), nullptr);
  require(size > 0, "a certificate has no bytes");
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* to = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(made.get(), &to);
  return der;
}

}  // namespace deputy::crypto
