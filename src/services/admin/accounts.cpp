#include "services/admin/accounts.h"

#include "authn/signature/access_key.h"
#include "base/arn.h"
#include "directory/codec.h"
#include "directory/membership.h"
#include "services/account_ids.h"
#include "services/admin/errors.h"

namespace deputy::admin {

using directory::AccessKey;
using directory::Account;
using directory::AccountState;

namespace {

constexpr std::size_t kRootKeys = 2;
/// Entities that one call of DeleteAccount deletes. Each takes up to seven of the hundred places of a commit: its
/// guard, itself, when it was last used, and for a user's two access keys what claims them and when they were last used;
/// the account takes six.
constexpr std::size_t kDeletedPerCall = 13;

shapes::Account shown(const Account& account) {
  shapes::Account out;
  out.account_id = account.id.str();
  out.name = account.name;
  if (!account.email.empty()) out.email = account.email;
  out.arn = root_arn(account.id);
  out.create_date = account.created;
  return out;
}

Result<const AccountState*> find(const At& at, const std::string& id) {
  const auto parsed = AccountId::parse(id);
  const AccountState* found = parsed ? at.snapshot.account(*parsed) : nullptr;
  if (found == nullptr) return errors::no_such_account(id);
  return found;
}

std::int32_t count(std::size_t n) { return static_cast<std::int32_t>(n); }

}  // namespace

Result<Outcome<CreateAccount::Output>> CreateAccount::execute(const At& at, const Input& in) {
  if (in.access_key_id.has_value() != in.secret_access_key.has_value()) return errors::half_a_key_pair();
  if (in.access_key_id && in.access_key_id->starts_with("ASIA")) return errors::key_is_temporary();
  if (in.account_id == "000000000000") return errors::id_of_no_account();
  const AccountId id = in.account_id ? *AccountId::parse(*in.account_id) : services::draw_account_id(at);
  if (at.snapshot.account(id) != nullptr) return errors::account_exists(id);
  const directory::DeletedAccount* former = at.snapshot.deleted_account(id);
  if (former != nullptr && !in.reuse_id.value_or(false)) return errors::account_id_used(*former);
  if (in.email) {
    if (const auto holders = at.snapshot.accounts_with_email(*in.email); !holders.empty()) {
      return errors::email_in_use(holders.front()->account.id, *in.email);
    }
  }
  const std::string key_id = in.access_key_id ? *in.access_key_id : crypto::make_access_key_id(at.entropy, "AKIA", id);
  if (at.snapshot.access_key(key_id)) return errors::key_in_use(key_id);
  const std::string secret = in.secret_access_key ? *in.secret_access_key : crypto::make_secret_access_key(at.entropy);

  Account account;
  account.id = id;
  account.generation = crypto::make_unique_id(at.entropy, "ACCT");
  account.name = in.name;
  account.email = in.email.value_or("");
  account.created = at.now;
  account.root_keys.push_back(authn::seal_access_key(at.vault, at.entropy, key_id, secret, at.now));

  Outcome<Output> outcome;
  outcome.output.account = shown(account);
  outcome.output.access_key_id = key_id;
  outcome.output.secret_access_key = secret;
  outcome.changes.create(account);
  if (former != nullptr) outcome.changes.erase(*former);
  outcome.changes.claim_access_key(key_id);
  return outcome;
}

Result<Outcome<GetAccount::Output>> GetAccount::execute(const At& at, const Input& in) {
  TRY(const AccountState* account, find(at, in.account_id));
  Output out;
  out.account = shown(account->account);
  out.users = count(account->users.size());
  out.roles = count(account->roles.size());
  out.groups = count(account->groups.size());
  out.policies = count(account->policies.size());
  out.buckets = count(account->buckets.size());
  return Outcome<Output>{std::move(out)};
}

Result<Outcome<ListAccounts::Output>> ListAccounts::execute(const At& at, const Input& in) {
  const auto limit = static_cast<std::size_t>(in.max_items.value_or(1000));
  Output out;
  out.is_truncated = false;
  at.snapshot.accounts().scan(in.marker.value_or(""), [&](std::string_view id, const AccountState& account) {
    if (out.accounts.size() == limit) {
      out.is_truncated = true;
      out.marker = std::string(id);
      return false;
    }
    out.accounts.push_back(shown(account.account));
    return true;
  });
  return Outcome<Output>{std::move(out)};
}

namespace {

/// Deletes up to `budget` entities of a map, and what goes with them.
template <class Entity>
void erase_some(const directory::SortedMap<Entity>& map, std::size_t& budget, directory::Changes& changes) {
  map.scan("", [&](std::string_view, const Entity& entity) {
    if (budget == 0) return false;
    --budget;
    if constexpr (std::is_same_v<Entity, directory::User>) {
      for (const AccessKey& key : entity.access_keys) changes.release_access_key(key.id);
    }
    changes.erase(entity);
    return true;
  });
}

/// A management account goes with its organization, when it is alone in it.
Result<void> check_organization(const directory::OrganizationState& in, const AccountId& account, bool force) {
  if (!in.is_management(account)) return {};
  if (in.organization.accounts > 1) return errors::organization_not_empty(account, in.organization.id);
  if (!force) return errors::organization_goes_too(account, in.organization.id);
  return {};
}

void leave_organization(const directory::OrganizationState& in, const directory::Membership& member,
                        directory::Changes& changes) {
  if (!in.is_management(member.account)) return directory::leave(changes, in.organization, member);
  changes.erase(member);
  changes.erase(in.organization);
}

}  // namespace

Result<Outcome<DeleteAccount::Output>> DeleteAccount::execute(const At& at, const Input& in) {
  TRY(const AccountState* account, find(at, in.account_id));
  const directory::OrganizationState* organization = at.snapshot.organization_of(*account);
  if (organization != nullptr) {
    TRY_VOID(check_organization(*organization, account->account.id, in.force.value_or(false)));
  }
  std::size_t entities = 0;
  std::vector<errors::Held> held;
  account->each_map([&]<class Entity>(const directory::SortedMap<Entity>& map) {
    if (map.size() == 0) return;
    entities += map.size();
    held.push_back({directory::kWord<Entity>, map.size()});
  });
  if (entities > 0 && !in.force.value_or(false)) return errors::account_not_empty(in.account_id, held);
  Outcome<Output> outcome;
  directory::Changes& changes = outcome.changes;
  std::size_t budget = kDeletedPerCall;
  account->each_map([&](const auto& map) { erase_some(map, budget, changes); });

  // In two steps. Closing writes the account, so that whatever was decided before conflicts, and from then on nobody of
  // it is let in: nothing can be made in it any more. Then, once it is empty, it goes.
  if (entities == 0 && account->account.closed) {
    if (!account->account.alias.empty()) changes.release_alias(account->account.alias);
    if (organization != nullptr) leave_organization(*organization, *account->membership, changes);
    account->each_single([&]<class Entity>(const Entity& single) {
      if constexpr (!std::is_same_v<Entity, directory::Membership>) changes.erase(single);  // that one left, above
    });
    changes.erase(account->account);
    directory::DeletedAccount gone;
    gone.account = account->account.id;
    gone.deleted = at.now;
    changes.create(gone);
    outcome.output.remaining = 0;
    return outcome;
  }
  for (const AccessKey& key : account->account.root_keys) changes.release_access_key(key.id);
  Account closed = account->account;
  closed.root_keys.clear();
  closed.closed = true;
  changes.update(closed);
  outcome.output.remaining = count(entities - (kDeletedPerCall - budget)) + 1;  // the account itself
  return outcome;
}

Result<Outcome<CreateRootAccessKey::Output>> CreateRootAccessKey::execute(const At& at, const Input& in) {
  TRY(const AccountState* found, find(at, in.account_id));
  Account account = found->account;
  if (account.closed) return errors::account_is_being_deleted(in.account_id);
  if (account.suspended) return errors::account_is_closed(in.account_id);
  Outcome<Output> outcome;
  if (in.replace.value_or(false)) {
    for (const AccessKey& key : account.root_keys) outcome.changes.release_access_key(key.id);
    account.root_keys.clear();
  }
  if (account.root_keys.size() >= kRootKeys) return errors::too_many_root_keys(in.account_id);
  outcome.output.access_key_id = crypto::make_access_key_id(at.entropy, "AKIA", account.id);
  outcome.output.secret_access_key = crypto::make_secret_access_key(at.entropy);
  account.root_keys.push_back(authn::seal_access_key(at.vault, at.entropy, outcome.output.access_key_id,
                                                     outcome.output.secret_access_key, at.now));
  outcome.changes.update(account);
  outcome.changes.claim_access_key(outcome.output.access_key_id);
  return outcome;
}

}  // namespace deputy::admin
