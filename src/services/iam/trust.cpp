#include "services/iam/trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/arn.h"
#include "base/json_writer.h"
#include "catalog/service_principals.h"
#include "policy/compiled.h"
#include "services/iam/errors.h"

namespace deputy::iam {
namespace {

using directory::ResolvedPrincipal;
using directory::Snapshot;
using policy::PrincipalElement;
using policy::PrincipalKind;

constexpr std::string_view kCognito = "cognito-identity.amazonaws.com";
/// Identity providers that exist without anybody creating them. [P-9]
constexpr std::array<std::string_view, 4> kBuiltInProviders = {kCognito, "www.amazon.com", "graph.facebook.com",
                                                               "accounts.google.com"};

Error invalid_principal(std::string_view type, std::string_view value) {
  return errors::malformed_policy(fmt::format("Invalid principal in policy: \"{}\":\"{}\"", type, value));
}

/// Pieces of a JSON text to be replaced by strings, in the order of the text.
class Rewriter {
 public:
  explicit Rewriter(std::string_view source) : source_(source) {}

  void replace(const policy::Text& old, std::string_view value) {
    out_.append(source_.substr(copied_, old.position.offset - copied_));
    JsonWriter(out_).value(value);
    copied_ = old.end;
  }
  std::string finish() && {
    out_.append(source_.substr(copied_));
    return std::move(out_);
  }

 private:
  std::string_view source_;
  std::string out_;
  std::size_t copied_ = 0;
};

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

void remember(std::vector<ResolvedPrincipal>& principals, const ResolvedPrincipal& principal) {
  const auto same = [&](const ResolvedPrincipal& other) { return other.id == principal.id; };
  if (std::none_of(principals.begin(), principals.end(), same)) principals.push_back(principal);
}

/// Whether a provider may be trusted: one that is built in, or that an account has.
Result<void> check_provider(const Snapshot& snapshot, const policy::Statement& statement, std::string_view value) {
  const bool built_in = std::find(kBuiltInProviders.begin(), kBuiltInProviders.end(), value) != kBuiltInProviders.end();
  if (!built_in && snapshot.oidc_provider_by_arn(value) == nullptr && snapshot.saml_provider_by_arn(value) == nullptr)
    return invalid_principal("FEDERATED", value);
  if (value == kCognito && statement.conditions.empty()) {
    return errors::malformed_policy("A condition block must be present for the Cognito provider");
  }
  return {};
}

Result<void> check_others(const Snapshot& snapshot, const policy::Statement& statement,
                          const PrincipalElement& principal) {
  const std::string_view value = principal.text.value;
  switch (principal.kind) {
    case PrincipalKind::kService:
      if (!catalog::is_service_principal(value)) return invalid_principal("SERVICE", value);
      return {};
    case PrincipalKind::kFederated:
      return check_provider(snapshot, statement, value);
    case PrincipalKind::kCanonicalUser:
      return invalid_principal("CANONICALUSER", value);
    default:
      return {};
  }
}

}  // namespace

Result<Trust> resolve_trust(const Snapshot& snapshot, std::string_view json) {
  if (auto text = policy::check_text(json, policy::Kind::kTrust); !text) {
    return errors::malformed_policy(text.error().message);
  }
  const auto document = policy::parse(json, policy::Kind::kTrust);
  if (!document) return errors::malformed_policy(document.error().message);
  if (const auto valid = policy::validate(*document, policy::Kind::kTrust); !valid) {
    return errors::malformed_policy(valid.error().message);
  }
  if (policy::size_without_white_space(json) > quotas::kTrustPolicySize.limit) {
    return errors::limit_exceeded(quotas::kTrustPolicySize);
  }

  Trust trust;
  Rewriter stored(json);
  for (const policy::Statement& statement : document->statements) {
    for (const PrincipalElement& principal : statement.principals) {
      TRY_VOID(check_others(snapshot, statement, principal));
      const std::string_view value = principal.text.value;
      if (principal.kind != PrincipalKind::kAws || stands_for_itself(snapshot, value)) continue;
      const auto found = entity(snapshot, value);
      if (!found) return invalid_principal("AWS", value);
      stored.replace(principal.text, found->id.str());
      remember(trust.principals, *found);
    }
  }
  std::string text = std::move(stored).finish();
  auto compiled = policy::compile(text, policy::Kind::kTrust);  // what will be loaded at the next start
  if (!compiled) return errors::malformed_policy(compiled.error().message);
  trust.text = directory::PolicyText(std::move(text), std::move(compiled).value());
  return trust;
}

std::string shown_trust(const Snapshot& snapshot, const directory::Role& role) {
  const std::string& text = role.trust.text();
  if (role.trust_principals.empty()) return text;
  const auto document = policy::parse(text, policy::Kind::kTrust);
  if (!document) return text;

  Rewriter shown(text);
  for (const policy::Statement& statement : document->statements) {
    for (const PrincipalElement& principal : statement.principals) {
      if (principal.kind != PrincipalKind::kAws) continue;
      const auto known = std::find_if(role.trust_principals.begin(), role.trust_principals.end(),
                                      [&](const auto& other) { return other.id.str() == principal.text.value; });
      if (known == role.trust_principals.end()) continue;
      const std::string arn = snapshot.current_arn(*known);
      if (!arn.empty()) shown.replace(principal.text, arn);
    }
  }
  return std::move(shown).finish();
}

}  // namespace deputy::iam
