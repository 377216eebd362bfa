#include "directory/snapshot.h"

#include <fmt/format.h>

#include <map>

#include "base/arn.h"
#include "base/encoding.h"
#include "directory/codec.h"

namespace deputy::directory {
namespace {

constexpr std::string_view kUsedAssertion = "used-assertion/";

template <class Value>
const Value* named(const SortedMap<Value>& map, std::string_view name) {
  const Value* found = map.get(ascii_lower(name));
  return found != nullptr && found->name == name ? found : nullptr;
}

/// The name of an IAM ARN's resource "type/path/name"; empty if it is of another type or service.
std::string_view name_in(const Arn& arn, std::string_view type) {
  if (arn.partition != "aws" || arn.service != "iam" || !arn.region.empty()) return {};
  if (!arn.resource.starts_with(type) || arn.resource.size() <= type.size() || arn.resource[type.size()] != '/')
    return {};
  return arn.resource.substr(arn.resource.rfind('/') + 1);
}

}  // namespace

/// Applies stored changes to a copy of a snapshot. Accounts and organizations that change are copied once each and put
/// back at the end, when every organization that an account may name is there.
class Snapshot::Builder {
 public:
  explicit Builder(const Snapshot& from) : next_(std::make_shared<Snapshot>(from)) {}

  std::optional<std::string> apply(std::string_view key, std::optional<std::string_view> value, Revision revision) {
    revision_ = revision;
    if (key.starts_with("account/")) return apply_to_account(key.substr(8), value);
    if (key.starts_with("bucket/")) return apply_bucket(key.substr(7), value);
    if (key.starts_with(kDeletedAccounts)) {
      return put(next_->deleted_accounts_, key.substr(kDeletedAccounts.size()), value).error;
    }
    if (key == kTenantAccounts) return apply_tenant_accounts(value);
    if (key.starts_with(kUsedAssertion)) {
      return put(next_->used_assertions_, key.substr(kUsedAssertion.size()), value).error;
    }
    if (key.starts_with(kOrganizations)) return apply_to_organization(key.substr(kOrganizations.size()), value);
    if (key.starts_with("token-key/")) return put(next_->token_keys_, key.substr(10), value).error;
    if (key.starts_with(kLastUses)) return std::nullopt;  // directory/usage.h keeps them
    // Guards in the store; the snapshot derives them from their owners.
    if (key.starts_with("access-key/") || key.starts_with("alias/")) return std::nullopt;
    return "its kind is not one this version knows";
  }

  SnapshotPtr finish(Revision revision) {
    for (auto& [id, account] : touched_) next_->accounts_.put(id, std::move(account));
    for (const Moved& moved : moved_) move(moved);
    for (auto& [id, organization] : touched_organizations_) next_->organizations_.put(id, std::move(organization));
    next_->revision_ = revision;
    return std::move(next_);
  }

 private:
  template <class Entity>
  struct Replaced {
    std::shared_ptr<const Entity> before, after;
    std::optional<std::string> error = std::nullopt;
  };

  template <class Entity>
  Replaced<Entity> put(SortedMap<Entity>& map, std::string_view name, std::optional<std::string_view> value) {
    Replaced<Entity> replaced;
    if (const auto* found = map.find(name)) replaced.before = *found;
    if (!value) {
      map.erase(name);
      return replaced;
    }
    auto decoded = decode<Entity>(*value, *next_->pool_);
    if (!decoded) {
      replaced.error = decoded.error();
      return replaced;
    }
    decoded->revision = revision_;
    replaced.after = std::make_shared<const Entity>(std::move(decoded).value());
    map.put(std::string(name), replaced.after);
    return replaced;
  }

  /// The account for writing; null if there is none.
  AccountState* touch(std::string_view id) {
    auto& slot = touched_[std::string(id)];
    if (!slot) {
      const AccountState* existing = next_->accounts_.get(id);
      if (existing == nullptr) {
        touched_.erase(std::string(id));
        return nullptr;
      }
      slot = std::make_shared<AccountState>(*existing);
    }
    return slot.get();
  }

  void index_keys(const std::vector<AccessKey>* before, const std::vector<AccessKey>* after, const KeyPlace& place) {
    if (before != nullptr) {
      for (const AccessKey& key : *before) next_->access_keys_.erase(key.id);
    }
    if (after != nullptr) {
      for (const AccessKey& key : *after) next_->access_keys_.put(key.id, std::make_shared<const KeyPlace>(place));
    }
  }

