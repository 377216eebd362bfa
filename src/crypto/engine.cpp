#include "crypto/engine.h"

#include <openssl/crypto.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <string>

#include "base/freed.h"
#include "host/log.h"

namespace deputy::crypto {
namespace {

Engine fetch() {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  const Engine engine{EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)};
  require(engine.sha256 != nullptr && engine.aes_256_gcm != nullptr, "OpenSSL has no SHA-256 or no AES-256-GCM");
  return engine;
}

}  // namespace

const Engine& Engine::get() {
  static const Engine engine = fetch();
  return engine;
}

EVP_MD_CTX* digest_context() {
  static thread_local const std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  require(context != nullptr, "no memory for a digest");
  return context.get();
}

CipherContext& cipher_context(Direction direction) {
  struct Pair {
    std::array<CipherContext, 2> contexts;
    Pair() {
      for (int i = 0; i < 2; ++i) {
        EVP_CIPHER_CTX*& c = contexts[static_cast<std::size_t>(i)].context;
        c = EVP_CIPHER_CTX_new();
        require(c != nullptr && EVP_CipherInit_ex2(c, Engine::get().aes_256_gcm, nullptr, nullptr, i, nullptr) == 1,
                "no memory for a cipher");
      }
    }
    ~Pair() {
      for (const CipherContext& c : contexts) EVP_CIPHER_CTX_free(c.context);
    }
  };
  static thread_local Pair pair;
  return pair.contexts[static_cast<std::size_t>(direction)];
}

void require(bool worked, const char* what) {
  if (worked) return;
  log::last_word(std::string("crypto failed: ") + what);
  std::abort();
}

}  // namespace deputy::crypto
