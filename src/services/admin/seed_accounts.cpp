// Accounts of a seed, their aliases, the keys of their root users, and the organizations that they form.
#include <algorithm>
#include <cctype>

#include "authn/signature/access_key.h"
#include "directory/membership.h"
#include "protocol/iam/create_access_key.h"
#include "protocol/iam/create_account_alias.h"
#include "protocol/iam/delete_access_key.h"
#include "protocol/iam/update_access_key.h"
#include "protocol/json.h"
#include "protocol/organizations/create_organization.h"
#include "protocol/organizations/enable_aws_service_access.h"
#include "services/admin/accounts.h"
#include "services/admin/errors.h"
#include "services/admin/seeding.h"

namespace deputy::admin {
namespace {

using directory::AccessKey;
using directory::AccountState;
using Done = Seeding::Done;

bool is_chosen(const shapes::SeedAccessKey& key) { return key.access_key_id.has_value(); }

const std::vector<AccessKey>& keys_of(const Seeding& seeding, const AccountId& account, const std::string& user) {
  static const std::vector<AccessKey> kNone;
  const AccountState* there = seeding.account(account);
  if (there == nullptr) return kNone;
  if (user.empty()) return there->account.root_keys;
  const directory::User* found = there->users.get(ascii_lower(user));
  return found == nullptr ? kNone : found->access_keys;
}

const AccessKey* find_key(const std::vector<AccessKey>& keys, std::string_view id) {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const AccessKey& key) { return key.id == id; });
  return found == keys.end() ? nullptr : &*found;
}

Request& of_user(Request& request, const std::string& user) {
  return user.empty() ? request : request.with("UserName", user);
}

About about_key(const std::string& user, std::string id) {
  return {user.empty() ? "root" : "user/" + user, std::move(id)};
}

/// Nothing: it may be made.
std::optional<Error> objection(const Seeding& seeding, const shapes::SeedAccessKey& key) {
  if (key.access_key_id.has_value() != key.secret_access_key.has_value()) return errors::half_a_key_pair();
  if (!is_chosen(key)) return std::nullopt;
  const std::string& id = *key.access_key_id;
  if (authn::is_temporary_key(id)) return errors::key_is_temporary();
  const bool is_word =
      std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
  if (id.size() < 16 || id.size() > 128 || !is_word) return errors::no_access_key_id(id);
  if (key.secret_access_key->empty() || key.secret_access_key->size() > 128) return errors::no_secret_access_key();
  if (seeding.now().access_key(id)) return errors::key_in_use(id);
  return std::nullopt;
}

bool has_secret(const Seeding& seeding, const AccessKey& key, const std::optional<std::string>& secret) {
  const auto held = authn::unseal_access_key(seeding.at().vault, key);
  return held && secret && held->reveal() == *secret;
}

bool delete_key(Seeding& seeding, const Spot& spot, const AccountId& account, const std::string& user,
                const std::string& id) {
  Request request;
  of_user(request.with("AccessKeyId", id), user);
  return seeding.run(spot, account, iam::shapes::DeleteAccessKey::model, request, about_key(user, id)) != Done::kFailed;
}

/// Whose key it is, and the profile that it is for.
struct Holder {
  std::int64_t place;
  const AccountId& account;
  const std::string& user;
  std::optional<std::string> profile;
  bool chosen;  // the seed says the secret
};

void tell(Seeding& seeding, const Holder& holder, const std::string& id, const std::string& secret, bool is_new) {
  shapes::SeedCredential credential;
  credential.place = holder.place;
  credential.account_id = holder.account.str();
  if (!holder.user.empty()) credential.user_name = holder.user;
  credential.access_key_id = id;
  credential.secret_access_key = secret;
  credential.profile = holder.profile;
  credential.new_ = is_new;
  credential.chosen = holder.chosen;
  seeding.credential(std::move(credential));
}

void create_key(Seeding& seeding, const Spot& spot, const AccountId& account, const std::string& user,
                const shapes::SeedAccessKey& key) {
  if (const auto why = objection(seeding, key)) return seeding.fault(spot, *why);
  services::ChosenKey chosen;
  if (is_chosen(key)) chosen = {*key.access_key_id, *key.secret_access_key};
  Request request;
  seeding.choose_key(is_chosen(key) ? &chosen : nullptr);
  const services::Erased answer =
      seeding.answer(spot, account, iam::shapes::CreateAccessKey::model, of_user(request, user),
                     about_key(user, key.access_key_id.value_or("")));
  seeding.choose_key(nullptr);
  if (answer == nullptr) return;
  const auto& made = static_cast<const iam::shapes::CreateAccessKey::Output*>(answer.get())->access_key;
  tell(seeding, {spot.place, account, user, key.profile, is_chosen(key)}, made.access_key_id, made.secret_access_key,
       true);
}

