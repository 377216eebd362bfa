// Long-term access keys: sealed for the directory, opened to verify a signature.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/secret.h"
#include "crypto/vault.h"
#include "directory/entities.h"

namespace deputy::authn {

/// A key as it is stored. The secret goes to the one who asked for the key, and nowhere else.
directory::AccessKey seal_access_key(const crypto::Vault& vault, crypto::Entropy& entropy, std::string_view id,
                                     std::string_view secret, Time now);
/// The secret; nothing if another vault sealed it, or it was sealed for another id.
std::optional<crypto::Secret> unseal_access_key(const crypto::Vault& vault, const directory::AccessKey& key);

/// By its id: what GetSessionToken and AssumeRole hand out. No long-term key has such an id.
inline bool is_temporary_key(std::string_view access_key_id) { return access_key_id.starts_with("ASIA"); }

}  // namespace deputy::authn
