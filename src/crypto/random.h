// Randomness, and the identifiers made of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/account_id.h"
#include "base/unique_id.h"

namespace deputy::crypto {

/// A source of random bytes. Thread-safe.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<std::byte> out) = 0;
  [[nodiscard]] std::string bytes(std::size_t count);
};

/// The operating system's generator through OpenSSL, drawn in blocks a thread. Aborts the process if there is none.
Entropy& system_entropy();
/// For tests: the same bytes for the same seed.
std::unique_ptr<Entropy> seeded_entropy(std::uint64_t seed);

/// "AROA" and 17 characters of [A-Z2-7] (docs/wire.md, 5.5).
UniqueId make_unique_id(Entropy& entropy, std::string_view prefix);
/// "AKIA" or "ASIA" and 16 characters that carry the account id, as AWS's do (docs/wire.md, 5.5).
std::string make_access_key_id(Entropy& entropy, std::string_view prefix, const AccountId& account);
/// The account inside an access key id; nothing if the id has not that form.
std::optional<AccountId> account_of_access_key(std::string_view id);
/// 40 characters of [A-Za-z0-9/+].
std::string make_secret_access_key(Entropy& entropy);
/// `prefix` and `count` characters of [0-9a-z], as the ids of AWS Organizations (docs/wire.md, 8).
std::string make_lower_id(Entropy& entropy, std::string_view prefix, std::size_t count);
/// The first 16 bytes as a lower-case UUID of version 4, whose six fixed bits are set.
std::string uuid_of(std::string_view bytes);
/// Of random bytes.
std::string make_uuid(Entropy& entropy);

}  // namespace deputy::crypto
