// Internal to crypto/: OpenSSL's algorithms, fetched once for the process, and working contexts kept by each thread.
// Fetching costs more than the work on a request does (docs/performance.md), so nothing else calls EVP_*_fetch.
//
// The process starts without OpenSSL's configuration file: reading it costs milliseconds, and a host's configuration
// has no say in how Deputy verifies signatures.
#pragma once

#include <openssl/evp.h>

namespace deputy::crypto {

struct Engine {
  EVP_MD* sha256;
  EVP_CIPHER* aes_256_gcm;

  /// Aborts the process if OpenSSL lacks them: nothing of Deputy works then.
  static const Engine& get();
};

/// This thread's contexts, ready for EVP_DigestInit_ex2 and EVP_CipherInit_ex2.
EVP_MD_CTX* digest_context();
EVP_CIPHER_CTX* cipher_context();

/// For results that can only be wrong if memory ran out or OpenSSL is broken: never continue with a wrong digest.
void require(bool worked, const char* what);

}  // namespace deputy::crypto
