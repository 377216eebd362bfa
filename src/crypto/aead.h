// AES-256-GCM (NIST SP 800-38D): encryption that notices every change.
//
//   std::string sealed;
//   key.seal_to(sealed, nonce, "what this is", plaintext);    // appends the ciphertext and a tag of 16 bytes
//   key.open(nonce, "what this is", sealed);                  // nothing if one bit of the three differs
//
// A nonce must never come twice under one key: draw twelve random bytes for each, and no more than 2^32 a key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/secret.h"

namespace deputy::crypto {

class AeadKey {
 public:
  static constexpr std::size_t kKeyBytes = 32, kNonceBytes = 12, kTagBytes = 16;

  /// `key` has exactly kKeyBytes.
  explicit AeadKey(std::string_view key);

  void seal_to(std::string& out, std::string_view nonce, std::string_view associated, std::string_view plaintext) const;
  [[nodiscard]] std::optional<std::string> open(std::string_view nonce, std::string_view associated,
                                                std::string_view sealed) const;

 private:
  Secret key_;
  std::uint64_t id_;  // of this key in this process, never used again: contexts remember it
};

}  // namespace deputy::crypto
