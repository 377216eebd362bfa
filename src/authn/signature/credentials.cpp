#include "authn/signature/credentials.h"

#include <functional>

#include "authn/recent.h"
#include "authn/signature/access_key.h"
#include "crypto/secret.h"
#include "directory/callers.h"

namespace deputy::authn {
namespace {

using directory::Caller;

Result<Candidate, CredentialFault> find_session(const directory::Snapshot& snapshot, const SessionTokens& tokens,
                                                std::string_view access_key_id, std::optional<std::string_view> token,
                                                Time now) {
  if (!token || token->empty()) return CredentialFault::kTokenMissing;
  std::optional<SessionTokens::Opened> opened = tokens.open(snapshot, *token);
  if (!opened) return CredentialFault::kTokenMalformed;
  if (opened->session->access_key_id != access_key_id) return CredentialFault::kTokenForeign;
  if (now >= opened->session->expires) return CredentialFault::kTokenExpired;
  if (now + SessionTokens::kClocksApart < opened->session->issued) return CredentialFault::kTokenFromFuture;
  std::optional<Caller> caller = directory::caller_of(snapshot, opened->session);
  if (!caller) return CredentialFault::kIssuerGone;
  return Candidate{std::move(*caller), nullptr, std::move(opened->secret_access_key)};
}

/// A derived key, and what it was derived from. INVARIANT: found only by the credential and by the secret behind it, so
/// that a key id that was given another secret does not live on here (IdentifyTest.AReplacedSecretIsTheOnlyOne).
struct DerivedKey {
  std::string credential;  // key id and scope, as sent
  std::string origin;      // the sealed secret, which no two secrets share; for a session the secret itself
  std::optional<crypto::HmacKey> key;

  DerivedKey() = default;
  DerivedKey& operator=(DerivedKey&& other) noexcept {
    crypto::wipe(origin);
    credential = std::move(other.credential);
    origin = std::move(other.origin);
    key = other.key;
    return *this;
  }
  ~DerivedKey() { crypto::wipe(origin); }
};

crypto::HmacKey derive(std::string_view secret, const Credential& c) {
  std::string first = "AWS4";
  first.append(secret);
  const crypto::Digest date = crypto::hmac_sha256(first, c.date);
  crypto::wipe(first);
  const crypto::Digest region = crypto::hmac_sha256(date.view(), c.region);
  const crypto::Digest service = crypto::hmac_sha256(region.view(), c.service);
  return crypto::HmacKey(crypto::hmac_sha256(service.view(), c.terminator).view());
}

}  // namespace

Result<Candidate, CredentialFault> find_candidate(const directory::Snapshot& snapshot, const SessionTokens& tokens,
                                                  std::string_view access_key_id, std::optional<std::string_view> token,
                                                  Time now) {
  if (is_temporary_key(access_key_id)) return find_session(snapshot, tokens, access_key_id, token, now);
  const std::optional<directory::KeyOwner> owner = snapshot.access_key(access_key_id);
  if (!owner || !owner->key->active || !owner->account->is_open()) return CredentialFault::kUnknownKey;
  return Candidate{directory::caller_of(*owner), owner->key, {}};
}

std::optional<crypto::HmacKey> signing_key(const crypto::Vault& vault, const Candidate& candidate,
                                           const Credential& credential) {
  static thread_local Recent<DerivedKey, 256> derived;
  const std::string_view origin =
      candidate.long_term != nullptr ? candidate.long_term->sealed_secret : candidate.session_secret;
  const std::size_t hash = std::hash<std::string_view>{}(credential.text);
  const auto same = [&](const DerivedKey& d) { return d.credential == credential.text && d.origin == origin; };
  if (const DerivedKey* hit = derived.find(hash, same)) return hit->key;

  crypto::Secret secret;
  if (candidate.long_term != nullptr) {
    std::optional<crypto::Secret> unsealed = unseal_access_key(vault, *candidate.long_term);
    if (!unsealed) return std::nullopt;
    secret = std::move(*unsealed);
  } else {
    secret = crypto::Secret(std::string_view(candidate.session_secret));
  }
  DerivedKey& slot = derived.replace(hash);
  slot.credential = credential.text;
  slot.origin = origin;
  slot.key = derive(secret.reveal(), credential);
  return slot.key;
}

}  // namespace deputy::authn
