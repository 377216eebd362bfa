#include "directory/principals.h"

#include <algorithm>
#include <optional>

#include "base/arn.h"
#include "policy/principals.h"

namespace deputy::directory {
namespace {

using policy::PrincipalKind;

/// A session of a role or a federated user: taken unchecked, but no wildcard. [P-11, W-7]
bool is_session_arn(const Arn& arn) {
  if (arn.partition != "aws" || arn.service != "sts" || !arn.region.empty() || !AccountId::parse(arn.account)) {
    return false;
  }
  if (arn.resource.find_first_of("*?") != std::string_view::npos) return false;
  const std::size_t slash = arn.resource.find('/');
  if (slash == std::string_view::npos || slash + 1 == arn.resource.size()) return false;
  const std::string_view type = arn.resource.substr(0, slash), rest = arn.resource.substr(slash + 1);
  if (type == "federated-user") return rest.find('/') == std::string_view::npos;
  const std::size_t second = rest.find('/');
  return type == "assumed-role" && second != 0 && second != std::string_view::npos && second + 1 != rest.size() &&
         rest.find('/', second + 1) == std::string_view::npos;
}

/// Principals that need no entity: everybody, accounts that exist, sessions.
bool stands_for_itself(const Snapshot& snapshot, std::string_view value) {
  if (value == "*") return true;
  if (const auto id = AccountId::parse(value)) return snapshot.account(*id) != nullptr;
  const auto arn = Arn::split(value);
  if (!arn) return false;
  if (is_session_arn(*arn)) return true;
  const auto id = AccountId::parse(arn->account);
  return id && snapshot.account(*id) != nullptr && value == root_arn(*id);
}

/// Whether it is an account that is not here, or of one.
bool is_of_stranger(const Snapshot& snapshot, std::string_view value) {
  auto id = AccountId::parse(value);
  if (const auto arn = Arn::split(value); !id && arn) id = AccountId::parse(arn->account);
  return id && snapshot.account(*id) == nullptr;
}

/// The user or role that an ARN or a unique id names today.
std::optional<ResolvedPrincipal> entity(const Snapshot& snapshot, std::string_view value) {
  if (const auto* user = snapshot.user_by_arn(value)) return ResolvedPrincipal{user->id, user->arn()};
  if (const auto* role = snapshot.role_by_arn(value)) return ResolvedPrincipal{role->id, role->arn()};
  if (const auto id = UniqueId::parse(value)) {
    std::string arn = snapshot.arn_of(*id);
    if (!arn.empty()) return ResolvedPrincipal{*id, std::move(arn)};
  }
  return std::nullopt;
}

const ResolvedPrincipal* find(std::span<const ResolvedPrincipal> principals, std::string_view id) {
  const auto found =
      std::find_if(principals.begin(), principals.end(), [&](const auto& other) { return other.id.str() == id; });
  return found != principals.end() ? &*found : nullptr;
}

}  // namespace

Result<StoredPolicy, UnknownPrincipal> to_ids(const Snapshot& snapshot, const policy::Document& document,
                                              Strangers strangers) {
  StoredPolicy stored;
  std::vector<policy::Replacement> ids;
  for (const policy::PrincipalAt& principal : policy::principals_of(document)) {
    const policy::PrincipalElement& element = *principal.element;
    if (element.kind != PrincipalKind::kAws || stands_for_itself(snapshot, element.text.value)) continue;
    if (strangers == Strangers::kKept && is_of_stranger(snapshot, element.text.value)) continue;
    auto found = entity(snapshot, element.text.value);
    if (!found) return UnknownPrincipal{&element};
    ids.push_back({element.text, found->id.str()});
    if (find(stored.principals, found->id.str()) == nullptr) stored.principals.push_back(*std::move(found));
  }
  stored.text = policy::replace(document.source, ids);
  return stored;
}

std::string to_arns(const Snapshot& snapshot, const std::string& text, std::span<const ResolvedPrincipal> principals,
                    policy::Kind kind) {
  if (principals.empty()) return text;
  const auto document = policy::parse(text, kind);
  if (!document) return text;
  std::vector<policy::Replacement> arns;
  for (const policy::PrincipalAt& principal : policy::principals_of(*document)) {
    const policy::PrincipalElement& element = *principal.element;
    if (element.kind != PrincipalKind::kAws) continue;
    const ResolvedPrincipal* known = find(principals, element.text.value);
    if (known == nullptr) continue;
    std::string arn = snapshot.current_arn(*known);
    if (!arn.empty()) arns.push_back({element.text, std::move(arn)});
  }
  return policy::replace(text, arns);
}

}  // namespace deputy::directory
