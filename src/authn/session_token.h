// Session tokens: the whole session, sealed with AES-256-GCM under a key of the directory, so that any node can check
// any session and making one writes nothing. The grammar is at the top of session_token.cpp.
//
// The secret access key of a session is derived from its access key id and the token key; it is never stored. Keys
// rotate as: published (`rotate`), seen by all (after kSeenByAll), used; and they are kept until the last session that
// they sealed is over.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/vault.h"
#include "directory/changes.h"
#include "directory/session.h"
#include "directory/snapshot.h"

namespace deputy::authn {

struct Credentials {
  std::string access_key_id, secret_access_key, session_token;
  Time expires;
};

/// Thread-safe. Opened tokens are remembered a thread, so that a session's second request costs no decryption.
class SessionTokens {
 public:
  explicit SessionTokens(const crypto::Vault& vault);
  ~SessionTokens();

  /// A key seals for a day: far fewer tokens than the 2^32 that random nonces are good for.
  static constexpr std::chrono::hours kKeyLife{24};
  /// After that long every node has the snapshot in which a key was published.
  static constexpr std::chrono::minutes kSeenByAll{10};
  /// DurationSeconds of GetSessionToken and GetFederationToken: 129,600 at most. (docs/wire.md, 6.2)
  static constexpr std::chrono::hours kLongestSession{36};
  /// As far as the clocks of those who made a token and who check it may be apart: one made later than that is refused.
  static constexpr std::chrono::minutes kClocksApart{5};

  /// The keys that are due to be published and deleted; mostly none.
  [[nodiscard]] directory::Changes rotate(const directory::Snapshot& snapshot, crypto::Entropy& entropy,
                                          Time now) const;

  /// Makes a fresh token key for the store, sealed by the vault, with the number after the newest.
  [[nodiscard]] directory::TokenKey make_key(const directory::Snapshot& snapshot, crypto::Entropy& entropy,
                                             Time now) const;

  /// Credentials for `session`, whose access_key_id is chosen here, sealed with the key of the time `session.issued`.
  /// The snapshot holds at least one token key.
  /// The token has at least `least_size` characters, up to 4096, whatever it holds.
  [[nodiscard]] Credentials issue(const directory::Snapshot& snapshot, crypto::Entropy& entropy,
                                  directory::Session session, std::size_t least_size = 0) const;

  /// The longest token that is taken, in characters.
  static constexpr std::size_t kLongestToken = 16384;

  struct Opened {
    directory::SessionPtr session;
    std::string secret_access_key;
  };
  /// Nothing if no key of the snapshot sealed this text, or it is damaged or malformed. Expiry is the caller's check.
  [[nodiscard]] std::optional<Opened> open(const directory::Snapshot& snapshot, std::string_view token) const;

  /// Whether the vault opens the token keys of the snapshot: not if its key file is another store's.
  [[nodiscard]] bool can_open(const directory::Snapshot& snapshot) const;

  /// Whether a token of this session could be opened again: all of it within the limits of the grammar. Texts of
  /// identity providers, and policies that say one thing often, may be longer than what a session can carry.
  [[nodiscard]] static bool fits(const directory::Session& session);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace deputy::authn
