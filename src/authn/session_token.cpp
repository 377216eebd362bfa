// Session token, text:
//
//   token      := base64(version key nonce sealed)    standard alphabet with padding, at most 16384 characters
//   version    := 0x01
//   key        := number of the token key, four bytes, highest first
//   nonce      := 12 random bytes
//   sealed     := AES-256-GCM of a session (grammar in session_codec.cpp) and its tag of 16 bytes
//   associated := "deputy-session" version key
//
// The token key seals nothing itself. Two keys are derived from it by HMAC-SHA-256: one seals, the other makes the
// secret access keys: the first 30 bytes of its MAC over access key id and nonce, in base64. Whoever holds a token
// knows the nonce but not the key, and so not the secret.
//
// What this form does not do: a token cannot be revoked one by one (deny on aws:TokenIssueTime, or delete the role),
// and its length tells roughly how much the session carries.
#include "authn/session_token.h"

#include <array>
#include <cstdlib>
#include <functional>

#include "authn/recent.h"
#include "authn/session_codec.h"
#include "base/encoding.h"
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "host/log.h"

namespace deputy::authn {
namespace {

using directory::Session;
using directory::TokenKey;

constexpr char kVersion = 1;
constexpr std::size_t kHeadBytes = 1 + 4;
constexpr std::size_t kMinBytes = kHeadBytes + crypto::AeadKey::kNonceBytes + crypto::AeadKey::kTagBytes;
constexpr std::size_t kMaxText = SessionTokens::kLongestToken;
constexpr std::size_t kMaxPlain = kMaxText / 4 * 3 - kMinBytes;  // bytes of a session that are no longer than that
constexpr std::size_t kOtherFields = 1024;  // more than ids, names, times and a source identity take
constexpr std::size_t kRootKeyBytes = 32;
constexpr std::size_t kPolicyBytes = 4096;  // the most that session policies and tags may take, as they are written

std::string purpose(std::uint32_t number) { return "token-key/" + std::to_string(number); }

/// A token key ready for use.
struct WorkingKey {
  std::uint32_t number;
  std::string sealed;  // as in the directory: another key of the same number has another text
  crypto::AeadKey seal;
  crypto::HmacKey derive;

  WorkingKey(const TokenKey& key, std::string_view root)
      : number(key.number),
        sealed(key.sealed_key),
        seal(crypto::hmac_sha256(root, "deputy session token: seal").view()),
        derive(crypto::hmac_sha256(root, "deputy session token: secret access key").view()) {}

