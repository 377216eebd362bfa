#include "crypto/signature.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <string>

#include "base/freed.h"
#include "crypto/engine.h"

namespace deputy::crypto {
namespace {

using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

struct Algorithm {
  std::string_view name;
  SignatureDigest digest;
};
/// In the order of SignatureAlgorithm.
constexpr std::array<Algorithm, 6> kAlgorithms = {{{"RS256", SignatureDigest::kSha256},
                                                   {"RS384", SignatureDigest::kSha384},
                                                   {"RS512", SignatureDigest::kSha512},
                                                   {"ES256", SignatureDigest::kSha256},
                                                   {"ES384", SignatureDigest::kSha384},
                                                   {"ES512", SignatureDigest::kSha512}}};
/// In the order of SignatureDigest.
constexpr std::array<const char*, 3> kDigests = {"SHA256", "SHA384", "SHA512"};
const Algorithm& facts(SignatureAlgorithm algorithm) { return kAlgorithms[static_cast<std::size_t>(algorithm)]; }

struct Curve {
  std::string_view name;
  const char* group;
  std::size_t bytes;  // of a coordinate
};
/// In the order of PublicKey::Kind, RSA left out.
constexpr std::array<Curve, 3> kCurves = {{{"P-256", "P-256", 32}, {"P-384", "P-384", 48}, {"P-521", "P-521", 66}}};

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Number number(std::string_view big_endian) {
  return Number(BN_bin2bn(bytes(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

/// Null if OpenSSL makes no key of it; of a point, also if it is not on its curve. (OpenSSL's own check of public keys
/// would look for primes in a modulus: milliseconds for what its owner alone would suffer from. And each point on these
/// curves is of the right order.)
std::shared_ptr<void> make_key(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  return {key, [](void* k) { EVP_PKEY_free(static_cast<EVP_PKEY*>(k)); }};
}

/// Of a modulus and an exponent, whether a check with them is cheap and worth something.
bool is_sound_rsa(const BIGNUM* n, const BIGNUM* e, int min_bits, int max_bits) {
  return BN_num_bits(n) >= min_bits && BN_num_bits(n) <= max_bits && BN_is_odd(n) && BN_is_odd(e) &&
         BN_num_bits(e) <= 32 && BN_get_word(e) >= 3;
}

/// A number that belongs to a key.
Number number_of(const EVP_PKEY* key, const char* name) {
  BIGNUM* value = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &value) != 1) ERR_clear_error();
  return Number(value);
}

bool has_repeated_extension(const X509* certificate) {
  const int count = X509_get_ext_count(certificate);
  constexpr int kMaxExtensions = 64;
  if (count > kMaxExtensions) return true;
  for (int i = 0; i < count; ++i) {
    if (X509_get_ext_by_OBJ(certificate, X509_EXTENSION_get_object(X509_get_ext(certificate, i)), i) != -1) return true;
  }
  return false;
}

/// r and s, each as long as a coordinate, in the DER that OpenSSL checks; empty if the length is another.
std::string der_of(std::string_view signature, std::size_t coordinate) {
  if (signature.size() != 2 * coordinate) return {};
  const std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>> pair(ECDSA_SIG_new());
  Number r = number(signature.substr(0, coordinate)), s = number(signature.substr(coordinate));
  if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
  if (size <= 0) return {};
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* to = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(pair.get(), &to);
  return der;
}

}  // namespace

std::optional<SignatureAlgorithm> find_signature_algorithm(std::string_view name) {
  for (std::size_t i = 0; i < kAlgorithms.size(); ++i) {
    if (kAlgorithms[i].name == name) return static_cast<SignatureAlgorithm>(i);
  }
  return std::nullopt;
}

std::optional<PublicKey> PublicKey::rsa(std::string_view modulus, std::string_view exponent) {
  if (modulus.size() > kMaxRsaBits / 8 + 1 || exponent.empty() || exponent.size() > 4) return std::nullopt;
  Engine::get();
  const Number n = number(modulus), e = number(exponent);
  if (!n || !e || !is_sound_rsa(n.get(), e.get(), kMinRsaBits, kMaxRsaBits)) return std::nullopt;
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return std::nullopt;
  }
  auto key = make_key("RSA", builder.get());
  if (!key) return std::nullopt;
  return PublicKey(Kind::kRsa, std::move(key));
}

std::optional<PublicKey> PublicKey::ec(std::string_view curve, std::string_view x, std::string_view y) {
  for (std::size_t i = 0; i < kCurves.size(); ++i) {
    if (kCurves[i].name != curve) continue;
    if (x.size() != kCurves[i].bytes || y.size() != kCurves[i].bytes) return std::nullopt;
    Engine::get();
    const std::string point = std::string(1, '\4').append(x).append(y);  // SEC 1, uncompressed
    const Builder builder(OSSL_PARAM_BLD_new());
    if (!builder ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, kCurves[i].group, 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
      return std::nullopt;
    }
    auto key = make_key("EC", builder.get());
    if (!key) return std::nullopt;
    return PublicKey(static_cast<Kind>(i + 1), std::move(key));
  }
  return std::nullopt;
}

std::optional<PublicKey> PublicKey::of_certificate(std::string_view der) {
  if (der.size() > kMaxCertificateBytes) return std::nullopt;
  Engine::get();
  const unsigned char* at = bytes(der);
  const Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  EVP_PKEY* key = certificate && at == bytes(der) + der.size() ? X509_get0_pubkey(certificate.get()) : nullptr;
  if (key == nullptr || has_repeated_extension(certificate.get())) {
    ERR_clear_error();
    return std::nullopt;
  }
  const auto owned = [&](Kind kind) {
    EVP_PKEY_up_ref(key);
    return PublicKey(kind, std::shared_ptr<void>(key, [](void* k) { EVP_PKEY_free(static_cast<EVP_PKEY*>(k)); }));
  };
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    const Number n = number_of(key, OSSL_PKEY_PARAM_RSA_N), e = number_of(key, OSSL_PKEY_PARAM_RSA_E);
    if (!n || !e || !is_sound_rsa(n.get(), e.get(), kMinCertifiedRsaBits, kMaxCertifiedRsaBits)) return std::nullopt;
    return owned(Kind::kRsa);
  }
  std::array<char, 64> group{};
  if (EVP_PKEY_is_a(key, "EC") != 1 || EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  for (std::size_t i = 0; i < kCurves.size(); ++i) {
    if (OBJ_sn2nid(group.data()) == EC_curve_nist2nid(kCurves[i].group)) return owned(static_cast<Kind>(i + 1));
  }
  return std::nullopt;
}

bool PublicKey::may_verify(SignatureAlgorithm algorithm) const {
  switch (algorithm) {
    case SignatureAlgorithm::kRs256:
    case SignatureAlgorithm::kRs384:
    case SignatureAlgorithm::kRs512:
      return kind_ == Kind::kRsa;
    case SignatureAlgorithm::kEs256:
      return kind_ == Kind::kP256;
    case SignatureAlgorithm::kEs384:
      return kind_ == Kind::kP384;
    case SignatureAlgorithm::kEs512:
      return kind_ == Kind::kP521;
  }
  return false;
}

bool PublicKey::verify(SignatureAlgorithm algorithm, std::string_view message, std::string_view signature) const {
  return may_verify(algorithm) && verify(facts(algorithm).digest, message, signature);
}

bool PublicKey::verify(SignatureDigest digest, std::string_view message, std::string_view signature) const {
  std::string der;
  if (kind_ != Kind::kRsa) {
    der = der_of(signature, kCurves[static_cast<std::size_t>(kind_) - 1].bytes);
    if (der.empty()) return false;
    signature = der;
  }
  const DigestContext context(EVP_MD_CTX_new());
  require(context != nullptr, "no memory for a digest");
  auto* key = static_cast<EVP_PKEY*>(key_.get());
  // An RSA key verifies PKCS #1 v1.5 unless told otherwise: what RS256 and its kin are.
  const bool good =
      EVP_DigestVerifyInit_ex(context.get(), nullptr, kDigests[static_cast<std::size_t>(digest)], nullptr, nullptr, key,
                              nullptr) == 1 &&
      EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message), message.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

}  // namespace deputy::crypto