  /// The issuer of an account is another now, or there is none any more.
  void index_issuer(std::string_view before, const Account& after) {
    if (!before.empty()) next_->issuers_.erase(before);
    if (after.outbound_issuer.empty()) return;
    next_->issuers_.put(after.outbound_issuer, std::make_shared<const AccountId>(after.id));
  }

  std::optional<std::string> apply_account(std::string_view id, std::optional<std::string_view> value) {
    AccountState* account = touch(id);
    if (!value) {
      if (account == nullptr) return std::nullopt;
      index_keys(&account->account.root_keys, nullptr, {});
      if (account->membership) moved_.push_back({account->membership, nullptr});
      index_issuer(account->account.outbound_issuer, {});
      touched_.erase(std::string(id));
      next_->accounts_.erase(id);
      return std::nullopt;
    }
    auto decoded = decode<Account>(*value, *next_->pool_);
    if (!decoded) return decoded.error();
    decoded->revision = revision_;
    if (decoded->generation.empty()) decoded->generation = UniqueId(std::string(kFirstGeneration));
    if (account == nullptr) account = (touched_[std::string(id)] = std::make_shared<AccountState>()).get();
    index_keys(&account->account.root_keys, &decoded->root_keys, {decoded->id, UniqueId()});
    if (account->account.outbound_issuer != decoded->outbound_issuer) {
      index_issuer(account->account.outbound_issuer, *decoded);
    }
    account->account = std::move(decoded).value();
    return std::nullopt;
  }

  std::optional<std::string> apply_to_account(std::string_view rest, std::optional<std::string_view> value) {
    const std::size_t slash = rest.find('/');
    const std::string_view id = rest.substr(0, slash);
    if (!AccountId::parse(id)) return "its account id has not twelve digits";
    if (slash == std::string_view::npos) return apply_account(id, value);
    rest.remove_prefix(slash + 1);
    const std::size_t second = rest.find('/');
    if (second == std::string_view::npos) return "its key is cut off";
    const std::string_view kind = rest.substr(0, second), name = rest.substr(second + 1);

    AccountState* account = touch(id);
    if (account == nullptr) return std::nullopt;  // left over from an account that was deleted: nobody's
    if (kind == "role") return put(account->roles, name, value).error;
    if (kind == "oidc-provider") return put(account->oidc_providers, name, value).error;
    if (kind == "saml-provider") return put(account->saml_providers, name, value).error;
    if (kind == "policy") return apply_policy(*account, name, value);
    if (kind == "instance-profile") return put(account->instance_profiles, name, value).error;
    if (kind == "mfa") return put(account->mfa_devices, name, value).error;
    if (kind == "credential-report") return apply_credential_report(*account, value);
    if (kind == "membership") return apply_membership(*account, value);
    if (kind == "user") {
      auto replaced = put(account->users, name, value);
      if (replaced.error) return replaced.error;
      reindex(account->users_by_id, replaced);
      const KeyPlace place{account->account.id, replaced.after ? replaced.after->id : UniqueId()};
      index_keys(replaced.before && owns_id(account->users_by_id, *replaced.before, replaced.after != nullptr)
                     ? &replaced.before->access_keys
                     : nullptr,
                 replaced.after ? &replaced.after->access_keys : nullptr, place);
      return std::nullopt;
    }
    if (kind == "group") {
      auto replaced = put(account->groups, name, value);
      if (!replaced.error) reindex(account->groups_by_id, replaced);
      return replaced.error;
    }
    return "its kind is not one this version knows";
  }

  std::optional<std::string> apply_policy(AccountState& account, std::string_view name,
                                          std::optional<std::string_view> value) {
    auto replaced = put(account.policies, name, value);
    if (replaced.error) return replaced.error;
    if (replaced.after && replaced.after->version(replaced.after->default_version) == nullptr) {
      return "its default version does not exist";
    }
    return std::nullopt;
  }

