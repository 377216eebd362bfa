// Whose credentials a call without UserName is about: those of the user who calls, or of the root user of its account. So
// it is for access keys, signing certificates and MFA devices.
//
//   constexpr Shelf<AccessKey> kKeys{&User::access_keys, &Account::root_keys};
//   TRY(const Holder holder, find_holder(at, in.user_name));
//   std::vector<AccessKey> keys = kKeys.of(holder);
//   …
//   kKeys.replace(outcome.changes, holder, std::move(keys));
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/iam/lookup.h"

namespace deputy::iam {

struct Holder {
  const User* user = nullptr;                // null: the root user
  const directory::Account* root = nullptr;  // null: a user

  /// Empty for the root user, which has none.
  [[nodiscard]] std::string name() const { return user != nullptr ? user->name : std::string(); }
};

/// Errors: NoSuchEntity, ValidationError.
Result<Holder> find_holder(const At& at, const std::optional<std::string>& user_name);

/// The action on the holder. Error: ValidationError.
Result<Accesses> on_holder(const policy::Action& action, const At& at, const std::optional<std::string>& user_name);

/// Where a user, and where the root user, has its credentials of one kind.
template <class Credential>
struct Shelf {
  std::vector<Credential> User::*of_user;
  std::vector<Credential> directory::Account::*of_root;

  [[nodiscard]] const std::vector<Credential>& of(const Holder& holder) const {
    if (holder.user != nullptr) return holder.user->*of_user;
    return holder.root->*of_root;
  }
  /// Writes the holder with others.
  void replace(directory::Changes& changes, const Holder& holder, std::vector<Credential> all) const {
    if (holder.user != nullptr) {
      User after = *holder.user;
      after.*of_user = std::move(all);
      changes.update(after);
    } else {
      directory::Account after = *holder.root;
      after.*of_root = std::move(all);
      changes.update(after);
    }
  }
};

}  // namespace deputy::iam
