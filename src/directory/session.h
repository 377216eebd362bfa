// A session: what temporary credentials stand for. It lives in the session token (authn/session_token.h), not in the
// store; the token is the session. docs/policy-evaluation.md, sections S and T.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "directory/entities.h"

namespace deputy::directory {

/// A condition key that has no slot of its own, with its values: what an identity provider says of a caller
/// ("token.actions.githubusercontent.com:sub", "saml:sub"). [K-12, K-13]
struct NamedKey {
  std::string name;
  std::vector<std::string> values;  // at least one
  friend bool operator==(const NamedKey&, const NamedKey&) = default;
};
using NamedKeys = std::vector<NamedKey>;

struct Session {
  // kAssumedRoot: of AssumeRoot, root for the task of `policy_arns` alone; kRoot: of GetSessionToken.
  enum class Kind : std::uint8_t { kRole = 1, kUser = 2, kFederatedUser = 3, kRoot = 4, kAssumedRoot = 5 };

  Kind kind = Kind::kRole;
  AccountId account;
  UniqueId issuer;  // AROA… of the role, AIDA… of the user; of root: ACCT…, the account's generation
  // The role's or user's name when the session was made; of kAssumedRoot: the organization whose member it is root of.
  std::string issuer_name;
  std::string name;  // RoleSessionName, or the federated user's name
  std::string access_key_id;
  Time issued, expires;
  std::optional<std::string> policy;     // inline session policy, without white space
  std::vector<std::string> policy_arns;  // managed session policies, read at each request [S-4]
  Tags tags;
  std::vector<std::string> transitive_tag_keys;
  std::string source_identity;          // empty: none
  std::optional<bool> mfa;              // aws:MultiFactorAuthPresent [K-3]; nullopt: the key is absent
  Time mfa_time;                        // with mfa: when the code was given
  std::uint32_t chain_depth = 0;        // 0: made with long-term credentials
  std::string federated_provider = {};  // aws:FederatedProvider: of sessions made by SAML or web identity; else empty
  NamedKeys federated_keys = {};        // what of the assertion lives on in every request [K-12, K-13]
  std::vector<std::string> scoped_policies = {};  // of GetScopedCredentials: each narrows what all before it leave
  std::uint32_t padding = 0;                      // bytes of nothing that its token carries: MinimumSessionTokenSize

  policy::CompiledPolicyPtr compiled;  // of `policy`; set when the token is opened, not part of it
  std::vector<policy::CompiledPolicyPtr> compiled_scopes = {};  // of `scoped_policies`, in their order; the same
};
using SessionPtr = std::shared_ptr<const Session>;

}  // namespace deputy::directory