  [[nodiscard]] std::string secret_access_key(std::string_view access_key_id, std::string_view nonce) const {
    return base64(derive.sign({access_key_id, nonce}).view().substr(0, 30));
  }
};

/// This thread's working keys. There are two or three in use at any time.
const WorkingKey* working_key(const crypto::Vault& vault, const TokenKey& key) {
  static thread_local std::vector<std::unique_ptr<WorkingKey>> keys;
  for (const auto& known : keys) {
    if (known->number == key.number && known->sealed == key.sealed_key) return known.get();
  }
  std::optional<std::string> root = vault.unseal(key.sealed_key, purpose(key.number));
  if (!root || root->size() != kRootKeyBytes) return nullptr;
  constexpr std::size_t kKept = 8;
  if (keys.size() == kKept) keys.erase(keys.begin());
  keys.push_back(std::make_unique<WorkingKey>(key, *root));
  crypto::wipe(*root);
  return keys.back().get();
}

const TokenKey* newest_key(const directory::Snapshot& snapshot) {
  const TokenKey* newest = nullptr;
  snapshot.token_keys().each([&](const TokenKey& key) { newest = &key; });
  return newest;
}

/// When a published key may seal: everybody has seen it by then.
Time usable_from(const TokenKey& key) { return key.created + SessionTokens::kSeenByAll; }

/// The newest key that may seal; the first of all where none may yet.
const TokenKey* sealing_key(const directory::Snapshot& snapshot, Time now) {
  const TokenKey* chosen = nullptr;
  snapshot.token_keys().each([&](const TokenKey& key) {
    if (chosen == nullptr || usable_from(key) <= now) chosen = &key;
  });
  return chosen;
}

const TokenKey* key_numbered(const directory::Snapshot& snapshot, std::uint32_t number) {
  std::array<char, 10> digits;  // as in the key of the store
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, number /= 10) {
    *digit = static_cast<char>('0' + number % 10);
  }
  return snapshot.token_keys().get({digits.data(), digits.size()});
}

/// Version and key number, as they stand in the token.
std::string head(std::uint32_t number) {
  return {kVersion, static_cast<char>(number >> 24), static_cast<char>(number >> 16), static_cast<char>(number >> 8),
          static_cast<char>(number)};
}

std::uint32_t number_in(std::string_view token_bytes) {
  std::uint32_t number = 0;
  for (const char c : token_bytes.substr(1, 4)) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

/// So many bytes more make a session of `plain` bytes a token of `least` characters; its number and length come on top.
std::uint32_t padding_to(std::size_t least, std::size_t plain) {
  if (least == 0) return 0;
  const std::size_t wanted = (std::min(least, kMostPadding) + 3) / 4 * 3 - 2;  // bytes whose base64 is no shorter
  const std::size_t there = kMinBytes + plain;
  return wanted > there ? static_cast<std::uint32_t>(wanted - there) : 0;
}

std::string associated_data(std::string_view token_head) { return std::string("deputy-session").append(token_head); }

/// A token that this thread opened before. INVARIANT: it is only used while the snapshot still has the key that sealed
/// it (SessionTokenTest.ARememberedTokenEndsWithItsKey).
struct Remembered {
  std::string token;
  std::uint32_t key_number = 0;
  std::string sealed_key;
  SessionTokens::Opened opened;
};
using Memory = Recent<Remembered, 256>;

Memory& memory() {
  static thread_local Memory remembered;
  return remembered;
}

/// The end of a token is its GCM tag, which is as good as a hash of the rest.
std::size_t hash_of(std::string_view token) {
  constexpr std::size_t kTail = 16;
  return std::hash<std::string_view>{}(token.substr(token.size() - std::min(kTail, token.size())));
}

std::optional<SessionTokens::Opened> open_sealed(const WorkingKey& key, std::string_view bytes) {
  const std::string_view token_head = bytes.substr(0, kHeadBytes);
  const std::string_view nonce = bytes.substr(kHeadBytes, crypto::AeadKey::kNonceBytes);
  const std::string_view sealed = bytes.substr(kHeadBytes + nonce.size());
  const std::optional<std::string> plain = key.seal.open(nonce, associated_data(token_head), sealed);
  if (!plain) return std::nullopt;
  std::optional<Session> session = decode_session(*plain);
  if (!session) return std::nullopt;
  if (session->policy) {
    auto compiled = policy::compile(*session->policy, policy::Kind::kSession);
    if (!compiled) return std::nullopt;  // what it withholds is unknown, so it allows nothing
    session->compiled = std::move(compiled).value();
  }
  for (const std::string& scope : session->scoped_policies) {
    auto compiled = policy::compile(scope, policy::Kind::kSession);
    if (!compiled) return std::nullopt;
    session->compiled_scopes.push_back(std::move(compiled).value());
  }
  std::string secret = key.secret_access_key(session->access_key_id, nonce);
  return SessionTokens::Opened{std::make_shared<const Session>(*std::move(session)), std::move(secret)};
}

}  // namespace

struct SessionTokens::Impl {
  const crypto::Vault& vault;

