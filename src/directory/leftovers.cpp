#include "directory/leftovers.h"

#include <unordered_set>

#include "directory/codec.h"

namespace deputy::directory {
namespace {

constexpr std::string_view kAccount = kWord<Account>;
constexpr std::size_t kAccountIdSize = 12;

}  // namespace

std::optional<std::string> prefix_of_account(std::string_view key) {
  if (!key.starts_with(kAccount) || key.size() != kAccount.size() + kAccountIdSize) return std::nullopt;
  return std::string(key) + '/';
}

std::vector<std::size_t> leftovers(const Snapshot& snapshot, std::span<const StoredChange> stored) {
  std::unordered_set<std::string_view> aliases;
  snapshot.accounts().each([&](const AccountState& account) { aliases.insert(account.account.alias); });
  std::unordered_set<std::string_view> callers;
  const auto is_caller = [&](std::string_view id) {
    if (callers.empty()) {
      snapshot.accounts().each([&](const AccountState& account) {
        account.roles.each([&](const Role& role) { callers.insert(role.id.str()); });
        account.users.each([&](const User& user) { callers.insert(user.id.str()); });
      });
    }
    return callers.contains(id);
  };
  std::string_view last_id;  // entries come in the order of their keys: one look-up an account is enough
  bool last_exists = false;
  const auto exists = [&](std::string_view id) {
    if (id != last_id) {
      last_id = id;
      last_exists = snapshot.accounts().get(id) != nullptr;
    }
    return last_exists;
  };
  const auto is_nobodys = [&](std::string_view key) {
    if (key.starts_with(kAccount)) return !exists(key.substr(kAccount.size(), kAccountIdSize));
    if (key.starts_with(kWord<Organization>)) {
      const std::string_view id = key.substr(kWord<Organization>.size());
      return snapshot.organization(id.substr(0, id.find('/'))) == nullptr;
    }
    if (key.starts_with(kWord<Bucket>)) return snapshot.bucket(key.substr(kWord<Bucket>.size())) == nullptr;
    if (key.starts_with(kAccessKeys)) return !snapshot.access_key(key.substr(kAccessKeys.size()));
    if (key.starts_with(kLastUses)) {
      const std::string_view id = key.substr(kLastUses.size());
      return !snapshot.access_key(id) && !is_caller(id);
    }
    if (key.starts_with(kAliases)) return !aliases.contains(key.substr(kAliases.size()));
    return false;
  };
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    if (is_nobodys(stored[i].key)) found.push_back(i);
  }
  return found;
}

}  // namespace deputy::directory
