// Long-term access keys of users and of the root user.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
#include "authn/signature/access_key.h"
#include "base/arn.h"
#include "protocol/iam/create_access_key.h"
#include "protocol/iam/delete_access_key.h"
#include "protocol/iam/get_access_key_last_used.h"
#include "protocol/iam/list_access_keys.h"
#include "protocol/iam/update_access_key.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/holder.h"
#include "services/iam/paging.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

using directory::AccessKey;

constexpr Shelf<AccessKey> kKeys{&User::access_keys, &directory::Account::root_keys};

std::vector<AccessKey>::iterator find_key(std::vector<AccessKey>& keys, std::string_view id) {
  return std::find_if(keys.begin(), keys.end(), [&](const AccessKey& key) { return key.id == id; });
}

constexpr const char *kActive = "Active", *kInactive = "Inactive", *kExpired = "Expired";
std::string status(const AccessKey& key) { return key.active ? kActive : kInactive; }

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
struct CreateAccessKey : shapes::CreateAccessKey {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_holder(action<"iam:CreateAccessKey">(), at, in.user_name);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Holder holder, find_holder(at, in.user_name));
    if (kKeys.of(holder).size() >= quotas::kAccessKeysPerUser.limit) {
      return errors::limit_exceeded(quotas::kAccessKeysPerUser);
    }
    const std::string id = at.chosen_key != nullptr
                               ? std::string(at.chosen_key->id)
                               : crypto::make_access_key_id(at.entropy, "AKIA", at.caller.account_id());
    const std::string secret =
        at.chosen_key != nullptr ? std::string(at.chosen_key->secret) : crypto::make_secret_access_key(at.entropy);
    AccessKey key = authn::seal_access_key(at.vault, at.entropy, id, secret, at.now);

    Outcome<Output> out;
    out.output.access_key = {holder.name(), key.id, status(key), secret, key.created};
    std::vector<AccessKey> keys = kKeys.of(holder);
    out.changes.claim_access_key(key.id);
    keys.push_back(std::move(key));
    kKeys.replace(out.changes, holder, std::move(keys));
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html
struct ListAccessKeys : shapes::ListAccessKeys {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_holder(action<"iam:ListAccessKeys">(), at, in.user_name);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Holder holder, find_holder(at, in.user_name));
    TRY(const Page page, page_of(in, "ListAccessKeys"));
    Outcome<Output> out;
    give_page(
        out.output, page, kKeys.of(holder), [](const AccessKey& key) { return key.id; },
        [&](const AccessKey& key) {
          shapes::AccessKeyMetadata& shown = out.output.access_key_metadata.emplace_back();
          if (holder.user != nullptr) shown.user_name = holder.user->name;
          shown.access_key_id = key.id;
          shown.status = status(key);
          shown.create_date = key.created;
        });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html
struct UpdateAccessKey : shapes::UpdateAccessKey {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_holder(action<"iam:UpdateAccessKey">(), at, in.user_name);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    if (in.status == kExpired) return errors::access_key_status_is_not_set();
    TRY(const Holder holder, find_holder(at, in.user_name));
    std::vector<AccessKey> keys = kKeys.of(holder);
    const auto key = find_key(keys, in.access_key_id);
    if (key == keys.end()) return errors::no_such_access_key(in.access_key_id);
    key->active = in.status == kActive;
    Outcome<Output> out;
    kKeys.replace(out.changes, holder, std::move(keys));
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html
struct DeleteAccessKey : shapes::DeleteAccessKey {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_holder(action<"iam:DeleteAccessKey">(), at, in.user_name);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Holder holder, find_holder(at, in.user_name));
    std::vector<AccessKey> keys = kKeys.of(holder);
    const auto key = find_key(keys, in.access_key_id);
    if (key == keys.end()) return errors::no_such_access_key(in.access_key_id);
    keys.erase(key);
    Outcome<Output> out;
    out.changes.release_access_key(in.access_key_id);
    kKeys.replace(out.changes, holder, std::move(keys));
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html
struct GetAccessKeyLastUsed : shapes::GetAccessKeyLastUsed {
  /// The key's owner in the caller's account; nothing for a key that is unknown or of another account.
  static std::optional<directory::KeyOwner> own_key(const At& at, const Input& in) {
    auto owner = at.snapshot.access_key(in.access_key_id);
    if (owner && owner->account->account.id != at.caller.account_id()) owner.reset();
    return owner;
  }

  /// An unknown key and a foreign one are refused alike, in a sentence of this operation's own (docs/wire.md, 5.2).
  static Result<Accesses> access(const At& at, const Input& in) {
    const auto owner = own_key(at, in);
    if (!owner) return errors::access_key_not_yours(at.caller.arn, in.access_key_id);
    if (owner->user == nullptr) {  // the root user, as the policies of root tasks name it
      return Accesses{on_arn(action<"iam:GetAccessKeyLastUsed">(), root_arn(at.caller.account_id()))};
    }
    return Accesses{on_user(action<"iam:GetAccessKeyLastUsed">(), at, owner->user->name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const auto owner = own_key(at, in);
    Outcome<Output> out;
    if (owner && owner->user != nullptr) out.output.user_name = owner->user->name;
    shapes::AccessKeyLastUsed& shown = out.output.access_key_last_used.emplace();
    shown.service_name = shown.region = "N/A";
    if (const auto use = at.usage.last(in.access_key_id)) {
      shown.last_used_date = use->when;
      shown.service_name = use->service;
      shown.region = use->region;
    }
    return out;
  }
};

}  // namespace

std::span<const Binding> access_key_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<CreateAccessKey>(), bind<ListAccessKeys>(),       bind<UpdateAccessKey>(),
      bind<DeleteAccessKey>(), bind<GetAccessKeyLastUsed>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
