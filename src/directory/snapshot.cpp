#include "directory/snapshot.h"

#include <charconv>
#include <map>

#include "base/arn.h"
#include "base/encoding.h"
#include "base/time_range.h"

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

/// Makes changes to a copy of a snapshot. Accounts and organizations that change are copied once each and put back at
/// the end, when every organization that an account may name is there.
class Snapshot::Builder {
 public:
  explicit Builder(const Snapshot& from) : next_(std::make_shared<Snapshot>(from)) {}

  /// `entity` is of the kind of the place (directory/reading.h); none: what is there goes.
  void apply(std::string_view key, const Place& place, const Decoded& entity, Revision revision) {
    revision_ = revision;
    if (!next_->unreadable_.empty()) remove_unreadable(key);
    switch (place.kind) {
      case Place::Kind::kBucket:
        return apply_bucket(place.name, entity);
      case Place::Kind::kUsedAssertion:
        return void(put(next_->used_assertions_, place.name, entity));
      case Place::Kind::kTokenKey:
        return void(put(next_->token_keys_, place.name, entity));
      case Place::Kind::kDeletedAccount:
        return void(put(next_->deleted_accounts_, place.name, entity));
      case Place::Kind::kTenants: {
        const auto made = stamped<TenantAccounts>(entity);
        next_->tenant_accounts_ = made ? *made : TenantAccounts{};
        return;
      }
      case Place::Kind::kOrganization:
        return apply_organization(place.owner, entity);
      case Place::Kind::kHandshake:
      case Place::Kind::kAccountCreation:
        return apply_to_organization(place, entity);
      case Place::Kind::kLastUse:  // directory/usage.h keeps them
      case Place::Kind::kGuard:    // in the store; the snapshot derives them from their owners
        return;
      case Place::Kind::kAccount:
        return apply_account(place.owner, entity);
      default:
        return apply_to_account(place, entity);
    }
  }

  /// Whether it is left over from an account or organization that was deleted.
  bool is_nobodys(const Place& place) {
    switch (place.kind) {
      case Place::Kind::kAccount:
      case Place::Kind::kOrganization:
        return false;
      case Place::Kind::kHandshake:
      case Place::Kind::kAccountCreation:
        return touch_organization(place.owner) == nullptr;
      default:
        return !place.owner.empty() && touch(place.owner) == nullptr;
    }
  }

  /// Shows that the entry is there but cannot be read, and refuses what depends on it.
  void set_aside(Unreadable entry) {
    const auto place = Place::of(entry.key);
    if (place && place->kind == Place::Kind::kLastUse) return;  // of no consequence, and the next use mends it
    if (place && place->kind == Place::Kind::kAccount) refuse_account(place->owner, true);
    if (place && place->kind == Place::Kind::kMembership) refuse_account(place->owner, false);
    if (place && place->kind == Place::Kind::kUsedAssertion) mark_used(place->name);
    if (place && place->kind == Place::Kind::kDeletedAccount) mark_deleted(place->name);
    std::string key = entry.key;
    next_->unreadable_.put(std::move(key), std::make_shared<const Unreadable>(std::move(entry)));
  }

  void remove_unreadable(std::string_view key) { next_->unreadable_.erase(key); }

  SnapshotPtr finish(Revision revision) {
    put_back();
    next_->revision_ = revision;
    return std::move(next_);
  }

  /// After everything that is stored was applied or set aside. What an account may do can depend on the organization
  /// that it says it is in: a membership of one that is not there is set aside too.
  SnapshotPtr finish_loading(Revision revision) {
    put_back();
    std::vector<Unreadable> dangling;
    next_->accounts_.each([&](const AccountState& account) {
      const Membership* in = account.membership.get();
      if (in == nullptr || next_->organizations_.get(in->organization) != nullptr) return;
      dangling.push_back({key_of(*in), "its organization " + in->organization + " is not there, or cannot be read",
                          encode(*in), in->revision});
    });
    for (Unreadable& entry : dangling) set_aside(std::move(entry));
    return finish(revision);
  }

 private:
  template <class Entity>
  struct Replaced {
    std::shared_ptr<const Entity> before, after;
  };

  /// The entity for the snapshot, stamped; null: what is there goes.
  template <class Entity>
  std::shared_ptr<const Entity> stamped(const Decoded& entity) const {
    if (std::holds_alternative<std::monostate>(entity)) return nullptr;
    const std::shared_ptr<Entity>& made = std::get<std::shared_ptr<Entity>>(entity);
    made->revision = revision_;
    return made;
  }

