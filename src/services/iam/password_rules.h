// What passwords of an account's users must be like, and how they are kept.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
//
//   TRY_VOID(check_password(account, in.password));                        // PasswordPolicyViolation
//   const SlowHashes wanted = hashes_to_set(account, profile, in.password);   // of Op::hashes
//   TRY(profile, with_password(at, user, profile, in.password, at.hashes));   // in Op::execute
//
// A password is kept as scrypt makes it, put through the vault's MAC: the store alone is of no use for guessing. All
// passwords of one profile share its salt, so that a new one is held against two dozen former ones at the cost of one
// hash, and nobody can make the server hash more than twice in a call.
#pragma once

#include <span>
#include <string_view>

#include "services/iam/lookup.h"

namespace deputy::iam {

using directory::LoginProfile;

/// By the account's policy, or by AWS's default rules if it has none.
Result<void> check_password(const directory::Account& account, std::string_view password);

/// Whether the caller is a user whom the account lets change the own password (AllowUsersToChangePassword): then it
/// allows that and reading the policy, for the asking (Access::account_allows).
bool account_lets_change_password(const At& at);

/// A profile without a password yet, made now. Its salt is the same for the same user and time.
LoginProfile new_profile(const At& at, const User& user);

/// The hashes that with_password() needs.
services::SlowHashes hashes_to_set(const directory::Account& account, const LoginProfile& profile,
                                   std::string_view password);
/// The profile with a new password; PasswordPolicyViolation if it is one that the policy wants not to be used again.
Result<LoginProfile> with_password(const At& at, const User& user, const LoginProfile& profile,
                                   std::string_view password, std::span<const crypto::Secret> hashes);

/// The hash that is_password() needs.
crypto::SlowHash hash_to_compare(const LoginProfile& profile, std::string_view password);
bool is_password(const At& at, const User& user, const LoginProfile& profile, const crypto::Secret& hash);

}  // namespace deputy::iam
