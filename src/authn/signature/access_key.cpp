#include "authn/signature/access_key.h"

namespace deputy::authn {
namespace {

/// What the vault authenticates with a secret: it opens under its own id only.
std::string purpose(std::string_view id) { return "access-key/" + std::string(id); }

}  // namespace

directory::AccessKey seal_access_key(const crypto::Vault& vault, crypto::Entropy& entropy, std::string_view id,
                                     std::string_view secret, Time now) {
  directory::AccessKey key;
  key.id = id;
  key.sealed_secret = vault.seal(entropy, secret, purpose(id));
  key.created = now;
  return key;
}

std::optional<crypto::Secret> unseal_access_key(const crypto::Vault& vault, const directory::AccessKey& key) {
  std::optional<std::string> secret = vault.unseal(key.sealed_secret, purpose(key.id));
  if (!secret) return std::nullopt;
  return crypto::Secret(std::move(*secret));
}

}  // namespace deputy::authn
