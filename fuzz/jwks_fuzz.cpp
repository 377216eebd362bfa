// Key sets and keys from an issuer: whatever it sends becomes keys that verify nothing they should not.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "authn/federation/key_set.h"

using namespace deputy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using crypto::SignatureAlgorithm;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto keys = authn::KeySet::parse(text);
  if (!keys) return 0;
  for (const auto algorithm : {SignatureAlgorithm::kRs256, SignatureAlgorithm::kEs256, SignatureAlgorithm::kEs512}) {
    for (const std::string_view id : {"", "a", "rsa-1"}) {
      const crypto::PublicKey* key = keys->find(id, algorithm);
      if (key == nullptr) continue;
      if (!keys->has(id) || !key->may_verify(algorithm)) std::abort();
      for (const std::string_view signature : {std::string_view(), text.substr(0, 64), text.substr(0, 256)}) {
        if (key->verify(algorithm, "something that nobody signed", signature)) {
          std::fprintf(stderr, "a forgery\n");
          std::abort();
        }
      }
    }
  }
  return 0;
}
