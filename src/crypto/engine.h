// Internal to crypto/: OpenSSL's algorithms, fetched once for the process, and working contexts kept by each thread.
// Fetching costs more than the work on a request does (docs/performance.md), so nothing else calls EVP_*_fetch.
//
// The process starts without OpenSSL's configuration file: reading it costs milliseconds, and a host's configuration
// has no say in how Deputy verifies signatures.
#pragma once

#include <openssl/evp.h>

#include <cstdint>

namespace deputy::crypto {

struct Engine {
  EVP_MD* sha256;
  EVP_CIPHER* aes_256_gcm;

  /// Aborts the process if OpenSSL lacks them: nothing of Deputy works then.
  static const Engine& get();
};

/// This thread's context, ready for EVP_DigestInit_ex2.
EVP_MD_CTX* digest_context();

/// One of this thread's two contexts for AES-256-GCM. `key` names the key that it was given last (0: none), so that the
/// next use of the same key need not set it up again.
struct CipherContext {
  EVP_CIPHER_CTX* context = nullptr;
  std::uint64_t key = 0;
};
enum class Direction : std::uint8_t { kOpen = 0, kSeal = 1 };
CipherContext& cipher_context(Direction direction);

/// For results that can only be wrong if memory ran out or OpenSSL is broken: never continue with a wrong digest.
void require(bool worked, const char* what);

}  // namespace deputy::crypto
