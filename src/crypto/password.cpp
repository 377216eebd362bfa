#include "crypto/password.h"

#include <openssl/evp.h>

#include <array>

#include "crypto/engine.h"

namespace deputy::crypto {

Secret scrypt(const SlowHash& what) {
  static_cast<void>(Engine::get());  // so that OpenSSL is set up as this room wants it
  constexpr std::uint64_t kMostMemory = 256U << 20U;
  std::array<unsigned char, 32> out{};
  const bool worked = EVP_PBE_scrypt(what.password.reveal().data(), what.password.size(),
                                     reinterpret_cast<const unsigned char*>(what.salt.data()), what.salt.size(),
                                     std::uint64_t{1} << what.cost.log2_n, what.cost.r, what.cost.p, kMostMemory,
                                     out.data(), out.size()) == 1;
  require(worked, "scrypt");
  Secret hash(std::string_view(reinterpret_cast<const char*>(out.data()), out.size()));
  wipe(out.data(), out.size());
  return hash;
}

}  // namespace deputy::crypto