  /// A rename writes the new key and deletes the old one in one commit, in any order: the id stays with whoever has it.
  template <class Entity>
  void reindex(SortedMap<Entity>& by_id, const Replaced<Entity>& replaced) {
    if (replaced.before) {
      if (const auto* held = by_id.find(replaced.before->id.str()); held && *held == replaced.before) {
        by_id.erase(replaced.before->id.str());
      }
    }
    if (replaced.after) by_id.put(replaced.after->id.str(), replaced.after);
  }
  /// Whether the access keys of `before` end with it: not when it was renamed and lives on under another key.
  template <class Entity>
  static bool owns_id(const SortedMap<Entity>& by_id, const Entity& before, bool rewritten) {
    return rewritten || by_id.get(before.id.str()) == nullptr;
  }

  std::optional<std::string> apply_bucket(std::string_view name, std::optional<std::string_view> value) {
    auto replaced = put(next_->buckets_, name, value);
    if (replaced.error) return replaced.error;
    if (replaced.before) {
      if (AccountState* owner = touch(replaced.before->account.view())) owner->buckets.erase(name);
    }
    if (replaced.after) {
      AccountState* owner = touch(replaced.after->account.view());
      if (owner == nullptr) {
        next_->buckets_.erase(name);  // as above
        return std::nullopt;
      }
      owner->buckets.put(std::string(name), replaced.after);
    }
    return std::nullopt;
  }

  std::optional<std::string> apply_tenant_accounts(std::optional<std::string_view> value) {
    next_->tenant_accounts_ = {};
    if (!value) return std::nullopt;
    auto decoded = decode<TenantAccounts>(*value, *next_->pool_);
    if (!decoded) return decoded.error();
    decoded->revision = revision_;
    next_->tenant_accounts_ = *decoded;
    return std::nullopt;
  }

  std::optional<std::string> apply_credential_report(AccountState& account, std::optional<std::string_view> value) {
    account.credential_report = nullptr;
    if (!value) return std::nullopt;
    auto decoded = decode<CredentialReport>(*value, *next_->pool_);
    if (!decoded) return decoded.error();
    decoded->revision = revision_;
    account.credential_report = std::make_shared<const CredentialReport>(std::move(decoded).value());
    return std::nullopt;
  }

  std::optional<std::string> apply_membership(AccountState& account, std::optional<std::string_view> value) {
    Moved moved{account.membership, nullptr};
    if (value) {
      auto decoded = decode<Membership>(*value, *next_->pool_);
      if (!decoded) return decoded.error();
      decoded->revision = revision_;
      moved.after = std::make_shared<const Membership>(std::move(decoded).value());
    }
    account.membership = moved.after;
    moved_.push_back(std::move(moved));
    return std::nullopt;
  }

  std::optional<std::string> apply_to_organization(std::string_view rest, std::optional<std::string_view> value) {
    const std::size_t slash = rest.find('/');
    const std::string_view id = rest.substr(0, slash);
    if (slash == std::string_view::npos) return apply_organization(id, value);
    rest.remove_prefix(slash + 1);
    const std::size_t second = rest.find('/');
    if (second == std::string_view::npos) return "its key is cut off";
    const std::string_view kind = rest.substr(0, second), name = rest.substr(second + 1);
    OrganizationState* organization = touch_organization(id);
    if (organization == nullptr) return std::nullopt;  // left over from one that was deleted: nobody's
    if (kind == "handshake") return put(organization->handshakes, name, value).error;
    if (kind == "creation") return put(organization->creations, name, value).error;
    return "its kind is not one this version knows";
  }

  std::optional<std::string> apply_organization(std::string_view id, std::optional<std::string_view> value) {
    if (!value) {
      touched_organizations_.erase(std::string(id));
      next_->organizations_.erase(id);
      return std::nullopt;
    }
    auto decoded = decode<Organization>(*value, *next_->pool_);
    if (!decoded) return decoded.error();
    decoded->revision = revision_;
    OrganizationState* organization = touch_organization(id);
    if (organization == nullptr) {
      organization = (touched_organizations_[std::string(id)] = std::make_shared<OrganizationState>()).get();
    }
    organization->organization = std::move(decoded).value();
    return std::nullopt;
  }

  /// The organization for writing; null if there is none.
  OrganizationState* touch_organization(std::string_view id) {
    const auto touched = touched_organizations_.find(id);
    if (touched != touched_organizations_.end()) return touched->second.get();
    const OrganizationState* existing = next_->organizations_.get(id);
    if (existing == nullptr) return nullptr;
    return (touched_organizations_[std::string(id)] = std::make_shared<OrganizationState>(*existing)).get();
  }