void set_status(Seeding& seeding, const Spot& spot, const AccountId& account, const std::string& user,
                const std::string& id, const std::optional<std::string>& status) {
  if (!status) return;
  Request request;
  of_user(request.with("AccessKeyId", id).with("Status", *status), user);
  seeding.run(spot, account, iam::shapes::UpdateAccessKey::model, request, about_key(user, id));
}

}  // namespace

void seed_access_keys(Seeding& seeding, std::int64_t place, const AccountId& account, const std::string& user,
                      const std::vector<shapes::SeedAccessKey>& keys) {
  std::size_t drawn = 0;  // that the seed wants, whatever their ids
  std::vector<std::string> chosen;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const shapes::SeedAccessKey& key = keys[i];
    const Spot spot{place, element("AccessKeys", i)};
    if (!is_chosen(key)) {
      if (const auto why = objection(seeding, key)) seeding.fault(spot, *why);
      ++drawn;
      continue;
    }
    chosen.push_back(*key.access_key_id);
    const AccessKey* held = find_key(keys_of(seeding, account, user), *key.access_key_id);
    if (held != nullptr && !has_secret(seeding, *held, key.secret_access_key)) {
      if (!delete_key(seeding, spot, account, user, *key.access_key_id)) continue;
      held = nullptr;
    }
    if (held != nullptr && key.profile) {
      tell(seeding, {place, account, user, key.profile, true}, *key.access_key_id, *key.secret_access_key, false);
    }
    if (held == nullptr) create_key(seeding, spot, account, user, key);
    if (find_key(keys_of(seeding, account, user), *key.access_key_id) != nullptr) {
      set_status(seeding, spot, account, user, *key.access_key_id, key.status);
    }
  }
  std::vector<std::string> others;
  for (const AccessKey& key : keys_of(seeding, account, user)) {
    if (std::find(chosen.begin(), chosen.end(), key.id) == chosen.end()) others.push_back(key.id);
  }
  std::size_t nth = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (is_chosen(keys[i])) continue;
    const Spot spot{place, element("AccessKeys", i)};
    if (nth++ >= others.size()) create_key(seeding, spot, account, user, keys[i]);
  }
  if (!seeding.prunes()) return;
  while (others.size() > drawn) {
    delete_key(seeding, {place, "AccessKeys"}, account, user, others.back());
    others.pop_back();
  }
}

namespace {

const std::string kRoot;  // has no name

About about_account() { return {"account"}; }

/// Its name and email, as the seed says them.
void describe(Seeding& seeding, const Spot& spot, const AccountId& id, const shapes::SeedAccount& wanted) {
  directory::Account account = seeding.account(id)->account;
  // Checked as those of a new account are.
  Request request;
  request.with("Name", wanted.account_name.value_or(account.name)).with("Email", wanted.email);
  CreateAccount::Input input;
  if (const auto valid = protocol::decode_json(CreateAccount::model, request.json(), &input); !valid) {
    return seeding.fault(spot, valid.error());
  }
  if (input.email && *input.email != account.email) {
    for (const AccountState* holder : seeding.now().accounts_with_email(*input.email)) {
      if (holder->account.id != id)
        return seeding.fault({spot.place, "Email"}, errors::email_in_use(holder->account.id, *input.email));
    }
    account.email = *input.email;
  }
  account.name = input.name;
  directory::Changes changes;
  changes.update(account);
  seeding.write(spot, id, "UpdateAccount", std::move(changes), about_account());
}

/// Makes it, with the first key that the seed chooses for its root user, or one that is drawn.
bool create(Seeding& seeding, const Spot& spot, const shapes::SeedAccount& wanted) {
  const auto first = std::find_if(all(wanted.access_keys).begin(), all(wanted.access_keys).end(), is_chosen);
  const bool chooses = first != all(wanted.access_keys).end();
  const auto drawn = std::find_if_not(all(wanted.access_keys).begin(), all(wanted.access_keys).end(), is_chosen);
  if (chooses) {
    const auto nth = static_cast<std::size_t>(first - all(wanted.access_keys).begin());
    if (const auto why = objection(seeding, *first)) {
      seeding.fault({spot.place, element("AccessKeys", nth)}, *why);
      return false;
    }
  }
  Request request;
  request.with("AccountId", wanted.account_id)
      .with("Name", wanted.account_name.value_or("Account " + wanted.account_id))
      .with("Email", wanted.email);
  if (chooses) request.with("AccessKeyId", first->access_key_id).with("SecretAccessKey", first->secret_access_key);
  if (seeding.reuses_ids()) request.truth("ReuseId");
  CreateAccount::Input input;
  if (const auto valid = protocol::decode_json(CreateAccount::model, request.json(), &input); !valid) {
    seeding.fault(spot, valid.error());
    return false;
  }
  const AccountId id = *AccountId::parse(wanted.account_id);
  directory::Caller nobody;
  auto made = seeding.take(spot, id, CreateAccount::model.name,
                           CreateAccount::execute(seeding.at().on(seeding.now(), nobody), input), about_account());
  if (!made) return false;
  const bool has_profile = !chooses && drawn != all(wanted.access_keys).end();
  const auto profile = has_profile ? drawn->profile : std::nullopt;
  // Of a chosen one with a profile the list of keys tells.
  const bool told = chooses && first->profile;
  if (!told)
    tell(seeding, {spot.place, id, kRoot, profile, chooses}, made->access_key_id, made->secret_access_key, true);
  return true;
}

void set_alias(Seeding& seeding, const AccountId& id, const shapes::SeedAccount& wanted) {
  if (!wanted.account_alias || seeding.account(id)->account.alias == *wanted.account_alias) return;
  Request request;
  request.with("AccountAlias", wanted.account_alias);
  seeding.run({wanted.place, "AccountAlias"}, id, iam::shapes::CreateAccountAlias::model, request,
              {"account", *wanted.account_alias});
}

}  // namespace

