#include "crypto/key_pair.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>

#include "base/freed.h"
#include "crypto/engine.h"

namespace deputy::crypto {
namespace {

constexpr int kRsaBits = 2048;

using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;

EVP_PKEY* as_pkey(const std::shared_ptr<void>& key) { return static_cast<EVP_PKEY*>(key.get()); }
std::shared_ptr<void> owned(EVP_PKEY* key) {
  return {key, [](void* k) { EVP_PKEY_free(static_cast<EVP_PKEY*>(k)); }};
}

/// Bytes of a coordinate; 0: no curve.
int coordinate(KeyPair::Kind kind) {
  return kind == KeyPair::Kind::kRsa2048 ? 0 : kind == KeyPair::Kind::kP256 ? 32 : 48;
}

/// Null: a signature of this algorithm is not made with this kind of key.
const char* digest_of(KeyPair::Kind kind, SignatureAlgorithm algorithm) {
  const bool rsa = kind == KeyPair::Kind::kRsa2048;
  switch (algorithm) {
    case SignatureAlgorithm::kRs256:
      return rsa ? "SHA256" : nullptr;
    case SignatureAlgorithm::kRs384:
      return rsa ? "SHA384" : nullptr;
    case SignatureAlgorithm::kRs512:
      return rsa ? "SHA512" : nullptr;
    case SignatureAlgorithm::kEs256:
      return kind == KeyPair::Kind::kP256 ? "SHA256" : nullptr;
    case SignatureAlgorithm::kEs384:
      return kind == KeyPair::Kind::kP384 ? "SHA384" : nullptr;
    case SignatureAlgorithm::kEs512:
      break;
  }
  return nullptr;
}

/// Big-endian, at least `size` bytes.
std::string bytes_of(const BIGNUM* number, int size) {
  size = std::max(size, BN_num_bytes(number));
  std::string bytes(static_cast<std::size_t>(size), '\0');
  require(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), size) == size, "a number has no bytes");
  return bytes;
}

std::string parameter(EVP_PKEY* key, const char* name, int size) {
  BIGNUM* number = nullptr;
  require(EVP_PKEY_get_bn_param(key, name, &number) == 1, "a key lacks a number");
  return bytes_of(Number(number).get(), size);
}

/// r and s, each as long as a coordinate, of the DER that OpenSSL makes.
std::string joined_numbers(const std::string& der, int size) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>> pair(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  require(pair != nullptr, "an ECDSA signature cannot be read");
  return bytes_of(ECDSA_SIG_get0_r(pair.get()), size) + bytes_of(ECDSA_SIG_get0_s(pair.get()), size);
}

/// Other curves have as many bits as ours.
bool is_on_curve(EVP_PKEY* key, int nid) {
  std::array<char, 64> group{};
  return EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
         OBJ_sn2nid(group.data()) == nid;
}

}  // namespace

KeyPair KeyPair::make(Kind kind) {
  Engine::get();
  EVP_PKEY* key = kind == Kind::kRsa2048 ? EVP_RSA_gen(kRsaBits) : EVP_EC_gen(kind == Kind::kP256 ? "P-256" : "P-384");
  require(key != nullptr, "no key pair can be made");
  return {kind, owned(key)};
}

std::optional<KeyPair> KeyPair::parse(std::string_view der) {
  Engine::get();
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = at + der.size();
  EVP_PKEY* key = d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size()));
  if (key == nullptr) {
    ERR_clear_error();
    return std::nullopt;
  }
  auto own = owned(key);
  if (at != end) return std::nullopt;
  if (EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) == kRsaBits)
    return KeyPair(Kind::kRsa2048, std::move(own));
  if (is_on_curve(key, NID_X9_62_prime256v1)) return KeyPair(Kind::kP256, std::move(own));
  if (is_on_curve(key, NID_secp384r1)) return KeyPair(Kind::kP384, std::move(own));
  return std::nullopt;
}

Secret KeyPair::der() const {
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freed<PKCS8_PRIV_KEY_INFO_free>> info(EVP_PKEY2PKCS8(as_pkey(key_)));
  require(info != nullptr, "a private key has no PKCS #8 form");
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr);
  require(size > 0, "a private key has no PKCS #8 form");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  auto* to = reinterpret_cast<unsigned char*>(bytes.data());
  i2d_PKCS8_PRIV_KEY_INFO(info.get(), &to);
  return Secret(std::move(bytes));
}

KeyPair::PublicHalf KeyPair::public_half() const {
  EVP_PKEY* key = as_pkey(key_);
  if (kind_ == Kind::kRsa2048)
    return {parameter(key, OSSL_PKEY_PARAM_RSA_N, 0), parameter(key, OSSL_PKEY_PARAM_RSA_E, 0)};
  const int size = coordinate(kind_);
  return {parameter(key, OSSL_PKEY_PARAM_EC_PUB_X, size), parameter(key, OSSL_PKEY_PARAM_EC_PUB_Y, size)};
}

std::string KeyPair::sign(SignatureAlgorithm algorithm, std::string_view message) const {
  const char* digest = digest_of(kind_, algorithm);
  if (digest == nullptr) return {};
  const DigestContext context(EVP_MD_CTX_new());
  const auto* text = reinterpret_cast<const unsigned char*>(message.data());
  std::size_t size = 0;
  // An RSA key signs PKCS #1 v1.5 unless told otherwise: what RS256 and its kin are.
  require(context != nullptr &&
              EVP_DigestSignInit_ex(context.get(), nullptr, digest, nullptr, nullptr, as_pkey(key_), nullptr) == 1 &&
              EVP_DigestSign(context.get(), nullptr, &size, text, message.size()) == 1,
          "a signature cannot be made");
  std::string signature(size, '\0');
  require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, text,
                         message.size()) == 1,
          "a signature cannot be made");
  signature.resize(size);
  return kind_ == Kind::kRsa2048 ? signature : joined_numbers(signature, coordinate(kind_));
}

}  // namespace deputy::crypto
