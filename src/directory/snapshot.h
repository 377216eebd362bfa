// The directory at one moment: one immutable tree of all accounts, with the revision of the store that it shows.
//
// A request pins one snapshot, so that both sides of a cross-account decision, global names and keys are of the same
// moment. Lookups cost a few comparisons; pointers live as long as the snapshot. The next snapshot shares all that did
// not change: apply() copies one chunk per entity that did.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/aws_policies.h"
#include "directory/entities.h"
#include "directory/guardrails.h"
#include "directory/organization.h"
#include "directory/reading.h"
#include "directory/sorted_map.h"

namespace deputy::directory {

/// One account and what belongs to it (directory/kinds.h). Maps are keyed by key_name (directory/codec.h): by lower-cased
/// name, for most.
struct AccountState {
  Account account;
#define DEPUTY_ROW(Entity, map, word) SortedMap<Entity> map;
  DEPUTY_KINDS_OF_ACCOUNTS(DEPUTY_ROW)  // users, groups, roles, policies …
#undef DEPUTY_ROW
#define DEPUTY_ROW(Entity, single, word) std::shared_ptr<const Entity> single;
  DEPUTY_SINGLES_OF_ACCOUNTS(DEPUTY_ROW)  // null: there is none
#undef DEPUTY_ROW
  SortedMap<User> users_by_id;  // users and groups can be renamed, so others refer to them by id
  SortedMap<Group> groups_by_id;
  SortedMap<Bucket> buckets;
  /// What decides about all of it cannot be read: its own entry, or that of its place in an organization.
  bool damaged = false;

  /// Whether anybody of it is let in.
  [[nodiscard]] bool is_open() const { return !account.closed && !account.suspended && !damaged; }

  /// Calls `f` with each map of what belongs to the account; the maps by id hold the same again. Deleting an account and
  /// counting what it holds go by this.
  template <class F>
  void each_map(F f) const {
#define DEPUTY_ROW(Entity, map, word) f(map);
    DEPUTY_KINDS_OF_ACCOUNTS(DEPUTY_ROW)
#undef DEPUTY_ROW
    f(buckets);
  }
  /// And with each entity of which it has one at most, if it has it. They go with the account.
  template <class F>
  void each_single(F f) const {
#define DEPUTY_ROW(Entity, single, word) \
  if (single) f(*(single));
    DEPUTY_SINGLES_OF_ACCOUNTS(DEPUTY_ROW)
#undef DEPUTY_ROW
  }
};

/// One organization and what belongs to it.
struct OrganizationState {
  Organization organization;
  SortedMap<Membership> members;  // by account id
#define DEPUTY_ROW(Entity, map, word) SortedMap<Entity> map;
  DEPUTY_KINDS_OF_ORGANIZATIONS(DEPUTY_ROW)  // handshakes, creations …
#undef DEPUTY_ROW

  // Made of these (directory/guardrails.h):
  SortedMap<OrganizationPlace> places;  // by id of the root or unit
  SortedMap<Guardrails> bound;          // by account id: of accounts to which policies are attached themselves

