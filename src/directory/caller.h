// Who is calling, as established by authn/ and bound to one snapshot.
#pragma once

#include <optional>
#include <string>

#include "directory/session.h"
#include "directory/snapshot.h"

namespace deputy::directory {

/// An AWS service that calls with its own principal, on behalf of a customer's resource. [K-7, T-15, A-4]
struct ServiceCall {
  std::string name;                // "lambda.amazonaws.com"
  std::vector<std::string> names;  // all names of that service, for aws:PrincipalServiceNamesList
  // What it acts for; empty where it acts for nothing of a customer's:
  std::string source_arn, source_account, source_org_id;
  std::vector<std::string> source_org_paths;
};

/// A call that is vouched for by an identity provider instead of a signature. [T-13]
struct FederatedCall {
  std::string provider;  // as a Federated principal names it: the provider's ARN, or "accounts.google.com"
  std::string subject;
  NamedKeys keys;  // what the assertion says [K-12, K-13]
  std::string audience = {};
  std::string issuer = {}, subject_type = {}, name_qualifier = {};  // of SAML
  std::string assertion_id = {};                                    // of SAML: works once
  Time usable_until = {};                                           // … and not at all after this
  // Of the session that it makes, if it says so:
  Tags tags = {};
  std::vector<std::string> transitive_tag_keys = {};
  std::string source_identity = {};
  std::string session_name = {};           // of SAML
  std::optional<Time> session_until = {};  // of SAML: when the provider's own session ends
};

struct Caller {
  enum class Kind : std::uint8_t {
    kAnonymous,
    kRoot,
    kUser,
    kRoleSession,
    kFederatedUser,
    kService,
    kWebIdentity,
    kSaml
  };

  Kind kind = Kind::kAnonymous;
  std::string arn;            // as GetCallerIdentity shows it; empty for anonymous, services, and federated calls
  std::string user_id;        // aws:userid: AIDA…, AROA…:session, account:name, the account id
  std::string access_key_id;  // that signed; empty for anonymous
  // Of the snapshot the caller was identified against, and only valid with it:
  const AccountState* account = nullptr;  // null for anonymous, services and federated calls
  const User* user = nullptr;             // users, and federated users made by one
  const Role* role = nullptr;             // role sessions
  SessionPtr session;                     // null for long-term keys
  bool gave_mfa_code = false;             // with this call, and it was right: aws:MultiFactorAuthPresent of it [K-3]

  std::shared_ptr<const ServiceCall> service;      // kService, and only there
  std::shared_ptr<const FederatedCall> federated;  // kWebIdentity and kSaml, and only there

  [[nodiscard]] bool is_temporary() const { return session != nullptr; }
  [[nodiscard]] const AccountId& account_id() const { return account->account.id; }
};

}  // namespace deputy::directory