void seed_account(Seeding& seeding, const shapes::SeedAccount& wanted) {
  const Spot spot{wanted.place};
  seeding.step();
  const auto broken = [&] { seeding.break_name(wanted.account_id); };
  const auto id = AccountId::parse(wanted.account_id);
  if (!id) return broken(), seeding.fault({wanted.place, "AccountId"}, errors::no_account_id(wanted.account_id));
  const AccountState* there = seeding.account(*id);
  if (there != nullptr && !there->is_open()) {
    return broken(),
           seeding.fault(spot, there->account.suspended ? errors::account_is_closed(wanted.account_id)
                                                        : errors::account_is_being_deleted(wanted.account_id));
  }
  if (there == nullptr) {
    if (!create(seeding, spot, wanted)) return broken();
  } else if (wanted.account_name || wanted.email) {
    describe(seeding, spot, *id, wanted);
  }
  set_alias(seeding, *id, wanted);
  if (!all(wanted.access_keys).empty()) seed_access_keys(seeding, wanted.place, *id, "", all(wanted.access_keys));
}

namespace {

void join(Seeding& seeding, const Spot& spot, const AccountId& management, const std::string& member) {
  if (seeding.is_broken(member)) return;
  const auto id = AccountId::parse(member);
  const AccountState* account = id ? seeding.account(*id) : nullptr;
  if (account == nullptr) return seeding.fault(spot, errors::no_such_account(member));
  const directory::OrganizationState* in = seeding.now().organization_of(*seeding.account(management));
  if (account->membership != nullptr) {
    if (account->membership->organization == in->organization.id) return;
    return seeding.fault(spot, errors::in_other_organization(*id, account->membership->organization));
  }
  directory::Membership place;
  place.account = *id;
  place.organization = in->organization.id;
  place.joined = seeding.at().now;
  directory::Changes changes;
  directory::join(changes, in->organization, place);
  seeding.write(spot, *id, "JoinOrganization", std::move(changes), {"organization/" + in->organization.id});
}

}  // namespace

void seed_organization(Seeding& seeding, const shapes::SeedOrganization& wanted) {
  seeding.step();
  if (wanted.broken.value_or(false) || seeding.is_broken(wanted.management_account_id)) return;
  const Spot spot{wanted.place, "ManagementAccountId"};
  const auto id = AccountId::parse(wanted.management_account_id);
  const AccountState* management = id ? seeding.account(*id) : nullptr;
  if (management == nullptr) return seeding.fault(spot, errors::no_such_account(wanted.management_account_id));
  if (management->membership == nullptr) {
    Request request;
    request.with("FeatureSet", wanted.feature_set);
    if (seeding.run({wanted.place, "FeatureSet"}, *id, organizations::shapes::CreateOrganization::model, request,
                    {"organization"}) == Done::kFailed) {
      return;
    }
  }
  const directory::OrganizationState* in = seeding.now().organization_of(*seeding.account(*id));
  if (in == nullptr || !in->is_management(*id)) {
    return seeding.fault(spot, errors::in_other_organization(*id, in == nullptr ? "" : in->organization.id));
  }
  for (std::size_t i = 0; i < all(wanted.account_ids).size(); ++i) {
    join(seeding, {wanted.place, element("AccountIds", i)}, *id, all(wanted.account_ids)[i]);
  }
  for (std::size_t i = 0; i < all(wanted.service_principals).size(); ++i) {
    Request request;
    request.with("ServicePrincipal", std::string_view(all(wanted.service_principals)[i]));
    seeding.run({wanted.place, element("ServicePrincipals", i)}, *id,
                organizations::shapes::EnableAWSServiceAccess::model, request,
                {"organization", all(wanted.service_principals)[i]});
  }
}

}  // namespace deputy::admin
