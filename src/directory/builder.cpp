// How the next snapshot is made: of the one before and what was written, or at start of all that is stored.
#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <unordered_map>

#include "base/time_range.h"
#include "directory/draft.h"
#include "directory/snapshot.h"

namespace deputy::directory {

/// Makes changes to a copy of a snapshot. Accounts and organizations that change are copied once each, and then changed
/// where they are: nobody else has the copy yet. Who joined which organization is settled at the end, when every one
/// that an account may name is there.
class Snapshot::Builder {
 public:
  explicit Builder(const Snapshot& from) : next_(std::make_shared<Snapshot>(from)) {}

  /// `entity` is of the kind of the place (directory/reading.h); none: what is there goes.
  void apply(std::string_view key, const Place& place, const Decoded& entity, Revision revision) {
    revision_ = revision;
    if (!next_->unreadable_.empty()) remove_unreadable(key);
    switch (place.kind) {
#define DEPUTY_ROW(Entity, map, word) \
  case Place::Kind::k##Entity:        \
    return apply_to_account(&AccountState::map, place, entity);
      DEPUTY_KINDS_OF_ACCOUNTS(DEPUTY_ROW)
      DEPUTY_SINGLES_OF_ACCOUNTS(DEPUTY_ROW)
#undef DEPUTY_ROW
#define DEPUTY_ROW(Entity, map, word) \
  case Place::Kind::k##Entity:        \
    return apply_to_organization(&OrganizationState::map, place, entity);
      DEPUTY_KINDS_OF_ORGANIZATIONS(DEPUTY_ROW)
#undef DEPUTY_ROW
#define DEPUTY_ROW(Entity, map, word) \
  case Place::Kind::k##Entity:        \
    return follow(place.name, put(next_->map##_, place.name, entity));
      DEPUTY_KINDS_OF_SERVER(DEPUTY_ROW)
#undef DEPUTY_ROW
      case Place::Kind::kAccount:
        return apply_account(place.owner, entity);
      case Place::Kind::kOrganization:
        return apply_organization(place.owner, entity);
      case Place::Kind::kTenantAccounts: {
        const auto made = stamped<TenantAccounts>(entity);
        next_->tenant_accounts_ = made ? *made : TenantAccounts{};
        return;
      }
      case Place::Kind::kObjectVersion:  // objects/ reads them
      case Place::Kind::kUpload:
      case Place::Kind::kPart:
      case Place::Kind::kUnusedBytes:
      case Place::Kind::kLastUse:  // directory/usage.h keeps them
      case Place::Kind::kGuard:    // in the store; the snapshot derives them from their owners
        return;
    }
  }

  /// Whether it is left over from an account or organization that was deleted.
  bool is_nobodys(const Place& place) {
    switch (place.kind) {
      case Place::Kind::kAccount:
      case Place::Kind::kOrganization:
        return false;
#define DEPUTY_ROW(Entity, map, word) case Place::Kind::k##Entity:
        DEPUTY_KINDS_OF_ORGANIZATIONS(DEPUTY_ROW)
#undef DEPUTY_ROW
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

  /// As it is now; it changes with what is applied next.
  [[nodiscard]] const Snapshot& now() const { return *next_; }

  /// Whoever joined or left an organization is among its members, or not any more.
  void settle() {
    for (const Replaced<Membership>& moved : moved_) move(moved);
    for (const std::string& id : unbound_) {
      if (OrganizationState* organization = touch_organization(id)) bind_guardrails(*organization);
    }
    unbound_.clear();
    moved_.clear();
  }

  SnapshotPtr finish(Revision revision) {
    settle();
    next_->revision_ = revision;
    return std::move(next_);
  }

  /// After everything that is stored was applied or set aside. What an account may do can depend on the organization
  /// that it says it is in: a membership of one that is not there is set aside too.
  SnapshotPtr finish_loading(Revision revision) {
    settle();
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

  /// The account for writing; null if there is none.
  AccountState* touch(std::string_view id) {
    const auto touched = touched_.find(id);
    if (touched != touched_.end()) return touched->second.get();
    const AccountState* existing = next_->accounts_.get(id);
    if (existing == nullptr) return nullptr;
    return place(id, std::make_shared<AccountState>(*existing));
  }
  AccountState* touch_or_make(std::string_view id) {
    AccountState* account = touch(id);
    return account != nullptr ? account : place(id, std::make_shared<AccountState>());
  }
  AccountState* place(std::string_view id, std::shared_ptr<AccountState> account) {
    next_->accounts_.put(std::string(id), account);
    return (touched_[std::string(id)] = std::move(account)).get();
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

  template <class Entity>
  void apply_to_account(SortedMap<Entity> AccountState::*map, const Place& place, const Decoded& entity) {
    AccountState* account = touch(place.owner);
    if (account == nullptr) return;  // left over from an account that was deleted: nobody's
    follow(*account, put(account->*map, place.name, entity));
  }
  template <class Entity>
  void apply_to_account(std::shared_ptr<const Entity> AccountState::*single, const Place& place,
                        const Decoded& entity) {
    AccountState* account = touch(place.owner);
    if (account == nullptr) return;  // as above
    Replaced<Entity> replaced{account->*single, stamped<Entity>(entity)};
    account->*single = replaced.after;
    follow(*account, std::move(replaced));
  }
  template <class Entity>
  void apply_to_organization(SortedMap<Entity> OrganizationState::*map, const Place& place, const Decoded& entity) {
    OrganizationState* organization = touch_organization(place.owner);
    if (organization == nullptr) return;  // as above
    follow(*organization, put(organization->*map, place.name, entity));
  }

  /// What else changes with an entity of an account.
  template <class Entity>
  void follow(AccountState&, const Replaced<Entity>&) {}
  void follow(AccountState& account, const Replaced<User>& replaced) {
    reindex(account.users_by_id, replaced);
    const KeyPlace place{account.account.id, replaced.after ? replaced.after->id : UniqueId()};
    index_keys(replaced.before && !lives_on(account.users_by_id, replaced) ? &replaced.before->access_keys : nullptr,
               replaced.after ? &replaced.after->access_keys : nullptr, place);
  }
  void follow(AccountState& account, const Replaced<Group>& replaced) { reindex(account.groups_by_id, replaced); }
  void follow(AccountState& account, Replaced<Membership> replaced) {
    if (account.damaged) account.damaged = next_->unreadable_.get(key_of(account.account)) != nullptr;
    moved_.push_back(std::move(replaced));
  }
  /// With one of an organization. What a policy says, and where a unit is, counts for all that is below.
  template <class Entity>
  void follow(OrganizationState&, const Replaced<Entity>&) {}
  void follow(OrganizationState& in, const Replaced<OrganizationalUnit>& unit) {
    const bool is_touched = unit.before && unit.after && unit.before->parent == unit.after->parent &&
                            unit.before->attached == unit.after->attached;
    if (!is_touched) unbound_.insert(in.organization.id);
  }
  void follow(OrganizationState& in, const Replaced<OrganizationPolicy>& policy) {
    const bool is_touched = policy.before && policy.after && policy.before->content() == policy.after->content();
    if (!is_touched) unbound_.insert(in.organization.id);
  }
  /// And with one of the server, `name` being its key name.
  template <class Entity>
  void follow(std::string_view, const Replaced<Entity>&) {}
  void follow(std::string_view name, const Replaced<Bucket>& replaced) {
    if (replaced.before) {
      if (AccountState* owner = touch(replaced.before->account.view())) owner->buckets.erase(name);
    }
    if (!replaced.after) return;
    if (AccountState* owner = touch(replaced.after->account.view())) {
      owner->buckets.put(std::string(name), replaced.after);
    } else {
      next_->buckets_.erase(name);  // as above
    }
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
  /// Whether what was there was renamed and has another key now. Then its access keys have not ended, whoever has its old
  /// name.
  template <class Entity>
  static bool lives_on(const SortedMap<Entity>& by_id, const Replaced<Entity>& replaced) {
    const Entity* of_id = by_id.get(replaced.before->id.str());
    return of_id != nullptr && of_id != replaced.after.get();
  }

  void apply_organization(std::string_view id, const Decoded& entity) {
    const auto after = stamped<Organization>(entity);
    if (!after) {
      touched_organizations_.erase(std::string(id));
      next_->organizations_.erase(id);
      return;
    }
    OrganizationState* organization = touch_organization(id);
    if (organization == nullptr) organization = place(id, std::make_shared<OrganizationState>());
    const Organization& before = organization->organization;
    if (before.id.empty() || before.generation != after->generation || before.attached != after->attached ||
        before.policy_types.size() != after->policy_types.size()) {
      unbound_.insert(after->id);
    }
    organization->organization = *after;
  }

  /// The organization for writing; null if there is none.
  OrganizationState* touch_organization(std::string_view id) {
    const auto touched = touched_organizations_.find(id);
    if (touched != touched_organizations_.end()) return touched->second.get();
    const OrganizationState* existing = next_->organizations_.get(id);
    if (existing == nullptr) return nullptr;
    return place(id, std::make_shared<OrganizationState>(*existing));
  }
  OrganizationState* place(std::string_view id, std::shared_ptr<OrganizationState> organization) {
    next_->organizations_.put(std::string(id), organization);
    return (touched_organizations_[std::string(id)] = std::move(organization)).get();
  }

  /// A membership came, changed or went.
  void move(const Replaced<Membership>& moved) {
    if (moved.before) {
      if (OrganizationState* left = touch_organization(moved.before->organization)) {
        left->members.erase(moved.before->account.view());
        rebind_member(*left, moved.before.get(), nullptr);
      }
    }
    if (moved.after) {
      if (OrganizationState* joined = touch_organization(moved.after->organization)) {
        joined->members.put(moved.after->account.str(), moved.after);
        rebind_member(*joined, nullptr, moved.after.get());
      }
    }
  }

  std::shared_ptr<Snapshot> next_;
  std::map<std::string, std::shared_ptr<AccountState>, std::less<>> touched_;
  std::map<std::string, std::shared_ptr<OrganizationState>, std::less<>> touched_organizations_;
  std::vector<Replaced<Membership>> moved_;
  std::set<std::string, std::less<>> unbound_;  // organizations whose guardrails are to be made again
  Revision revision_ = 0;
};

SnapshotPtr Snapshot::empty(AwsPolicyFacts aws_policies) {
  auto first = std::make_shared<Snapshot>();
  first->aws_policies_ = std::make_shared<const AwsPolicies>(std::move(aws_policies));
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
      builder.apply(reading.key, *place, reading.entity, reading.revision != 0 ? reading.revision : revision);
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

namespace {

/// The bytes of what is stored under a key; nothing: it is not there, or no snapshot shows its kind.
template <class Entity>
std::optional<std::string> bytes_of(const Entity* entity) {
  if (entity == nullptr) return std::nullopt;
  return encode(*entity);
}

std::optional<std::string> bytes_at(const Snapshot& snapshot, const Place& place) {
  const auto id = AccountId::parse(place.owner);
  const AccountState* account = id ? snapshot.account(*id) : nullptr;
  const OrganizationState* organization = snapshot.organization(place.owner);
  switch (place.kind) {
#define DEPUTY_ROW(Entity, map, word) \
  case Place::Kind::k##Entity:        \
    return account == nullptr ? std::nullopt : bytes_of(account->map.get(place.name));
    DEPUTY_KINDS_OF_ACCOUNTS(DEPUTY_ROW)
#undef DEPUTY_ROW
#define DEPUTY_ROW(Entity, single, word) \
  case Place::Kind::k##Entity:           \
    return account == nullptr ? std::nullopt : bytes_of(account->single.get());
    DEPUTY_SINGLES_OF_ACCOUNTS(DEPUTY_ROW)
#undef DEPUTY_ROW
#define DEPUTY_ROW(Entity, map, word) \
  case Place::Kind::k##Entity:        \
    return organization == nullptr ? std::nullopt : bytes_of(organization->map.get(place.name));
    DEPUTY_KINDS_OF_ORGANIZATIONS(DEPUTY_ROW)
#undef DEPUTY_ROW
    case Place::Kind::kBucket:
      return bytes_of(snapshot.bucket(place.name));
    case Place::Kind::kDeletedAccount:
      return bytes_of(id ? snapshot.deleted_account(*id) : nullptr);
    case Place::Kind::kAccount:
      return account == nullptr ? std::nullopt : bytes_of(&account->account);
    case Place::Kind::kOrganization:
      return organization == nullptr ? std::nullopt : bytes_of(&organization->organization);
    default:
      return std::nullopt;
  }
}

}  // namespace

/// What one key will be, and what it was when the draft began.
struct Draft::Impl {
  explicit Impl(const Snapshot& from) : base(from), builder(from) {}

  struct Written {
    std::optional<Revision> guard;                    // as it was read first; nothing: nobody relied on that
    std::optional<std::optional<std::string>> value;  // what it becomes; nothing: it stays
    std::size_t order = 0;
  };

  /// A key that the draft wrote is its own: what it has to be in the store was noted before.
  void note(const Changes::Guard& guard) {
    Written& at = keys.try_emplace(guard.key, Written{{}, {}, keys.size()}).first->second;
    if (!at.guard && !at.value) at.guard = guard.revision;
  }

  const Snapshot& base;
  Snapshot::Builder builder;
  std::unordered_map<std::string, Written> keys;
};

Draft::Draft(const Snapshot& base) : impl_(std::make_unique<Impl>(base)) {}
Draft::~Draft() = default;

const Snapshot& Draft::now() const { return impl_->builder.now(); }

Result<bool, CorruptEntry> Draft::add(const Changes& changes) {
  std::vector<Reading> readings;
  for (const Changes::Write& write : changes.writes()) {
    const auto place = Place::of(write.key);
    if (place && write.value && bytes_at(now(), *place) == write.value) continue;
    TRY(Reading reading, impl_->base.read({write.key, write.value}));
    readings.push_back(std::move(reading));
  }
  if (readings.empty()) return false;
  for (const Changes::Guard& guard : changes.guards()) impl_->note(guard);
  for (const Changes::Write& write : changes.writes()) {
    Impl::Written& at = impl_->keys.try_emplace(write.key, Impl::Written{{}, {}, impl_->keys.size()}).first->second;
    at.value = write.value;
  }
  const Revision revision = impl_->base.revision() + 1;
  for (const Reading& reading : readings) {
    if (const auto place = Place::of(reading.key)) impl_->builder.apply(reading.key, *place, reading.entity, revision);
  }
  impl_->builder.settle();
  return true;
}

Changes Draft::take() const {
  std::vector<std::pair<const std::string, Impl::Written>*> all;
  for (auto& each : impl_->keys) all.push_back(&each);
  std::sort(all.begin(), all.end(), [](const auto* a, const auto* b) { return a->second.order < b->second.order; });
  Changes changes;
  for (const auto* each : all) {
    const auto& [key, at] = *each;
    if (at.guard) changes.guards_.push_back({key, *at.guard});
    if (at.value && (*at.value || at.guard != Revision{0})) changes.writes_.push_back({key, *at.value});
  }
  changes.bulk_ = true;
  return changes;
}

}  // namespace deputy::directory
