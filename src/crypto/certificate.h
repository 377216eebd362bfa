// X.509 certificates of our own making, for tools of development: who has to show one to a client that checks it
// (TLS), or has to be known by one (SAML).
//
//   CertificateFacts facts{.use = CertificateUse::kServer, .name = "localhost", .hosts = {"localhost", "127.0.0.1"}, …};
//   std::string der = certify(facts, pair, authority, authority_der);
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "crypto/key_pair.h"

namespace deputy::crypto {

enum class CertificateUse : std::uint8_t {
  kAuthority,  // signs other certificates, which sign none
  kServer,     // proves who a TLS server is
  kSigning,    // holds a key that signs documents
};

struct CertificateFacts {
  CertificateUse use = CertificateUse::kSigning;
  std::string name;                // common name: at most 64 bytes
  std::vector<std::string> hosts;  // names and addresses that it is for, which clients look at; of kServer
  Time from, until;
};

/// The certificate of `subject` in DER, signed by `authority`, whose own certificate that is; empty: `subject` is the
/// authority itself, and certifies itself.
std::string certify(const CertificateFacts& facts, const KeyPair& subject, const KeyPair& authority,
                    std::string_view authority_der);

}  // namespace deputy::crypto
