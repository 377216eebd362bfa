// A certificate with which a server would prove who it is: whether it, its private key and those that vouch for it
// belong together. Nothing is trusted by this, and nothing is kept: the private key is looked at and forgotten.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs.html
//
//   auto expires = check_server_certificate(body, key, chain);     // Result<Time, ServerCertificateFault>
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace deputy::crypto {

enum class ServerCertificateFault : std::uint8_t {
  kCertificate,   // no certificate in PEM, or none with a key of PublicKey::of_certificate
  kPrivateKey,    // no private key in PEM
  kEncryptedKey,  // one that needs a password
  kMismatch,      // a key of another certificate
  kChain,         // not the one that signed it, followed by the one that signed that, and so on; or too many
};

/// Certificates that may vouch, one for the other: each costs the check of a signature.
inline constexpr std::size_t kMostInChain = 10;

/// All three in PEM (RFC 7468) with nothing but white space around the blocks; `chain` empty: none was given. Says until
/// when the certificate is valid. Whether it is now is nobody's question here: AWS keeps expired ones, too.
Result<Time, ServerCertificateFault> check_server_certificate(std::string_view body, std::string_view private_key,
                                                              std::string_view chain);

}  // namespace deputy::crypto