  [[nodiscard]] std::optional<Opened> open_first_time(const directory::Snapshot& snapshot, std::string_view token,
                                                      std::size_t hash) const {
    const std::optional<std::string> bytes = unbase64(token);
    if (!bytes || bytes->size() < kMinBytes || (*bytes)[0] != kVersion) return std::nullopt;
    const TokenKey* key = key_numbered(snapshot, number_in(*bytes));
    const WorkingKey* working = key != nullptr ? working_key(vault, *key) : nullptr;
    if (working == nullptr) return std::nullopt;
    std::optional<Opened> opened = open_sealed(*working, *bytes);
    if (opened) memory().replace(hash) = {std::string(token), key->number, key->sealed_key, *opened};
    return opened;
  }
};

SessionTokens::SessionTokens(const crypto::Vault& vault) : impl_(std::make_unique<Impl>(Impl{vault})) {}
SessionTokens::~SessionTokens() = default;

TokenKey SessionTokens::make_key(const directory::Snapshot& snapshot, crypto::Entropy& entropy, Time now) const {
  const TokenKey* newest = newest_key(snapshot);
  TokenKey key;
  key.number = newest != nullptr ? newest->number + 1 : 1;
  while (snapshot.unreadable().get(directory::key_of(key)) != nullptr) ++key.number;
  std::string root = entropy.bytes(kRootKeyBytes);
  key.sealed_key = impl_->vault.seal(entropy, root, purpose(key.number));
  crypto::wipe(root);
  key.created = now;
  return key;
}

directory::Changes SessionTokens::rotate(const directory::Snapshot& snapshot, crypto::Entropy& entropy,
                                         Time now) const {
  directory::Changes changes;
  const TokenKey* newest = newest_key(snapshot);
  if (newest == nullptr || newest->created + kKeyLife <= now) changes.create(make_key(snapshot, entropy, now));
  const TokenKey* before = nullptr;
  snapshot.token_keys().each([&](const TokenKey& key) {
    // Since `key` may seal, `before` seals nothing; whoever is late is given as long again.
    const Time last_token_of_before = usable_from(key) + kSeenByAll;
    if (before != nullptr && last_token_of_before + kLongestSession <= now) changes.erase(*before);
    before = &key;
  });
  return changes;
}

Credentials SessionTokens::issue(const directory::Snapshot& snapshot, crypto::Entropy& entropy, Session session,
                                 std::size_t least_size) const {
  const TokenKey* key = sealing_key(snapshot, session.issued);
  const WorkingKey* working = key != nullptr ? working_key(impl_->vault, *key) : nullptr;
  if (working == nullptr) {  // the server makes a key before it serves, and checks that the vault is the store's
    log::last_word("no usable session token key");
    std::abort();
  }
  session.access_key_id = crypto::make_access_key_id(entropy, "ASIA", session.account);
  const std::string nonce = entropy.bytes(crypto::AeadKey::kNonceBytes);
  std::string bytes = head(key->number);
  const std::string associated = associated_data(bytes);
  bytes.append(nonce);
  session.padding = 0;
  std::string plain = encode_session(session);
  session.padding = padding_to(least_size, plain.size());
  if (session.padding != 0) plain = encode_session(session);
  working->seal.seal_to(bytes, nonce, associated, plain);
  return {session.access_key_id, working->secret_access_key(session.access_key_id, nonce), base64(bytes),
          session.expires};
}

std::optional<SessionTokens::Opened> SessionTokens::open(const directory::Snapshot& snapshot,
                                                         std::string_view token) const {
  if (token.empty() || token.size() > kMaxText) return std::nullopt;
  const std::size_t hash = hash_of(token);
  if (const Remembered* hit = memory().find(hash, [&](const Remembered& r) { return r.token == token; })) {
    const TokenKey* key = key_numbered(snapshot, hit->key_number);
    if (key == nullptr || key->sealed_key != hit->sealed_key) return std::nullopt;
    return hit->opened;
  }
  return impl_->open_first_time(snapshot, token, hash);
}

bool SessionTokens::can_open(const directory::Snapshot& snapshot) const {
  bool all = true;
  snapshot.token_keys().each(
      [&](const TokenKey& key) { all = all && impl_->vault.unseal(key.sealed_key, purpose(key.number)).has_value(); });
  return all;
}

bool SessionTokens::fits(const Session& session) {
  constexpr std::size_t kPerItem = 4;  // numbers and lengths of its fields
  std::size_t bytes = session.policy ? session.policy->size() + kPerItem : 0;
  for (const std::string& arn : session.policy_arns) bytes += arn.size() + kPerItem;
  for (const std::string& scope : session.scoped_policies) bytes += scope.size() + kPerItem;
  for (const directory::Tag& tag : session.tags) bytes += tag.key.size() + tag.value.size() + kPerItem;
  for (const std::string& key : session.transitive_tag_keys) bytes += key.size() + kPerItem;
  if (bytes > kPolicyBytes) return false;
  bytes = session.federated_provider.size();
  std::size_t values = 0;
  for (const directory::NamedKey& key : session.federated_keys) {
    for (const std::string& value : key.values) {
      const std::size_t pair = key.name.size() + value.size() + 8;  // and what is written around the two
      if (pair > kLongestPair || ++values > kMostFederatedKeys) return false;
      bytes += pair;
    }
  }
  return bytes + kPolicyBytes + kOtherFields <= kMaxPlain;
}

}  // namespace deputy::authn