  template <class Entity>
  Replaced<Entity> put(SortedMap<Entity>& map, std::string_view name, const Decoded& entity) {
    Replaced<Entity> replaced{nullptr, stamped<Entity>(entity)};
    if (const auto* found = map.find(name)) replaced.before = *found;
    if (replaced.after) {
      map.put(std::string(name), replaced.after);
    } else {
      map.erase(name);
    }
    return replaced;
  }

  void put_back() {
    for (auto& [id, account] : touched_) next_->accounts_.put(id, std::move(account));
    for (const Moved& moved : moved_) move(moved);
    for (auto& [id, organization] : touched_organizations_) next_->organizations_.put(id, std::move(organization));
    touched_.clear();
    moved_.clear();
    touched_organizations_.clear();
  }

  /// The account for writing; null if there is none.
  AccountState* touch(std::string_view id) {
    const auto touched = touched_.find(id);
    if (touched != touched_.end()) return touched->second.get();
    const AccountState* existing = next_->accounts_.get(id);
    if (existing == nullptr) return nullptr;
    return (touched_[std::string(id)] = std::make_shared<AccountState>(*existing)).get();
  }
  AccountState* touch_or_make(std::string_view id) {
    AccountState* account = touch(id);
    return account != nullptr ? account : (touched_[std::string(id)] = std::make_shared<AccountState>()).get();
  }

  void refuse_account(std::string_view id, bool make) {
    AccountState* account = make ? touch_or_make(id) : touch(id);
    if (account == nullptr) return;  // left over from an account that was deleted: nobody's
    account->account.id = *AccountId::parse(id);
    account->damaged = true;
  }

  /// Its key says all of it: it was used, whatever its value says.
  void mark_used(std::string_view name) {
    UsedAssertion mark;
    std::int64_t seconds = 0;
    const std::size_t slash = name.find('/');
    if (slash == std::string_view::npos) return;
    const auto [end, fault] = std::from_chars(name.data(), name.data() + slash, seconds);
    if (fault != std::errc() || end != name.data() + slash || seconds > epoch_seconds(kLastTime)) return;
    mark.usable_until = from_epoch_seconds(seconds);
    mark.digest = name.substr(slash + 1);
    next_->used_assertions_.put(std::string(name), std::make_shared<const UsedAssertion>(std::move(mark)));
  }

