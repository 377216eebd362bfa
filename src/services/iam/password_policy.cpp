// What passwords of the account's users must be like.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
#include "protocol/iam/delete_account_password_policy.h"
#include "protocol/iam/get_account_password_policy.h"
#include "protocol/iam/update_account_password_policy.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/password_rules.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

using directory::PasswordPolicy;

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html
struct UpdateAccountPasswordPolicy : shapes::UpdateAccountPasswordPolicy {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:UpdateAccountPasswordPolicy">())};
  }

  /// The whole policy is replaced: what is not said goes back to its default.
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const auto number = [](const std::optional<std::int32_t>& said, std::uint32_t otherwise) {
      return said ? static_cast<std::uint32_t>(*said) : otherwise;
    };
    PasswordPolicy policy;
    policy.minimum_length = number(in.minimum_password_length, policy.minimum_length);
    policy.symbols = in.require_symbols.value_or(false);
    policy.numbers = in.require_numbers.value_or(false);
    policy.uppercase = in.require_uppercase_characters.value_or(false);
    policy.lowercase = in.require_lowercase_characters.value_or(false);
    policy.users_may_change = in.allow_users_to_change_password.value_or(false);
    policy.max_age_days = number(in.max_password_age, 0);
    policy.remembered = number(in.password_reuse_prevention, 0);
    policy.hard_expiry = in.hard_expiry.value_or(false);
    policy.hard_expiry_said = in.hard_expiry.has_value();
    directory::Account account = account_of(at).account;
    account.password_policy = policy;
    return written<Output>(account);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountPasswordPolicy.html
struct GetAccountPasswordPolicy : shapes::GetAccountPasswordPolicy {
  /// Who may change the own password may also see what it must be like.
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_enable-user-change.html
  static Accesses access(const At& at, const Input&) {
    Access access = on_everything(action<"iam:GetAccountPasswordPolicy">());
    access.account_allows = account_lets_change_password(at);
    return {std::move(access)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    const directory::Account& account = account_of(at).account;
    if (!account.password_policy) return errors::no_such_password_policy(account.id.view());
    const PasswordPolicy& policy = *account.password_policy;
    const auto unless_none = [](std::uint32_t number) {
      return number != 0 ? std::optional(static_cast<std::int32_t>(number)) : std::nullopt;
    };
    Outcome<Output> out;
    shapes::PasswordPolicy& shown = out.output.password_policy;
    shown.minimum_password_length = static_cast<std::int32_t>(policy.minimum_length);
    shown.require_symbols = policy.symbols;
    shown.require_numbers = policy.numbers;
    shown.require_uppercase_characters = policy.uppercase;
    shown.require_lowercase_characters = policy.lowercase;
    shown.allow_users_to_change_password = policy.users_may_change;
    shown.expire_passwords = policy.max_age_days != 0;
    shown.max_password_age = unless_none(policy.max_age_days);
    shown.password_reuse_prevention = unless_none(policy.remembered);
    if (policy.hard_expiry_said) shown.hard_expiry = policy.hard_expiry;
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccountPasswordPolicy.html
struct DeleteAccountPasswordPolicy : shapes::DeleteAccountPasswordPolicy {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:DeleteAccountPasswordPolicy">())};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    directory::Account account = account_of(at).account;
    if (!account.password_policy) return errors::no_such_password_policy_to_delete();
    account.password_policy.reset();
    return written<Output>(account);
  }
};

}  // namespace

std::span<const Binding> password_policy_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<UpdateAccountPasswordPolicy>(),
      bind<GetAccountPasswordPolicy>(),
      bind<DeleteAccountPasswordPolicy>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
