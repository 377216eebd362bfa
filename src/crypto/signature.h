// Signatures of others: public keys as JSON Web Keys give them (RFC 7518, section 6), and the check of a signature in
// the form of a JSON Web Signature (RFC 7518, sections 3.3 and 3.4; an ECDSA signature is the two numbers, not DER).
//
//   auto key = PublicKey::rsa(modulus, exponent);            // big-endian numbers
//   key->verify(SignatureAlgorithm::kRs256, signed_bytes, signature);
//
// What a check costs is bounded by the sizes that are taken: nobody can give a key that takes long to make or to use.
//
// INVARIANT: a key verifies only what its own kind may sign: an RSA key never an ES256 signature, a P-256 key never an
// ES384 one (SignatureTest.AKeyVerifiesItsOwnKindOnly). There is no algorithm "none" and none with a shared secret.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace deputy::crypto {

enum class SignatureAlgorithm : std::uint8_t { kRs256, kRs384, kRs512, kEs256, kEs384, kEs512 };
enum class SignatureDigest : std::uint8_t { kSha256, kSha384, kSha512 };
/// "RS256"; nothing for every other name, "none" and "HS256" among them.
std::optional<SignatureAlgorithm> find_signature_algorithm(std::string_view name);

/// A value: cheap to copy, immutable, may be shared by threads.
class PublicKey {
 public:
  /// Bits of a modulus: of a JSON Web Key (RFC 7518 asks for 2048), and of a certificate (IAM asks for 1024).
  static constexpr int kMinRsaBits = 2048, kMaxRsaBits = 4096;
  static constexpr int kMinCertifiedRsaBits = 1024, kMaxCertifiedRsaBits = 8192;
  static constexpr std::size_t kMaxCertificateBytes = 16 * 1024;

  /// With an odd exponent of 3 or more that fits into 32 bits; nothing for any other, or of other than the bits above.
  static std::optional<PublicKey> rsa(std::string_view modulus, std::string_view exponent);
  /// "P-256", "P-384", "P-521" and a point on that curve; nothing for any other.
  static std::optional<PublicKey> ec(std::string_view curve, std::string_view x, std::string_view y);
  /// Of an X.509 certificate in DER and nothing behind it, whose key is one of the above, and none of whose extensions
  /// is there twice; nothing for any other. Neither its signature nor its time is looked at.
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html
  static std::optional<PublicKey> of_certificate(std::string_view der);

  [[nodiscard]] bool may_verify(SignatureAlgorithm algorithm) const;
  [[nodiscard]] bool verify(SignatureAlgorithm algorithm, std::string_view message, std::string_view signature) const;

  /// As XML signatures do it, where a curve goes with any digest (RFC 4051, section 2.3.6).
  [[nodiscard]] bool is_rsa() const { return kind_ == Kind::kRsa; }
  [[nodiscard]] bool verify(SignatureDigest digest, std::string_view message, std::string_view signature) const;

 private:
  enum class Kind : std::uint8_t { kRsa, kP256, kP384, kP521 };
  PublicKey(Kind kind, std::shared_ptr<void> key) : key_(std::move(key)), kind_(kind) {}

  std::shared_ptr<void> key_;  // OpenSSL's EVP_PKEY
  Kind kind_;
};

}  // namespace deputy::crypto