  /// A membership that came, changed or went.
  struct Moved {
    std::shared_ptr<const Membership> before, after;
  };
  void move(const Moved& moved) {
    if (moved.before) {
      if (OrganizationState* left = touch_organization(moved.before->organization)) {
        left->members.erase(moved.before->account.view());
      }
    }
    if (moved.after) {
      if (OrganizationState* joined = touch_organization(moved.after->organization)) {
        joined->members.put(moved.after->account.str(), moved.after);
      }
    }
  }

  std::shared_ptr<Snapshot> next_;
  std::map<std::string, std::shared_ptr<AccountState>, std::less<>> touched_;
  std::map<std::string, std::shared_ptr<OrganizationState>, std::less<>> touched_organizations_;
  std::vector<Moved> moved_;
  Revision revision_ = 0;
};

SnapshotPtr Snapshot::empty(std::vector<ManagedPolicy> aws_policies) {
  auto first = std::make_shared<Snapshot>();
  SortedMap<ManagedPolicy> by_arn;
  for (ManagedPolicy& policy : aws_policies) {
    std::string arn = policy.arn();
    by_arn.put(std::move(arn), std::make_shared<const ManagedPolicy>(std::move(policy)));
  }
  first->aws_policies_ = std::make_shared<const SortedMap<ManagedPolicy>>(std::move(by_arn));
  first->pool_ = std::make_shared<PolicyPool>();
  return first;
}

Result<SnapshotPtr, CorruptEntry> Snapshot::apply(Revision revision, std::span<const StoredChange> changes,
                                                  std::span<const Revision> revision_of) const {
  Builder builder(*this);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Revision at = revision_of.empty() ? revision : revision_of[i];
    if (auto reason = builder.apply(changes[i].key, changes[i].value, at)) {
      return CorruptEntry{std::string(changes[i].key), *std::move(reason)};
    }
  }
  return builder.finish(revision);
}

std::string OrganizationState::path_of(const Membership&) const {
  return organization.id + "/" + organization.root + "/";  // every account is a child of the root
}

const AccountState* Snapshot::account(const AccountId& id) const { return accounts_.get(id.view()); }

std::vector<const AccountState*> Snapshot::accounts_with_email(std::string_view email) const {
  std::vector<const AccountState*> found;
  accounts_.each([&](const AccountState& state) {
    if (equals_ignoring_case(state.account.email, email)) found.push_back(&state);
  });
  return found;
}

std::size_t Snapshot::count_tenant_accounts() const {
  std::size_t count = 0;
  accounts_.each([&](const AccountState& state) {
    // Those from before it was kept who made them are still known to their organization.
    const bool made = !state.account.made_by.empty() || (state.membership != nullptr && state.membership->created);
    count += made ? 1U : 0U;
  });
  return count;
}

const AccountState* Snapshot::account_of_issuer(std::string_view issuer) const {
  const AccountId* found = issuers_.get(issuer);
  return found ? account(*found) : nullptr;
}

const User* Snapshot::user(const AccountId& account_id, std::string_view name) const {
  const AccountState* found = account(account_id);
  return found ? named(found->users, name) : nullptr;
}
const Group* Snapshot::group(const AccountId& account_id, std::string_view name) const {
  const AccountState* found = account(account_id);
  return found ? named(found->groups, name) : nullptr;
}
const Role* Snapshot::role(const AccountId& account_id, std::string_view name) const {
  const AccountState* found = account(account_id);
  return found ? named(found->roles, name) : nullptr;
}
const InstanceProfile* Snapshot::instance_profile(const AccountId& account_id, std::string_view name) const {
  const AccountState* found = account(account_id);
  return found ? named(found->instance_profiles, name) : nullptr;
}

const User* Snapshot::user_by_arn(std::string_view text) const {
  const auto arn = Arn::split(text);
  const auto owner = arn ? AccountId::parse(arn->account) : std::nullopt;
  if (!owner) return nullptr;
  const User* found = user(*owner, name_in(*arn, "user"));
  return found && found->arn() == text ? found : nullptr;
}

const Role* Snapshot::role_by_arn(std::string_view text) const {
  const auto arn = Arn::split(text);
  const auto owner = arn ? AccountId::parse(arn->account) : std::nullopt;
  if (!owner) return nullptr;
  const Role* found = role(*owner, name_in(*arn, "role"));
  return found && found->arn() == text ? found : nullptr;
}

