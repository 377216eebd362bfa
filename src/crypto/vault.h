// Seals long-term secrets for the store: AES-256-GCM under a key-encryption key that lies in a file of mode 0600.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace deputy::crypto {

/// Thread-safe. `purpose` is authenticated with the secret ("access-key/AKIA…"): a sealed value cannot be moved to
/// another place.
class Vault {
 public:
  /// Reads the key file, or creates it (mode 0600) if it is absent and `create` says so. Error: a sentence for the
  /// operator: absent, readable by others, not a key file, wrong length.
  static Result<std::unique_ptr<Vault>, std::string> open(const std::string& key_file, bool create);
  /// For tests and memory stores: a key that nobody keeps.
  static std::unique_ptr<Vault> ephemeral(Entropy& entropy);
  ~Vault();

  [[nodiscard]] std::string seal(Entropy& entropy, std::string_view secret, std::string_view purpose) const;
  /// Nothing if it was sealed with another key or for another purpose, or changed since.
  [[nodiscard]] std::optional<std::string> unseal(std::string_view sealed, std::string_view purpose) const;
  /// Proves later that this vault said `text`, for that purpose.
  [[nodiscard]] Digest mac(std::string_view text, std::string_view purpose) const;
  /// A key for many MACs of one purpose; no two purposes share one, nor any other key of the vault.
  [[nodiscard]] HmacKey mac_key(std::string_view purpose) const;
  /// Eight hex digits that name the key without telling it: a store remembers the key it was made with.
  [[nodiscard]] std::string fingerprint() const;

 private:
  explicit Vault(const Secret& root);

  AeadKey key_;
  HmacKey mac_;
  std::string fingerprint_;
};

}  // namespace deputy::crypto
