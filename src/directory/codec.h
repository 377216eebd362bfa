// How entities lie in the store: their keys and their bytes. The grammar is at the top of codec.cpp and in fields.h.
//
//   account/<id>                          Account
//   account/<id>/<word>/<key name>        what is of an account: the words stand in kinds.h, and the names are
//                                         lower-cased, but for the URL of an OidcProvider
//   used-assertion/<time>/<digest>        UsedAssertion; in the order of time, so that old ones are found
//   bucket/<name>                         Bucket
//   tenant-accounts                       TenantAccounts
//   deleted-account/<id>                  DeletedAccount
//   account/<id>/credential-report/last   CredentialReport: the last one alone
//   account/<id>/membership/organization  Membership: so that an account has one at most
//   organization/<id>                     Organization
//   organization/<id>/<word>/<id>         what is of an organization: the words stand in kinds.h
//   organization/<id>/resource-policy/organization   DelegationPolicy: so that there is one at most
//   token-key/<ten digits>                TokenKey
//   access-key/<access key id>            nothing but the guard that an id is used once; the value is empty
//   alias/<account alias>                 the same for account aliases
//   object/, version/, upload/, part/, unused-bytes/   what buckets hold: objects.h
//   last-use/<id of key, role or user>       LastUse; not in the snapshot, nobody guards it (directory/usage.h)
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/encoding.h"
#include "base/result.h"
#include "directory/entities.h"
#include "directory/kinds.h"
#include "directory/organization.h"
#include "policy/compiled.h"

namespace deputy::directory {

/// How an entity is called among those of its kind: the end of its key in the store, and its key in a map of a snapshot.
template <class Entity>
std::string key_name(const Entity& entity) {
  if constexpr (requires { entity.key_name(); }) {
    return entity.key_name();
  } else if constexpr (requires { entity.name; }) {
    return ascii_lower(entity.name);
  } else {
    return entity.id.str();
  }
}

#define DEPUTY_ROW(Entity, map, word) std::string key_of(const Entity& entity);
DEPUTY_KINDS(DEPUTY_ROW)
#undef DEPUTY_ROW

/// The word of a kind (directory/kinds.h).
template <class Entity>
inline constexpr std::string_view kWord = {};
#define DEPUTY_ROW(Entity, map, word) \
  template <>                         \
  inline constexpr std::string_view kWord<Entity> = word;
DEPUTY_KINDS(DEPUTY_ROW)
#undef DEPUTY_ROW

inline constexpr std::string_view kAccessKeys = "access-key/", kAliases = "alias/";
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
