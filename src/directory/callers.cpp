#include "directory/callers.h"

#include "base/arn.h"
#include "base/encoding.h"

namespace deputy::directory {
namespace {

Caller named_after_user(Caller caller, const User& user) {
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
  const Role* role = caller.account->roles.get(ascii_lower(session.issuer_name));
  if (role == nullptr || role->id != session.issuer) return std::nullopt;
  caller.kind = Caller::Kind::kRoleSession;
  caller.role = role;
  caller.arn = assumed_role_arn(session.account, role->name, session.name);
  caller.user_id = role->id.str() + ":" + session.name;
  return caller;
}

std::optional<Caller> user_session(Caller caller, const Session& session) {
  const User* user = caller.account->users_by_id.get(session.issuer.str());
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

/// "assumed-role/role/session", the role without its path.
SessionPtr session_named(const Snapshot& snapshot, const AccountId& account, std::string_view resource, Time now) {
  constexpr std::string_view kType = "assumed-role/";
  if (!resource.starts_with(kType)) return nullptr;
  resource.remove_prefix(kType.size());
  const std::size_t slash = resource.find('/');
  const Role* role = slash == std::string_view::npos ? nullptr : snapshot.role(account, resource.substr(0, slash));
  if (role == nullptr || slash + 1 == resource.size()) return nullptr;
  auto session = std::make_shared<Session>();
  session->account = account;
  session->issuer = role->id;
  session->issuer_name = role->name;
  session->name = resource.substr(slash + 1);
  session->issued = session->expires = now;
  session->mfa = false;
  return session;
}

}  // namespace

Caller caller_of(const KeyOwner& owner) {
  Caller caller;
  caller.account = owner.account;
  caller.access_key_id = owner.key->id;
  return owner.user != nullptr ? named_after_user(std::move(caller), *owner.user) : named_after_root(std::move(caller));
}

std::optional<Caller> caller_of(const Snapshot& snapshot, const SessionPtr& session) {
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

std::optional<Caller> caller_named(const Snapshot& snapshot, std::string_view text, Time now) {
  const auto arn = Arn::split(text);
  const auto id = arn ? AccountId::parse(arn->account) : std::nullopt;
  Caller caller;
  caller.account = id ? snapshot.account(*id) : nullptr;
  if (caller.account == nullptr || !caller.account->is_open()) return std::nullopt;
  if (text == root_arn(*id)) return named_after_root(std::move(caller));
  if (const User* user = snapshot.user_by_arn(text)) return named_after_user(std::move(caller), *user);
  if (arn->service != "sts") return std::nullopt;
  const SessionPtr session = session_named(snapshot, *id, arn->resource, now);
  if (session == nullptr) return std::nullopt;
  auto found = caller_of(snapshot, session);
  if (found && found->arn != text) return std::nullopt;  // of another partition, or with a region
  return found;
}

}  // namespace deputy::directory
