#include "crypto/server_certificate.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/freed.h"
#include "crypto/pem.h"
#include "crypto/signature.h"

namespace deputy::crypto {
namespace {

using Fault = ServerCertificateFault;

using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using PrivateKeyInfo = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freed<PKCS8_PRIV_KEY_INFO_free>>;

/// Null if it is none, or one whose key would take long to check with.
Certificate certificate_of(std::string_view pem) {
  const std::optional<std::string> der = from_pem(pem, "CERTIFICATE");
  if (!der || !PublicKey::of_certificate(*der)) return nullptr;
  const auto* at = reinterpret_cast<const unsigned char*>(der->data());
  return Certificate(d2i_X509(nullptr, &at, static_cast<long>(der->size())));
}

/// The first block of this label in the text, decoded. Beside it there may be parameters of a curve, as openssl ecparam
/// writes them.
std::optional<std::string> block_of(std::string_view text, std::string_view label) {
  const std::string head = fmt::format("-----BEGIN {}-----", label), tail = fmt::format("-----END {}-----", label);
  const std::size_t begin = text.find(head);
  const std::size_t end = begin == std::string_view::npos ? begin : text.find(tail, begin);
  if (end == std::string_view::npos) return std::nullopt;
  return from_pem(text.substr(begin, end + tail.size() - begin), label);
}

Result<PrivateKey, Fault> key_or(Fault fault, EVP_PKEY* key) {
  if (key == nullptr) return fault;
  return PrivateKey(key);
}

/// RSA and elliptic curves alone, the kinds that certificates here have: of others, DSA among them, OpenSSL would compute
/// the public half, which takes seconds for numbers as long as somebody likes.
Result<PrivateKey, Fault> private_key_of(std::string_view text) {
  for (const auto& [label, type] :
       {std::pair("RSA PRIVATE KEY", EVP_PKEY_RSA), std::pair("EC PRIVATE KEY", EVP_PKEY_EC)}) {
    const std::optional<std::string> der = block_of(text, label);
    if (!der) continue;
    const auto* at = reinterpret_cast<const unsigned char*>(der->data());
    return key_or(Fault::kPrivateKey, d2i_PrivateKey(type, nullptr, &at, static_cast<long>(der->size())));
  }
  const std::optional<std::string> der = block_of(text, "PRIVATE KEY");
  if (!der) return Fault::kPrivateKey;
  const auto* at = reinterpret_cast<const unsigned char*>(der->data());
  const PrivateKeyInfo info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der->size())));
  const ASN1_OBJECT* algorithm = nullptr;
  if (!info || PKCS8_pkey_get0(&algorithm, nullptr, nullptr, nullptr, info.get()) != 1) return Fault::kPrivateKey;
  const int kind = OBJ_obj2nid(algorithm);
  if (kind != NID_rsaEncryption && kind != NID_X9_62_id_ecPublicKey) return Fault::kMismatch;
  return key_or(Fault::kPrivateKey, EVP_PKCS82PKEY(info.get()));
}

/// The certificates of a text that consists of them; nothing if anything else is there, or more than kMostInChain.
std::optional<std::vector<Certificate>> chain_of(std::string_view text) {
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  std::vector<Certificate> all;
  while (text.find_first_not_of(" \t\r\n") != std::string_view::npos) {
    const std::size_t end = text.find(kEnd);
    if (end == std::string_view::npos || all.size() == kMostInChain) return std::nullopt;
    Certificate next = certificate_of(text.substr(0, end + kEnd.size()));
    if (!next) return std::nullopt;
    all.push_back(std::move(next));
    text.remove_prefix(end + kEnd.size());
  }
  return all;
}

bool has_issued(X509* issuer, X509* subject) {
  return X509_check_issued(issuer, subject) == X509_V_OK && X509_verify(subject, X509_get0_pubkey(issuer)) == 1;
}

std::optional<Time> end_of(const X509* certificate) {
  std::tm broken = {};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &broken) != 1) return std::nullopt;
  return from_epoch_seconds(::timegm(&broken));
}

Result<Time, Fault> check(std::string_view body, std::string_view private_key, std::string_view chain) {
  const Certificate certificate = certificate_of(body);
  const std::optional<Time> end = certificate ? end_of(certificate.get()) : std::nullopt;
  if (!end) return Fault::kCertificate;
  // Of both forms, PKCS #8 and the older one with a line Proc-Type: before a password is turned into a key, which can
  // be made to take as long as somebody likes.
  if (private_key.find("ENCRYPTED") != std::string_view::npos) return Fault::kEncryptedKey;
  if (private_key.size() > kMostPemBytes) return Fault::kPrivateKey;
  TRY(const PrivateKey key, private_key_of(private_key));
  if (X509_check_private_key(certificate.get(), key.get()) != 1) return Fault::kMismatch;
  const auto issuers = chain_of(chain);
  if (!issuers) return Fault::kChain;
  X509* subject = certificate.get();
  for (const Certificate& issuer : *issuers) {
    if (!has_issued(issuer.get(), subject)) return Fault::kChain;
    subject = issuer.get();
  }
  return *end;
}

}  // namespace

Result<Time, ServerCertificateFault> check_server_certificate(std::string_view body, std::string_view private_key,
                                                              std::string_view chain) {
  auto said = check(body, private_key, chain);
  ERR_clear_error();  // what OpenSSL complained of is said
  return said;
}

}  // namespace deputy::crypto
