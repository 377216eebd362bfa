#include "authn/signature/credentials.h"

#include <functional>

#include "authn/recent.h"
#include "authn/signature/access_key.h"
#include "base/arn.h"
#include "base/encoding.h"
#include "crypto/secret.h"

namespace deputy::authn {
namespace {

using directory::Caller;
using directory::Session;

Caller named_after_user(Caller caller, const directory::User& user) {
  caller.kind = Caller::Kind::kUser;
  caller.user = &user;
  caller.arn = user.arn();
  caller.user_id = user.id.str();
  return caller;
}

Caller named_after_root(Caller caller) {
  caller.kind = Caller::Kind::kRoot;
  caller.arn = root_arn(caller.account_id());
  caller.user_id = caller.account_id().str();
  return caller;
}

std::optional<Caller> role_session(Caller caller, const Session& session) {
  // Role names cannot change, so the name finds the role and the id tells whether it is the same one.
  const directory::Role* role = caller.account->roles.get(ascii_lower(session.issuer_name));
  if (role == nullptr || role->id != session.issuer) return std::nullopt;
  caller.kind = Caller::Kind::kRoleSession;
  caller.role = role;
  caller.arn = assumed_role_arn(session.account, role->name, session.name);
  caller.user_id = role->id.str() + ":" + session.name;
  return caller;
}

std::optional<Caller> user_session(Caller caller, const Session& session) {
  const directory::User* user = caller.account->users_by_id.get(session.issuer.str());
  if (user == nullptr) return std::nullopt;
  return named_after_user(std::move(caller), *user);
}

/// Whether root of this very account made it, and not that of another one which had its number before.
bool is_of_root(const Caller& caller, const Session& session) {
  return session.issuer == caller.account->account.generation;
}

std::optional<Caller> root_session(Caller caller, const Session& session) {
  if (!is_of_root(caller, session)) return std::nullopt;
  return named_after_root(std::move(caller));
}

/// Root for a task, as long as the account is in the organization that set the task.
std::optional<Caller> assumed_root_session(Caller caller, const Session& session) {
  const auto& member = caller.account->membership;
  if (member == nullptr || member->organization != session.issuer_name) return std::nullopt;
  return root_session(std::move(caller), session);
}

std::optional<Caller> federated_session(Caller caller, const Session& session) {
  if (!is_of_root(caller, session)) {
    caller.user = caller.account->users_by_id.get(session.issuer.str());
    if (caller.user == nullptr) return std::nullopt;
  }
  caller.kind = Caller::Kind::kFederatedUser;
  caller.arn = federated_user_arn(session.account, session.name);
  caller.user_id = session.account.str() + ":" + session.name;
  return caller;
}

Result<Candidate, CredentialFault> find_session(const directory::Snapshot& snapshot, const SessionTokens& tokens,
                                                std::string_view access_key_id, std::optional<std::string_view> token,
                                                Time now) {
  if (!token || token->empty()) return CredentialFault::kTokenMissing;
  std::optional<SessionTokens::Opened> opened = tokens.open(snapshot, *token);
  if (!opened) return CredentialFault::kTokenMalformed;
  if (opened->session->access_key_id != access_key_id) return CredentialFault::kTokenForeign;
  if (now >= opened->session->expires) return CredentialFault::kTokenExpired;
  if (now + SessionTokens::kClocksApart < opened->session->issued) return CredentialFault::kTokenFromFuture;
  std::optional<Caller> caller = caller_of(snapshot, opened->session);
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

Caller caller_of(const directory::KeyOwner& owner) {
  Caller caller;
  caller.account = owner.account;
  caller.access_key_id = owner.key->id;
  return owner.user != nullptr ? named_after_user(std::move(caller), *owner.user) : named_after_root(std::move(caller));
}

std::optional<Caller> caller_of(const directory::Snapshot& snapshot, const directory::SessionPtr& session) {
  Caller caller;
  caller.account = snapshot.account(session->account);
  if (caller.account == nullptr || !caller.account->is_open()) return std::nullopt;
  caller.access_key_id = session->access_key_id;
  caller.session = session;
  switch (session->kind) {
    case Session::Kind::kRole:
      return role_session(std::move(caller), *session);
    case Session::Kind::kUser:
      return user_session(std::move(caller), *session);
    case Session::Kind::kFederatedUser:
      return federated_session(std::move(caller), *session);
    case Session::Kind::kRoot:
      return root_session(std::move(caller), *session);
    case Session::Kind::kAssumedRoot:
      return assumed_root_session(std::move(caller), *session);
  }
  return std::nullopt;
}

Result<Candidate, CredentialFault> find_candidate(const directory::Snapshot& snapshot, const SessionTokens& tokens,
                                                  std::string_view access_key_id, std::optional<std::string_view> token,
                                                  Time now) {
  if (is_temporary_key(access_key_id)) return find_session(snapshot, tokens, access_key_id, token, now);
  const std::optional<directory::KeyOwner> owner = snapshot.access_key(access_key_id);
  if (!owner || !owner->key->active || !owner->account->is_open()) return CredentialFault::kUnknownKey;
  return Candidate{caller_of(*owner), owner->key, {}};
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
