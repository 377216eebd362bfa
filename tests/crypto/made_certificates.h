// Certificates and keys as somebody might upload them, made by OpenSSL while the test runs.
//
//   Authority root("root"), middle("middle", &root);
//   Made made = middle.certify("www.example.com");
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace deputy::crypto::test {

struct Made {
  std::string certificate, key;  // PEM
};

/// On curve P-256, valid until 2030-01-02T03:04:05Z.
class Authority {
 public:
  static constexpr const char* kEnd = "20300102030405Z";

  explicit Authority(const std::string& name, const Authority* issuer = nullptr)
      : key_(EVP_EC_gen("P-256"), EVP_PKEY_free),
        certificate_(issuer != nullptr ? make(name, key_.get(), issuer->certificate_.get(), issuer->key_.get(), true)
                                       : make(name, key_.get(), nullptr, key_.get(), true),
                     X509_free) {}

  [[nodiscard]] Made certify(const std::string& name) const {
    const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const Certificate certificate(make(name, key.get(), certificate_.get(), key_.get(), false), X509_free);
    return {pem(certificate.get()), pem(key.get())};
  }
  [[nodiscard]] std::string certificate() const { return pem(certificate_.get()); }
  [[nodiscard]] std::string key() const { return pem(key_.get()); }

  static std::string pem(EVP_PKEY* key, const EVP_CIPHER* cipher = nullptr) {
    return text([&](BIO* out) {
      return PEM_write_bio_PrivateKey(out, key, cipher, cipher != nullptr ? password() : nullptr,
                                      cipher != nullptr ? 6 : 0, nullptr, nullptr);
    });
  }
  [[nodiscard]] std::string encrypted_key() const { return pem(key_.get(), EVP_aes_128_cbc()); }
  /// -----BEGIN EC PRIVATE KEY-----, the form before PKCS #8.
  [[nodiscard]] std::string old_key() const {
    return text([&](BIO* out) {
      return PEM_write_bio_PrivateKey_traditional(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }

 private:
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

  static const unsigned char* password() { return reinterpret_cast<const unsigned char*>("secret"); }

  template <class Write>
  static std::string text(Write&& write) {
    BIO* out = BIO_new(BIO_s_mem());
    write(out);
    char* at = nullptr;
    const long size = BIO_get_mem_data(out, &at);
    std::string all(at, static_cast<std::size_t>(size));
    BIO_free(out);
    return all;
  }
  static std::string pem(X509* certificate) {
    return text([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
  }

  /// `issuer`: null for one that certifies itself.
  static X509* make(const std::string& name, EVP_PKEY* key, const X509* issuer, EVP_PKEY* signer, bool authority) {
    X509* made = X509_new();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 7);
    ASN1_TIME_set_string_X509(X509_getm_notBefore(made), "20200102030405Z");
    ASN1_TIME_set_string_X509(X509_getm_notAfter(made), kEnd);
    X509_NAME* subject = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.data()),
                               static_cast<int>(name.size()), -1, 0);
    X509_set_issuer_name(made, issuer != nullptr ? X509_get_subject_name(issuer) : subject);
    X509_set_pubkey(made, key);
    X509_EXTENSION* basic = X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints,
                                                authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    X509_add_ext(made, basic, -1);
    X509_EXTENSION_free(basic);
    X509_sign(made, signer, EVP_sha256());
    return made;
  }

  Key key_;
  Certificate certificate_;
};

}  // namespace deputy::crypto::test
