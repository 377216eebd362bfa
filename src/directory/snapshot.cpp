#include "directory/snapshot.h"

#include "base/arn.h"
#include "base/encoding.h"

namespace deputy::directory {
namespace {

template <class Entity>
const Entity* named(const AccountState* account, SortedMap<Entity> AccountState::*map, std::string_view name) {
  const Entity* found = account != nullptr ? (account->*map).get(ascii_lower(name)) : nullptr;
  return found != nullptr && found->name == name ? found : nullptr;
}

template <class Entity>
constexpr auto kMap = nullptr;
#define DEPUTY_ROW(Entity, map, word) \
  template <>                         \
  constexpr auto kMap<Entity> = &AccountState::map;
DEPUTY_KINDS_OF_ACCOUNTS(DEPUTY_ROW)
#undef DEPUTY_ROW

/// The key of an entity in its map, by what follows the type in its ARN: "<path><name>", without the first slash.
template <class Entity>
std::string key_in(std::string_view path_and_name) {
  if constexpr (std::is_same_v<Entity, OidcProvider>) return std::string(path_and_name);
  if constexpr (std::is_same_v<Entity, MfaDevice>) return ascii_lower(path_and_name);
  return ascii_lower(path_and_name.substr(path_and_name.rfind('/') + 1));
}

/// What an ARN names in an account.
struct InAccount {
  AccountId account;
  std::string_view path_and_name;
};

/// Nothing if the ARN is of no account, or names nothing of this type.
std::optional<InAccount> in_account(std::string_view text, std::string_view type) {
  const auto arn = Arn::split(text);
  const auto owner = arn ? AccountId::parse(arn->account) : std::nullopt;
  if (!owner || arn->partition != "aws" || arn->service != "iam" || !arn->region.empty()) return std::nullopt;
  if (!arn->resource.starts_with(type) || !arn->resource.substr(type.size()).starts_with('/')) {
    return std::nullopt;
  }
  return InAccount{*owner, arn->resource.substr(type.size() + 1)};
}

}  // namespace

const std::string& OrganizationState::path_of(const Membership& member) const {
  static const std::string kNone;
  const OrganizationPlace* place = place_of(member);
  return place != nullptr ? place->path : kNone;
}

const Guardrails* OrganizationState::guardrails_of(const Membership& member) const {
  static const std::shared_ptr<const Guardrails> kLost = Guardrails::lost();
  if (is_management(member.account)) return nullptr;
  if (!member.attached.empty()) {
    const Guardrails* own = bound.get(member.account.view());
    return own != nullptr ? own : kLost.get();
  }
  const OrganizationPlace* place = place_of(member);
  return place != nullptr ? place->of_accounts.get() : kLost.get();
}

std::shared_ptr<const OrganizationPolicy> OrganizationState::shared_policy(std::string_view id) const {
  for (const PolicyType type : {PolicyType::kServiceControl, PolicyType::kResourceControl}) {
    if (full_access(type)->id == id) return full_access(type);
  }
  const auto* found = policies.find(id);
  return found != nullptr ? *found : nullptr;
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

const User* Snapshot::user(const AccountId& id, std::string_view name) const {
  return named(account(id), &AccountState::users, name);
}
const Group* Snapshot::group(const AccountId& id, std::string_view name) const {
  return named(account(id), &AccountState::groups, name);
}
const Role* Snapshot::role(const AccountId& id, std::string_view name) const {
  return named(account(id), &AccountState::roles, name);
}
const InstanceProfile* Snapshot::instance_profile(const AccountId& id, std::string_view name) const {
  return named(account(id), &AccountState::instance_profiles, name);
}

template <class Entity>
const Entity* Snapshot::by_arn(std::string_view arn) const {
  const auto in = in_account(arn, kWord<Entity>);
  const AccountState* owner = in ? account(in->account) : nullptr;
  if (owner == nullptr) return nullptr;
  const Entity* found = (owner->*kMap<Entity>).get(key_in<Entity>(in->path_and_name));
  if constexpr (requires { found->arn(); }) return found != nullptr && found->arn() == arn ? found : nullptr;
  return nullptr;
}
#define DEPUTY_ROW(Entity, map, word) template const Entity* Snapshot::by_arn<Entity>(std::string_view) const;
DEPUTY_KINDS_OF_ACCOUNTS(DEPUTY_ROW)
#undef DEPUTY_ROW

const ManagedPolicy* Snapshot::policy_by_arn(std::string_view text) const {
  const auto arn = Arn::split(text);
  if (arn && arn->account == "aws") return aws_policies_->get(text);
  return by_arn<ManagedPolicy>(text);
}

bool Snapshot::is_unreadable_policy(std::string_view arn) const {
  if (unreadable_.empty()) return false;
  const auto in = in_account(arn, kWord<ManagedPolicy>);
  if (!in) return false;
  ManagedPolicy named;
  named.account = in->account;
  named.name = in->path_and_name.substr(in->path_and_name.rfind('/') + 1);
  return unreadable_.get(key_of(named)) != nullptr;
}

const UsedAssertion* Snapshot::used_assertion(const UsedAssertion& mark) const {
  return used_assertions_.get(mark.key_name());
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