  /// That it is there says that the number was given once; when does not matter.
  void mark_deleted(std::string_view id) {
    const auto account = AccountId::parse(id);
    if (!account) return;
    next_->deleted_accounts_.put(std::string(id),
                                 std::make_shared<const DeletedAccount>(DeletedAccount{*account, kFirstTime}));
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

  void apply_account(std::string_view id, const Decoded& entity) {
    const auto after = stamped<Account>(entity);
    if (!after) {
      AccountState* account = touch(id);
      if (account == nullptr) return;
      index_keys(&account->account.root_keys, nullptr, {});
      if (account->membership) moved_.push_back({account->membership, nullptr});
      index_issuer(account->account.outbound_issuer, {});
      touched_.erase(std::string(id));
      next_->accounts_.erase(id);
      return;
    }
    AccountState* account = touch_or_make(id);
    index_keys(&account->account.root_keys, &after->root_keys, {after->id, UniqueId()});
    if (account->account.outbound_issuer != after->outbound_issuer) {
      index_issuer(account->account.outbound_issuer, *after);
    }
    account->account = *after;
  }

  void apply_to_account(const Place& place, const Decoded& entity) {
    AccountState* account = touch(place.owner);
    if (account == nullptr) return;  // left over from an account that was deleted: nobody's
    switch (place.kind) {
      case Place::Kind::kRole:
        return void(put(account->roles, place.name, entity));
      case Place::Kind::kUser:
        return apply_user(*account, place.name, entity);
      case Place::Kind::kGroup:
        return reindex(account->groups_by_id, put(account->groups, place.name, entity));
      case Place::Kind::kPolicy:
        return void(put(account->policies, place.name, entity));
      case Place::Kind::kInstanceProfile:
        return void(put(account->instance_profiles, place.name, entity));
      case Place::Kind::kMfaDevice:
        return void(put(account->mfa_devices, place.name, entity));
      case Place::Kind::kOidcProvider:
        return void(put(account->oidc_providers, place.name, entity));
      case Place::Kind::kSamlProvider:
        return void(put(account->saml_providers, place.name, entity));
      case Place::Kind::kCredentialReport:
        account->credential_report = stamped<CredentialReport>(entity);
        return;
      case Place::Kind::kMembership:
        return apply_membership(*account, entity);
      default:
        return;  // of no account
    }
  }

  void apply_user(AccountState& account, std::string_view name, const Decoded& entity) {
    const auto replaced = put(account.users, name, entity);
    reindex(account.users_by_id, replaced);
    const KeyPlace place{account.account.id, replaced.after ? replaced.after->id : UniqueId()};
    index_keys(replaced.before && owns_id(account.users_by_id, *replaced.before, replaced.after != nullptr)
                   ? &replaced.before->access_keys
                   : nullptr,
               replaced.after ? &replaced.after->access_keys : nullptr, place);
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

  void apply_bucket(std::string_view name, const Decoded& entity) {
    const auto replaced = put<Bucket>(next_->buckets_, name, entity);
    if (replaced.before) {
      if (AccountState* owner = touch(replaced.before->account.view())) owner->buckets.erase(name);
    }
    if (!replaced.after) return;
    AccountState* owner = touch(replaced.after->account.view());
    if (owner != nullptr) {
      owner->buckets.put(std::string(name), replaced.after);
    } else {
      next_->buckets_.erase(name);  // as above
    }
  }

  void apply_membership(AccountState& account, const Decoded& entity) {
    Moved moved{account.membership, stamped<Membership>(entity)};
    account.membership = moved.after;
    if (account.damaged) account.damaged = next_->unreadable_.get(key_of(account.account)) != nullptr;
    moved_.push_back(std::move(moved));
  }

  void apply_to_organization(const Place& place, const Decoded& entity) {
    OrganizationState* organization = touch_organization(place.owner);
    if (organization == nullptr) return;  // left over from one that was deleted: nobody's
    if (place.kind == Place::Kind::kHandshake) {
      put(organization->handshakes, place.name, entity);
    } else {
      put(organization->creations, place.name, entity);
    }
  }

  void apply_organization(std::string_view id, const Decoded& entity) {
    const auto after = stamped<Organization>(entity);
    if (!after) {
      touched_organizations_.erase(std::string(id));
      next_->organizations_.erase(id);
      return;
    }
    OrganizationState* organization = touch_organization(id);
    if (organization == nullptr) {
      organization = (touched_organizations_[std::string(id)] = std::make_shared<OrganizationState>()).get();
    }
    organization->organization = *after;
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

Result<Reading, CorruptEntry> Snapshot::read(const StoredChange& change) const {
  const auto corrupt = [&](std::string reason) { return CorruptEntry{std::string(change.key), std::move(reason)}; };
  Reading reading{std::string(change.key), {}, !change.value};
  if (!change.value && unreadable_.get(change.key) != nullptr) return reading;  // perhaps of a kind that nobody knows
  auto place = Place::of(change.key);
  if (!place) return corrupt(std::move(place).error());
  if (!change.value) return reading;
  auto entity = directory::read(*place, *change.value, *pool_);
  if (!entity) return corrupt(std::move(entity).error());
  reading.entity = std::move(entity).value();
  return reading;
}

SnapshotPtr Snapshot::apply(Revision revision, std::span<const Reading> readings) const {
  Builder builder(*this);
  for (const Reading& reading : readings) {
    if (const auto place = Place::of(reading.key)) {
      builder.apply(reading.key, *place, reading.entity, revision);
    } else {
      builder.remove_unreadable(reading.key);
    }
  }
  return builder.finish(revision);
}

Result<SnapshotPtr, CorruptEntry> Snapshot::apply(Revision revision, std::span<const StoredChange> changes) const {
  std::vector<Reading> readings;
  readings.reserve(changes.size());
  for (const StoredChange& change : changes) {
    TRY(Reading reading, read(change));
    readings.push_back(std::move(reading));
  }
  return apply(revision, readings);
}

SnapshotPtr Snapshot::load(Revision revision, std::span<const StoredEntry> entries) const {
  Builder builder(*this);
  for (const StoredEntry& entry : entries) {
    const auto set_aside = [&](std::string_view reason) {
      builder.set_aside({std::string(entry.key), std::string(reason), std::string(entry.value), entry.revision});
    };
    const auto place = Place::of(entry.key);
    if (place && builder.is_nobodys(*place)) continue;
    if (!entry.problem.empty()) {
      set_aside(entry.problem);
      continue;
    }
    const auto entity = place ? directory::read(*place, entry.value, *pool_) : Failure(place.error());
    if (entity) {
      builder.apply(entry.key, *place, *entity, entry.revision);
    } else {
      set_aside(entity.error());
    }
  }
  return builder.finish_loading(revision);
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

bool Snapshot::is_unreadable_policy(std::string_view text) const {
  if (unreadable_.empty()) return false;
  const auto arn = Arn::split(text);
  const auto owner = arn ? AccountId::parse(arn->account) : std::nullopt;
  if (!owner) return false;
  ManagedPolicy named;
  named.account = *owner;
  named.name = name_in(*arn, "policy");
  return unreadable_.get(key_of(named)) != nullptr;
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
