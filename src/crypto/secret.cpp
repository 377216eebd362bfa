#include "crypto/secret.h"

#include <openssl/crypto.h>
#include <string.h>  // explicit_bzero: not in <cstring>

namespace deputy::crypto {

void wipe(void* bytes, std::size_t count) { ::explicit_bzero(bytes, count); }

void wipe(std::string& text) {
  // The whole capacity: a string that was longer once still holds what it held.
  text.resize(text.capacity());
  wipe(text.data(), text.size());
  text.clear();
}

bool constant_time_equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace deputy::crypto