  [[nodiscard]] bool is_management(const AccountId& account) const { return organization.management == account; }
  /// Where the account is; null: its unit cannot be read.
  [[nodiscard]] const OrganizationPlace* place_of(const Membership& member) const {
    return places.get(member.unit.empty() ? organization.root : member.unit);
  }
  /// As aws:PrincipalOrgPaths has it: "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/". [O-12] Empty where nobody knows.
  [[nodiscard]] const std::string& path_of(const Membership& member) const;
  /// Null: nothing binds it, which is so of the management account alone. [O-5]
  [[nodiscard]] const Guardrails* guardrails_of(const Membership& member) const;
  /// One of its own, or of AWS's. Null: there is none.
  [[nodiscard]] std::shared_ptr<const OrganizationPolicy> shared_policy(std::string_view id) const;
};

/// Whose long-term key it is.
struct KeyOwner {
  const AccountState* account = nullptr;
  const User* user = nullptr;  // null: the root user
  const AccessKey* key = nullptr;
};

/// One stored change: bytes under a key; nullopt deletes. The keys are those of directory/codec.h.
struct StoredChange {
  std::string_view key;
  std::optional<std::string_view> value;
};

/// Why stored bytes cannot be shown: damaged, or written by a newer Deputy. A sentence for the operator.
struct CorruptEntry {
  std::string key, reason;
};

/// One entry at start. `problem`: why its bytes are not to be believed, found before they were read; empty: they are.
struct StoredEntry {
  std::string_view key, value;
  Revision revision = 0;
  std::string_view problem;
};

/// An entry that was set aside at start: nothing of it is shown, what depends on it is refused, and nobody writes it
/// until the operator has removed it (services/admin/entries.cpp).
struct Unreadable {
  std::string key, reason, value;
  Revision revision = 0;
};

class Snapshot;
using SnapshotPtr = std::shared_ptr<const Snapshot>;

class Snapshot {
 public:
  /// Nothing stored yet; `aws_policies` are the AWS managed policies, the same in every snapshot that follows.
  static SnapshotPtr empty(AwsPolicyFacts aws_policies);

  /// A stored change as it would enter the next snapshot. What cannot be read must not be written.
  [[nodiscard]] Result<Reading, CorruptEntry> read(const StoredChange& change) const;

  /// The snapshot in which `changes` (of one or several commits, the newest being `revision`) have happened. It takes
  /// the entities of the readings over, and stamps them. Throws nothing but std::bad_alloc, and then may be called
  /// again.
  [[nodiscard]] SnapshotPtr apply(Revision revision, std::span<const Reading> changes) const;
  /// The two in one.
  [[nodiscard]] Result<SnapshotPtr, CorruptEntry> apply(Revision revision, std::span<const StoredChange> changes) const;

  /// The snapshot of all that is stored, in the order of keys: buckets name accounts, and "account/" sorts before
  /// "bucket/". What cannot be read is set aside: a user, role or provider is not there then, so nobody is it; a group
  /// or policy is missing where it is referred to, which denies everything (authz/gather.h); an account, and one whose
  /// membership cannot be read, lets nobody in; an assertion counts as used.
  [[nodiscard]] SnapshotPtr load(Revision revision, std::span<const StoredEntry> entries) const;

  /// What was set aside, by key.
  [[nodiscard]] const SortedMap<Unreadable>& unreadable() const { return unreadable_; }
  /// Whether a customer managed policy of this ARN was: it exists, but nobody knows what it says.
  [[nodiscard]] bool is_unreadable_policy(std::string_view arn) const;

  [[nodiscard]] Revision revision() const { return revision_; }

  [[nodiscard]] const AccountState* account(const AccountId& id) const;
  [[nodiscard]] const SortedMap<AccountState>& accounts() const { return accounts_; }
  /// Ignoring case, as mail does. One at most, but that an operator's data may be older than that rule.
  [[nodiscard]] std::vector<const AccountState*> accounts_with_email(std::string_view email) const;
  /// The account that has this issuer of identity tokens (Account::outbound_issuer), and all that have one.
  [[nodiscard]] const AccountState* account_of_issuer(std::string_view issuer) const;
  [[nodiscard]] const SortedMap<AccountId>& issuers() const { return issuers_; }

  /// By name as written: another case is another name to whoever asks, though it could not be created beside it.
  [[nodiscard]] const User* user(const AccountId& account, std::string_view name) const;
  [[nodiscard]] const Group* group(const AccountId& account, std::string_view name) const;
  [[nodiscard]] const Role* role(const AccountId& account, std::string_view name) const;
  [[nodiscard]] const InstanceProfile* instance_profile(const AccountId& account, std::string_view name) const;

