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
#include "directory/entities.h"
#include "directory/organization.h"
#include "directory/sorted_map.h"

namespace deputy::directory {

/// One account and what belongs to it. Maps are keyed by lower-cased name.
struct AccountState {
  Account account;
  SortedMap<User> users;
  SortedMap<Group> groups;
  SortedMap<Role> roles;
  SortedMap<ManagedPolicy> policies;
  SortedMap<InstanceProfile> instance_profiles;
  SortedMap<MfaDevice> mfa_devices;  // by mfa_key (directory/codec.h)
  SortedMap<User> users_by_id;       // users and groups can be renamed, so others refer to them by id
  SortedMap<Group> groups_by_id;
  SortedMap<Bucket> buckets;
  SortedMap<SamlProvider> saml_providers;
  SortedMap<OidcProvider> oidc_providers;                     // by URL without scheme
  std::shared_ptr<const CredentialReport> credential_report;  // null: none yet. It goes with the account
  std::shared_ptr<const Membership> membership;               // null: in no organization

  /// Calls `f` with each map of what belongs to the account; the maps by id hold the same again. Whoever adds a kind
  /// adds it here: deleting an account and counting what it holds go by this.
  template <class F>
  void each_map(F f) const {
    f(users);
    f(groups);
    f(roles);
    f(policies);
    f(buckets);
    f(oidc_providers);
    f(saml_providers);
    f(instance_profiles);
    f(mfa_devices);
  }
};

/// One organization and what belongs to it.
struct OrganizationState {
  Organization organization;
  SortedMap<Membership> members;  // by account id
  SortedMap<Handshake> handshakes;
  SortedMap<AccountCreation> creations;

  [[nodiscard]] bool is_management(const AccountId& account) const { return organization.management == account; }
  /// As aws:PrincipalOrgPaths has it: "o-a1b2c3d4e5/r-ab12/". [O-12]
  [[nodiscard]] std::string path_of(const Membership& member) const;
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

class Snapshot;
using SnapshotPtr = std::shared_ptr<const Snapshot>;

class Snapshot {
 public:
  /// Nothing stored yet; `aws_policies` are the AWS managed policies, the same in every snapshot that follows.
  static SnapshotPtr empty(std::vector<ManagedPolicy> aws_policies);

  /// The snapshot in which `changes` (of one or several commits, the newest being `revision`) have happened. Each entry
  /// is stamped with `revision_of[i]` when given, else with `revision`.
  [[nodiscard]] Result<SnapshotPtr, CorruptEntry> apply(Revision revision, std::span<const StoredChange> changes,
                                                        std::span<const Revision> revision_of = {}) const;

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

  /// By full ARN, path included; null also if the ARN is of another kind.
  [[nodiscard]] const User* user_by_arn(std::string_view arn) const;
  [[nodiscard]] const Role* role_by_arn(std::string_view arn) const;
  /// Customer managed or AWS managed.
  [[nodiscard]] const ManagedPolicy* policy_by_arn(std::string_view arn) const;
  [[nodiscard]] const SamlProvider* saml_provider_by_arn(std::string_view arn) const;
  [[nodiscard]] const OidcProvider* oidc_provider_by_arn(std::string_view arn) const;
  /// By serial number.
  [[nodiscard]] const MfaDevice* mfa_device(std::string_view arn) const;
  [[nodiscard]] const SortedMap<ManagedPolicy>& aws_policies() const { return *aws_policies_; }

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

  Revision revision_ = 0;
  SortedMap<AccountState> accounts_;
  SortedMap<KeyPlace> access_keys_;
  SortedMap<AccountId> issuers_;
  SortedMap<Bucket> buckets_;
  SortedMap<TokenKey> token_keys_;
  SortedMap<UsedAssertion> used_assertions_;
  SortedMap<DeletedAccount> deleted_accounts_;
  TenantAccounts tenant_accounts_;
  SortedMap<OrganizationState> organizations_;
  std::shared_ptr<const SortedMap<ManagedPolicy>> aws_policies_;  // by ARN
  std::shared_ptr<class PolicyPool> pool_;                        // shared compiled policies; thread-safe
};

}  // namespace deputy::directory
