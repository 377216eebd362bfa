// Key pairs of our own: made here, kept sealed elsewhere (crypto/vault.h), and used to sign in the form of a JSON Web
// Signature (RFC 7518, sections 3.3 and 3.4). What others sign is checked in crypto/signature.h.
//
//   KeyPair pair = KeyPair::make(KeyPair::Kind::kP384);
//   Secret der = pair.der();                       // into the vault
//   pair.sign(SignatureAlgorithm::kEs384, text);   // empty: not an algorithm of this kind
//
// Keys and signatures draw their randomness from OpenSSL's own generator, so an Entropy with a seed does not repeat
// them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/secret.h"
#include "crypto/signature.h"

namespace deputy::crypto {

struct CertificateFacts;

/// A value: cheap to copy, immutable, may be shared by threads.
class KeyPair {
 public:
  enum class Kind : std::uint8_t { kRsa2048, kP256, kP384 };

  /// RSA takes about a tenth of a second.
  static KeyPair make(Kind kind);
  /// What der() gave; nothing for anything else.
  static std::optional<KeyPair> parse(std::string_view der);

  /// The private half, PKCS #8.
  [[nodiscard]] Secret der() const;
  /// The public half as a JSON Web Key has it: big-endian numbers. RSA: modulus and exponent; a curve: x and y, 32 or 48
  /// bytes each.
  struct PublicHalf {
    std::string first, second;
  };
  [[nodiscard]] PublicHalf public_half() const;
  [[nodiscard]] Kind kind() const { return kind_; }

  /// RS256, RS384 and RS512 with RSA, ES256 with P-256, ES384 with P-384; empty for any other.
  [[nodiscard]] std::string sign(SignatureAlgorithm algorithm, std::string_view message) const;

 private:
  friend std::string certify(const CertificateFacts& facts, const KeyPair& subject, const KeyPair& authority,
                             std::string_view authority_der);  // crypto/certificate.h
  KeyPair(Kind kind, std::shared_ptr<void> key) : key_(std::move(key)), kind_(kind) {}

  std::shared_ptr<void> key_;  // OpenSSL's EVP_PKEY
  Kind kind_;
};

}  // namespace deputy::crypto
