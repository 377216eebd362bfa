// SSH public keys of users. AWS takes them at CodeCommit; here they are kept and shown.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_ssh-keys.html
#include "crypto/ssh_key.h"
#include "protocol/iam/delete_ssh_public_key.h"
#include "protocol/iam/get_ssh_public_key.h"
#include "protocol/iam/list_ssh_public_keys.h"
#include "protocol/iam/update_ssh_public_key.h"
#include "protocol/iam/upload_ssh_public_key.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/paging.h"
#include "services/iam/statuses.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

using crypto::SshKey;
using directory::SshPublicKey;

SshKey value_of(const SshPublicKey& key) { return {key.modulus, key.exponent}; }

shapes::SSHPublicKey shown(const User& user, const SshPublicKey& key, std::string body) {
  return {user.name, key.id, value_of(key).fingerprint(), std::move(body), shown_status(key.active), key.uploaded};
}

/// The user with its keys changed by `change`, which is handed the one of this id.
template <class Output, class Change>
Result<Outcome<Output>> changed(const At& at, std::string_view user_name, std::string_view id, Change&& change) {
  TRY(const User* before, find_user(at, user_name));
  User user = *before;
  const auto key = std::ranges::find(user.ssh_public_keys, id, &SshPublicKey::id);
  if (key == user.ssh_public_keys.end()) return errors::no_such_ssh_public_key(id);
  change(user.ssh_public_keys, key);
  return written<Output>(user);
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadSSHPublicKey.html
struct UploadSSHPublicKey : shapes::UploadSSHPublicKey {
  static Accesses access(const At& at, const Input& in) {
    return {on_user(action<"iam:UploadSSHPublicKey">(), at, in.user_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const User* before, find_user(at, in.user_name));
    auto given = SshKey::parse(in.ssh_public_key_body);
    if (!given) return errors::bad_ssh_public_key(given.error() == SshKey::Fault::kInvalid);
    User user = *before;
    for (const SshPublicKey& key : user.ssh_public_keys) {
      if (key.modulus == given->modulus && key.exponent == given->exponent) return errors::duplicate_ssh_public_key();
    }
    if (user.ssh_public_keys.size() >= quotas::kSshPublicKeysPerUser.limit) {
      return errors::limit_exceeded(quotas::kSshPublicKeysPerUser);
    }
    SshPublicKey key;
    key.id = crypto::make_unique_id(at.entropy, "APKA").str();
    key.modulus = std::move(given->modulus);
    key.exponent = std::move(given->exponent);
    key.uploaded = at.now;
    Outcome<Output> out;
    out.output.ssh_public_key = shown(user, key, in.ssh_public_key_body);
    user.ssh_public_keys.push_back(std::move(key));
    out.changes.update(user);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetSSHPublicKey.html
struct GetSSHPublicKey : shapes::GetSSHPublicKey {
  static Accesses access(const At& at, const Input& in) {
    return {on_user(action<"iam:GetSSHPublicKey">(), at, in.user_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const User* user, find_user(at, in.user_name));
    const auto key = std::ranges::find(user->ssh_public_keys, in.ssh_public_key_id, &SshPublicKey::id);
    if (key == user->ssh_public_keys.end()) return errors::no_such_ssh_public_key(in.ssh_public_key_id);
    const SshKey value = value_of(*key);
    return Outcome<Output>{{.ssh_public_key = shown(*user, *key, in.encoding == "PEM" ? value.pem() : value.line())}};
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSSHPublicKeys.html
struct ListSSHPublicKeys : shapes::ListSSHPublicKeys {
  static Result<Accesses> access(const At& at, const Input& in) {
    TRY(const std::string_view name, user_name_or_caller(at, in.user_name));
    return Accesses{on_user(action<"iam:ListSSHPublicKeys">(), at, name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const std::string_view name, user_name_or_caller(at, in.user_name));
    TRY(const User* user, find_user(at, name));
    TRY(const Page page, page_of(in, "ListSSHPublicKeys"));
    Outcome<Output> out;
    auto& list = out.output.ssh_public_keys.emplace();
    give_page(
        out.output, page, user->ssh_public_keys, [](const SshPublicKey& key) { return key.id; },
        [&](const SshPublicKey& key) {
          list.push_back({user->name, key.id, shown_status(key.active), key.uploaded});
        });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSSHPublicKey.html
struct UpdateSSHPublicKey : shapes::UpdateSSHPublicKey {
  static Accesses access(const At& at, const Input& in) {
    return {on_user(action<"iam:UpdateSSHPublicKey">(), at, in.user_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const bool active, wanted_status(in.status));
    return changed<Output>(at, in.user_name, in.ssh_public_key_id, [&](auto&, auto key) { key->active = active; });
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteSSHPublicKey.html
struct DeleteSSHPublicKey : shapes::DeleteSSHPublicKey {
  static Accesses access(const At& at, const Input& in) {
    return {on_user(action<"iam:DeleteSSHPublicKey">(), at, in.user_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return changed<Output>(at, in.user_name, in.ssh_public_key_id, [](auto& keys, auto key) { keys.erase(key); });
  }
};

}  // namespace

std::span<const Binding> ssh_public_key_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<UploadSSHPublicKey>(), bind<GetSSHPublicKey>(),    bind<ListSSHPublicKeys>(),
      bind<UpdateSSHPublicKey>(), bind<DeleteSSHPublicKey>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