  /// By full ARN, path included; null also if the ARN is of another kind. For all kinds that accounts have many of;
  /// customer managed policies alone, of policies.
  template <class Entity>
  [[nodiscard]] const Entity* by_arn(std::string_view arn) const;
  [[nodiscard]] const User* user_by_arn(std::string_view arn) const { return by_arn<User>(arn); }
  [[nodiscard]] const Role* role_by_arn(std::string_view arn) const { return by_arn<Role>(arn); }
  /// Customer managed or AWS managed.
  [[nodiscard]] const ManagedPolicy* policy_by_arn(std::string_view arn) const;
  [[nodiscard]] const SamlProvider* saml_provider_by_arn(std::string_view arn) const {
    return by_arn<SamlProvider>(arn);
  }
  [[nodiscard]] const OidcProvider* oidc_provider_by_arn(std::string_view arn) const {
    return by_arn<OidcProvider>(arn);
  }
  /// By serial number.
  [[nodiscard]] const MfaDevice* mfa_device(std::string_view arn) const { return by_arn<MfaDevice>(arn); }
  [[nodiscard]] const AwsPolicies& aws_policies() const { return *aws_policies_; }

  [[nodiscard]] const SortedMap<OrganizationState>& organizations() const { return organizations_; }
  [[nodiscard]] const OrganizationState* organization(std::string_view id) const { return organizations_.get(id); }
  /// That an account belongs to; null: none.
  [[nodiscard]] const OrganizationState* organization_of(const AccountState& account) const {
    return account.membership == nullptr ? nullptr : organization(account.membership->organization);
  }

  /// The entity with a unique id as ARN; empty if there is none. For users and roles: the principals of policies.
  /// Looks through all accounts: for saving a policy, not for deciding a request.
  [[nodiscard]] std::string arn_of(const UniqueId& id) const;
  /// How a stored principal shows today: its ARN, or empty if that entity is gone (then its id is shown). [P-12]
  [[nodiscard]] std::string current_arn(const ResolvedPrincipal& principal) const;

  [[nodiscard]] std::optional<KeyOwner> access_key(std::string_view id) const;
  [[nodiscard]] const Bucket* bucket(std::string_view name) const;
  /// In the order of the time until which they could be used; null: that one was not.
  [[nodiscard]] const SortedMap<UsedAssertion>& used_assertions() const { return used_assertions_; }
  [[nodiscard]] const UsedAssertion* used_assertion(const UsedAssertion& mark) const;
  /// As last written; all zero before the first.
  [[nodiscard]] const TenantAccounts& tenant_accounts() const { return tenant_accounts_; }
  /// Accounts that organizations made and that are still there.
  [[nodiscard]] std::size_t count_tenant_accounts() const;
  /// Null: no account of that number was deleted since its number was given the last time.
  [[nodiscard]] const DeletedAccount* deleted_account(const AccountId& id) const {
    return deleted_accounts_.get(id.view());
  }
  /// Whether an account may be made with this number without anybody having known it before.
  [[nodiscard]] bool is_fresh(const AccountId& id) const {
    return account(id) == nullptr && deleted_account(id) == nullptr;
  }
  /// Newest last; sessions are sealed with the newest and opened with any.
  [[nodiscard]] const SortedMap<TokenKey>& token_keys() const { return token_keys_; }

 private:
  struct KeyPlace {
    AccountId account;
    UniqueId user;  // empty: root
  };
  class Builder;
  friend class Draft;

  Revision revision_ = 0;
  SortedMap<AccountState> accounts_;
  SortedMap<KeyPlace> access_keys_;
  SortedMap<AccountId> issuers_;
#define DEPUTY_ROW(Entity, map, word) SortedMap<Entity> map##_;
  DEPUTY_KINDS_OF_SERVER(DEPUTY_ROW)
#undef DEPUTY_ROW
  TenantAccounts tenant_accounts_;
  SortedMap<OrganizationState> organizations_;
  SortedMap<Unreadable> unreadable_;
  std::shared_ptr<const AwsPolicies> aws_policies_;
  std::shared_ptr<class PolicyPool> pool_;  // shared compiled policies; thread-safe
};

}  // namespace deputy::directory
