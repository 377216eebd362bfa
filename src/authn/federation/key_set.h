// The keys of an issuer: a JSON Web Key Set (RFC 7517) as public keys.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/signature.h"

namespace deputy::authn {

class KeySet {
 public:
  static constexpr std::size_t kMaxBytes = 512 * 1024;
  static constexpr std::size_t kMaxKeys = 100;  // AWS: what follows is passed over, good or bad
  static constexpr std::size_t kMaxKeyId = 1024;

  /// Keys that are for encryption, of other kinds, too small or damaged are passed over, as RFC 7517 has it; nothing
  /// only if the text is no key set.
  static std::optional<KeySet> parse(std::string_view text);

  /// The key that may have signed with this algorithm. A token that names no key gets one only if a single one suits.
  [[nodiscard]] const crypto::PublicKey* find(std::string_view key_id, crypto::SignatureAlgorithm algorithm) const;
  [[nodiscard]] bool has(std::string_view key_id) const;
  [[nodiscard]] std::size_t size() const { return keys_.size(); }

 private:
  struct Entry {
    std::string id;                                  // empty: none
    std::optional<crypto::SignatureAlgorithm> only;  // "alg" of the key
    crypto::PublicKey key;
  };
  std::vector<Entry> keys_;
};
using KeySetPtr = std::shared_ptr<const KeySet>;

}  // namespace deputy::authn
