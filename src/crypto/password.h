// What is kept of a password instead of itself: the slow hash scrypt (RFC 7914), so that who steals the store, and the
// vault's key with it, pays for each guess. A hash costs a tenth of a second of CPU and 16 MB on purpose: nobody calls
// this on an event loop (server/slow_hashes.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/secret.h"

namespace deputy::crypto {

/// https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
struct ScryptCost {
  std::uint32_t log2_n = 14;  // of memory: 128 * r * 2^log2_n bytes
  std::uint32_t r = 8;
  std::uint32_t p = 5;  // of time, without more memory
  friend bool operator==(const ScryptCost&, const ScryptCost&) = default;
};

/// One password to be hashed.
struct SlowHash {
  Secret password;
  std::string salt;
  ScryptCost cost;

  SlowHash(std::string_view text, std::string_view its_salt, ScryptCost its_cost)
      : password(text), salt(its_salt), cost(its_cost) {}
  SlowHash(const SlowHash& other) : password(other.password.copy()), salt(other.salt), cost(other.cost) {}
  SlowHash(SlowHash&&) = default;
  SlowHash& operator=(SlowHash&&) = default;

  friend bool operator==(const SlowHash&, const SlowHash&) = default;
};

/// 32 bytes. Aborts the process if the cost is none that scrypt has, or if there is no memory for it.
Secret scrypt(const SlowHash& what);

}  // namespace deputy::crypto
