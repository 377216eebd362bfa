// Who is calling, as established by authn/ and bound to one snapshot.
#pragma once

#include <optional>
#include <string>

#include "directory/session.h"
#include "directory/snapshot.h"

namespace deputy::directory {

struct Caller {
  enum class Kind : std::uint8_t { kAnonymous, kRoot, kUser, kRoleSession, kFederatedUser };

  Kind kind = Kind::kAnonymous;
  std::string arn;            // as GetCallerIdentity shows it; empty for anonymous
  std::string user_id;        // aws:userid: AIDA…, AROA…:session, account:name, the account id
  std::string access_key_id;  // that signed; empty for anonymous
  // Of the snapshot the caller was identified against, and only valid with it:
  const AccountState* account = nullptr;  // null for anonymous
  const User* user = nullptr;             // users, and federated users made by one
  const Role* role = nullptr;             // role sessions
  SessionPtr session;                     // null for long-term keys

  [[nodiscard]] bool is_temporary() const { return session != nullptr; }
  [[nodiscard]] const AccountId& account_id() const { return account->account.id; }
};

}  // namespace deputy::directory