const ManagedPolicy* Snapshot::policy_by_arn(std::string_view text) const {
  const auto arn = Arn::split(text);
  if (!arn) return nullptr;
  if (arn->account == "aws") return aws_policies_->get(text);
  const auto owner = AccountId::parse(arn->account);
  const AccountState* found = owner ? account(*owner) : nullptr;
  const ManagedPolicy* policy = found ? named(found->policies, name_in(*arn, "policy")) : nullptr;
  return policy && policy->arn() == text ? policy : nullptr;
}

const UsedAssertion* Snapshot::used_assertion(const UsedAssertion& mark) const {
  return used_assertions_.get(key_of(mark).substr(kUsedAssertion.size()));
}

const SamlProvider* Snapshot::saml_provider_by_arn(std::string_view text) const {
  const auto arn = Arn::split(text);
  const auto owner = arn ? AccountId::parse(arn->account) : std::nullopt;
  const AccountState* found = owner ? account(*owner) : nullptr;
  const SamlProvider* provider = found ? named(found->saml_providers, name_in(*arn, "saml-provider")) : nullptr;
  return provider && provider->arn() == text ? provider : nullptr;
}

const OidcProvider* Snapshot::oidc_provider_by_arn(std::string_view text) const {
  constexpr std::string_view kType = "oidc-provider/";
  const auto arn = Arn::split(text);
  const auto owner = arn ? AccountId::parse(arn->account) : std::nullopt;
  const AccountState* found = owner ? account(*owner) : nullptr;
  if (found == nullptr || !arn->resource.starts_with(kType)) return nullptr;
  const OidcProvider* provider = found->oidc_providers.get(arn->resource.substr(kType.size()));
  return provider && provider->arn() == text ? provider : nullptr;
}

const MfaDevice* Snapshot::mfa_device(std::string_view text) const {
  constexpr std::string_view kType = "mfa/";
  const auto arn = Arn::split(text);
  const auto owner = arn ? AccountId::parse(arn->account) : std::nullopt;
  const AccountState* found = owner ? account(*owner) : nullptr;
  if (found == nullptr || !arn->resource.starts_with(kType)) return nullptr;
  const MfaDevice* device = found->mfa_devices.get(ascii_lower(arn->resource.substr(kType.size())));
  return device && device->arn() == text ? device : nullptr;
}

std::string Snapshot::arn_of(const UniqueId& id) const {
  std::string found;
  accounts_.scan("", [&](std::string_view, const AccountState& account) {
    if (id.prefix() == "AIDA") {
      if (const User* user = account.users_by_id.get(id.str())) found = user->arn();
    } else if (id.prefix() == "AROA") {
      account.roles.scan("", [&](std::string_view, const Role& role) {
        if (role.id == id) found = role.arn();
        return found.empty();
      });
    }
    return found.empty();
  });
  return found;
}

std::string Snapshot::current_arn(const ResolvedPrincipal& principal) const {
  if (principal.id.prefix() == "AROA") {
    const Role* role = role_by_arn(principal.arn);  // roles cannot be renamed
    return role && role->id == principal.id ? principal.arn : std::string();
  }
  const auto arn = Arn::split(principal.arn);
  const auto owner = arn ? AccountId::parse(arn->account) : std::nullopt;
  const AccountState* found = owner ? account(*owner) : nullptr;
  const User* user = found ? found->users_by_id.get(principal.id.str()) : nullptr;
  return user ? user->arn() : std::string();
}

std::optional<KeyOwner> Snapshot::access_key(std::string_view id) const {
  const KeyPlace* place = access_keys_.get(id);
  if (place == nullptr) return std::nullopt;
  KeyOwner owner{account(place->account), nullptr, nullptr};
  if (owner.account == nullptr) return std::nullopt;
  if (!place->user.empty()) {
    owner.user = owner.account->users_by_id.get(place->user.str());
    if (owner.user == nullptr) return std::nullopt;
  }
  const auto& keys = owner.user ? owner.user->access_keys : owner.account->account.root_keys;
  for (const AccessKey& key : keys) {
    if (key.id == id) owner.key = &key;
  }
  if (owner.key == nullptr) return std::nullopt;
  return owner;
}

const Bucket* Snapshot::bucket(std::string_view name) const { return buckets_.get(name); }

}  // namespace deputy::directory
