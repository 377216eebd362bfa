#include "services/iam/password_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "services/iam/errors.h"

namespace deputy::iam {
namespace {

using directory::PasswordHash;
using directory::PasswordPolicy;

constexpr std::uint32_t kDefaultMinimumLength = 8;
constexpr std::ptrdiff_t kDefaultMix = 3;  // of the four kinds of characters
constexpr std::string_view kSymbols = "!@#$%^&*()_+-=[]{}|'";
constexpr std::size_t kSaltBytes = 16;

struct CharacterKind {
  std::string_view name;
  bool (*has)(char c);
};
bool in_range(char c, char first, char last) { return c >= first && c <= last; }
constexpr std::array<CharacterKind, 4> kKinds{{
    {"uppercase letter", [](char c) { return in_range(c, 'A', 'Z'); }},
    {"lowercase letter", [](char c) { return in_range(c, 'a', 'z'); }},
    {"number", [](char c) { return in_range(c, '0', '9'); }},
    {"symbol", [](char c) { return kSymbols.find(c) != std::string_view::npos; }},
}};

std::string at_least_one(const CharacterKind& kind) {
  return fmt::format("Password should have at least one {}", kind.name);
}

/// In characters, not bytes.
std::size_t length_of(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string joined(const std::vector<std::string>& sentences) { return fmt::format("{}", fmt::join(sentences, ", ")); }

/// The kinds among `wanted` that the password has no character of, as sentences.
std::vector<std::string> missing_kinds(std::string_view password, const std::array<bool, 4>& wanted) {
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (wanted[i] && std::none_of(password.begin(), password.end(), kKinds[i].has)) {
      missing.push_back(at_least_one(kKinds[i]));
    }
  }
  return missing;
}

Result<void> check_default(const directory::Account& account, std::string_view password) {
  std::vector<std::string> violations;
  if (length_of(password) < kDefaultMinimumLength)
    violations.push_back(errors::password_too_short(kDefaultMinimumLength));
  const std::vector<std::string> missing = missing_kinds(password, {true, true, true, true});
  const std::ptrdiff_t more = kDefaultMix - std::ssize(kKinds) + std::ssize(missing);
  if (more > 0) {
    violations.push_back(
        fmt::format("Password should meet {} more of the following requirements: {}", more, joined(missing)));
  }
  if (!violations.empty()) return errors::password_policy_violation(joined(violations));
  if (password == account.name || password == account.email) return errors::password_policy_violation();
  return {};
}

crypto::ScryptCost cost_of(const PasswordHash& hash) { return {hash.log2_n, hash.r, hash.p}; }

/// What nobody who has the store but not the vault's key can hold a guess against.
std::string digest_of(const At& at, const User& user, const crypto::Secret& hash) {
  return std::string(at.vault.mac(hash.reveal(), "password/" + user.id.str()).view());
}

std::size_t most_remembered(const directory::Account& account) {
  return account.password_policy ? account.password_policy->remembered : 0;
}

/// The passwords that the account's policy wants not to be used again, newest first.
std::vector<const PasswordHash*> remembered(const directory::Account& account, const LoginProfile& profile) {
  std::vector<const PasswordHash*> all;
  const std::size_t most = most_remembered(account);
  if (most == 0 || profile.password.digest.empty()) return all;
  all.push_back(&profile.password);
  for (const PasswordHash& former : profile.former) {
    if (all.size() < most) all.push_back(&former);
  }
  return all;
}

}  // namespace

Result<void> check_password(const directory::Account& account, std::string_view password) {
  if (!account.password_policy) return check_default(account, password);
  const PasswordPolicy& policy = *account.password_policy;
  std::vector<std::string> violations =
      missing_kinds(password, {policy.uppercase, policy.lowercase, policy.numbers, policy.symbols});
  if (length_of(password) < policy.minimum_length) {
    violations.insert(violations.begin(), errors::password_too_short(policy.minimum_length));
  }
  if (!violations.empty()) return errors::password_policy_violation(joined(violations));
  return {};
}

bool account_lets_change_password(const At& at) {
  const auto& policy = account_of(at).account.password_policy;
  return at.caller.kind == directory::Caller::Kind::kUser && policy && policy->users_may_change;
}

LoginProfile new_profile(const At& at, const User& user) {
  LoginProfile profile;
  profile.created = at.now;
  const std::string moment = fmt::format("{}/{}", user.id.str(), at.now.time_since_epoch().count());
  profile.password.salt = at.vault.mac(moment, "password salt").view().substr(0, kSaltBytes);
  return profile;
}

services::SlowHashes hashes_to_set(const directory::Account& account, const LoginProfile& profile,
                                   std::string_view password) {
  services::SlowHashes wanted{{password, profile.password.salt, crypto::ScryptCost{}}};
  // Only of passwords that were kept when a hash cost something else.
  for (const PasswordHash* former : remembered(account, profile)) {
    crypto::SlowHash hash(password, former->salt, cost_of(*former));
    if (std::find(wanted.begin(), wanted.end(), hash) == wanted.end()) wanted.push_back(std::move(hash));
  }
  return wanted;
}

Result<LoginProfile> with_password(const At& at, const User& user, const LoginProfile& profile,
                                   std::string_view password, std::span<const crypto::Secret> hashes) {
  const directory::Account& account = account_of(at).account;
  const services::SlowHashes made = hashes_to_set(account, profile, password);
  const std::vector<const PasswordHash*> not_again = remembered(account, profile);
  for (const PasswordHash* former : not_again) {
    const auto hash = std::find(made.begin(), made.end(), crypto::SlowHash(password, former->salt, cost_of(*former)));
    const std::string digest = digest_of(at, user, hashes[static_cast<std::size_t>(hash - made.begin())]);
    if (crypto::constant_time_equal(digest, former->digest)) return errors::password_policy_violation();
  }
  LoginProfile after = profile;
  after.former.clear();
  for (const PasswordHash* former : not_again) {
    if (after.former.size() + 1 < most_remembered(account)) after.former.push_back(*former);
  }
  const crypto::SlowHash& kept = made.front();
  after.password = {kept.salt, kept.cost.log2_n, kept.cost.r, kept.cost.p, digest_of(at, user, hashes.front())};
  after.changed = at.now;
  return after;
}

crypto::SlowHash hash_to_compare(const LoginProfile& profile, std::string_view password) {
  return {password, profile.password.salt, cost_of(profile.password)};
}

bool is_password(const At& at, const User& user, const LoginProfile& profile, const crypto::Secret& hash) {
  return crypto::constant_time_equal(digest_of(at, user, hash), profile.password.digest);
}

}  // namespace deputy::iam
