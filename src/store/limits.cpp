#include "store/limits.h"

#include <fmt/core.h>

#include <algorithm>

namespace deputy::store {
namespace {

Error too_large(std::string message) { return {Error::Code::kTooLarge, std::move(message)}; }

Result<void> check_key(std::string_view key) {
  if (key.empty()) return too_large("A key must not be empty.");
  if (key.size() > kMaxKey) return too_large(fmt::format("A key has {} bytes; the limit is {}.", key.size(), kMaxKey));
  return {};
}

Result<void> check_unique(const std::vector<Change>& changes) {
  std::vector<std::string_view> keys;
  keys.reserve(changes.size());
  for (const Change& change : changes) keys.push_back(change.key);
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice != keys.end()) return too_large(fmt::format("The commit changes the key {} twice.", *twice));
  return {};
}

}  // namespace

std::size_t bytes(const Commit& commit) {
  std::size_t total = 0;
  for (const Precondition& precondition : commit.given) total += precondition.key.size();
  for (const std::string& prefix : commit.none_under) total += prefix.size();
  for (const Change& change : commit.changes) total += change.key.size() + (change.value ? change.value->size() : 0);
  return total;
}

Result<void> check(const Commit& commit) {
  const std::size_t most = commit.bulk ? kMaxBulkOperations : kMaxOperations;
  const std::size_t most_bytes = commit.bulk ? kMaxBulkBytes : kMaxCommitBytes;
  const std::size_t operations = commit.given.size() + commit.none_under.size() + commit.changes.size();
  if (operations > most) {
    return too_large(fmt::format("The commit has {} keys; the limit is {}.", operations, most));
  }
  for (const Precondition& precondition : commit.given) TRY_VOID(check_key(precondition.key));
  for (const std::string& prefix : commit.none_under) TRY_VOID(check_key(prefix));
  for (const Change& change : commit.changes) TRY_VOID(check_key(change.key));
  if (const std::size_t size = bytes(commit); size > most_bytes) {
    return too_large(fmt::format("The commit has {} bytes; the limit is {}.", size, most_bytes));
  }
  return check_unique(commit.changes);
}

}  // namespace deputy::store
