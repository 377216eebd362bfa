// How entities lie in the store: their keys and their bytes. The grammar is at the top of codec.cpp and in fields.h.
//
//   account/<id>                          Account
//   account/<id>/oidc-provider/<url>      OidcProvider; a URL knows upper from lower case
//   account/<id>/user|group|role|policy|instance-profile/<lower-cased name>
//   account/<id>/saml-provider/<name>    SamlProvider
//   used-assertion/<time>/<digest>        UsedAssertion; in the order of time, so that old ones are found
//   account/<id>/mfa/<lower-cased path and name>   MfaDevice
//   bucket/<name>                         Bucket
//   tenant-accounts                       TenantAccounts
//   deleted-account/<id>                  DeletedAccount
//   account/<id>/credential-report/last   CredentialReport
//   account/<id>/membership/organization  Membership: so that an account has one at most
//   organization/<id>                     Organization
//   organization/<id>/handshake|creation/<id>   Handshake, AccountCreation
//   token-key/<ten digits>                TokenKey
//   access-key/<access key id>            nothing but the guard that an id is used once; the value is empty
//   alias/<account alias>                 the same for account aliases
//   last-use/<key id or role id>          LastUse; not in the snapshot, nobody guards it (directory/usage.h)
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "directory/entities.h"
#include "directory/organization.h"
#include "policy/compiled.h"

namespace deputy::directory {

std::string key_of(const Account& entity);
std::string key_of(const User& entity);
std::string key_of(const Group& entity);
std::string key_of(const Role& entity);
std::string key_of(const ManagedPolicy& entity);
std::string key_of(const OidcProvider& entity);
std::string key_of(const InstanceProfile& entity);
std::string key_of(const SamlProvider& entity);
std::string key_of(const UsedAssertion& entity);
std::string key_of(const MfaDevice& entity);
std::string key_of(const Bucket& entity);
/// The end of a device's key, which is also its key in a snapshot: "phone", "team/phone".
std::string mfa_key(std::string_view path, std::string_view name);
std::string key_of(const TokenKey& entity);
std::string key_of(const TenantAccounts& entity);
std::string key_of(const DeletedAccount& entity);
inline constexpr std::string_view kTenantAccounts = "tenant-accounts", kDeletedAccounts = "deleted-account/";
std::string key_of(const Organization& entity);
std::string key_of(const CredentialReport& entity);
std::string key_of(const Membership& entity);
std::string key_of(const Handshake& entity);
std::string key_of(const AccountCreation& entity);
inline constexpr std::string_view kOrganizations = "organization/";
std::string access_key_guard(std::string_view access_key_id);
std::string alias_guard(std::string_view alias);
inline constexpr std::string_view kLastUses = "last-use/";
std::string last_use_key(std::string_view id);

/// Compiles documents as they enter a snapshot, or hands out an identical one that is there already. Thread-safe.
class PolicyPool {
 public:
  PolicyPool();
  ~PolicyPool();
  Result<PolicyText, policy::Problem> share(std::string_view document, policy::Kind kind);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

template <class Entity>
std::string encode(const Entity& entity);

/// Strict: a field that this version does not know is an error, because leaving one out could grant what it withheld.
/// The error is a sentence for the operator. Sets `compiled` of every document from the pool.
template <class Entity>
Result<Entity, std::string> decode(std::string_view bytes, PolicyPool& pool);

}  // namespace deputy::directory
