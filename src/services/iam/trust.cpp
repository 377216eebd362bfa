#include "services/iam/trust.h"

#include "directory/principals.h"
#include "policy/compiled.h"
#include "policy/principal_names.h"
#include "policy/principals.h"
#include "services/iam/errors.h"

namespace deputy::iam {
namespace {

using directory::Snapshot;
using policy::PrincipalElement;
using policy::PrincipalKind;

/// Whether a provider may be trusted: one that is built in, or that an account has.
Result<void> check_provider(const Snapshot& snapshot, const policy::Statement& statement, std::string_view value) {
  const bool built_in = policy::is_built_in_provider(value);
  if (!built_in && snapshot.oidc_provider_by_arn(value) == nullptr && snapshot.saml_provider_by_arn(value) == nullptr)
    return errors::invalid_principal("FEDERATED", value);
  if (value == policy::kCognito && statement.conditions.empty()) return errors::cognito_without_condition();
  return {};
}

Result<void> check_others(const Snapshot& snapshot, const policy::Statement& statement,
                          const PrincipalElement& principal) {
  const std::string_view value = principal.text.value;
  switch (principal.kind) {
    case PrincipalKind::kService:
      if (!policy::is_service_principal(value)) return errors::invalid_principal("SERVICE", value);
      return {};
    case PrincipalKind::kFederated:
      return check_provider(snapshot, statement, value);
    case PrincipalKind::kCanonicalUser:
      return errors::invalid_principal("CANONICALUSER", value);
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

  auto stored = directory::to_ids(snapshot, *document, directory::Strangers::kRefused);
  for (const policy::PrincipalAt& principal : policy::principals_of(*document)) {
    if (!stored && principal.element == stored.error().element) {
      return errors::invalid_principal("AWS", principal.element->text.value);
    }
    TRY_VOID(check_others(snapshot, *principal.statement, *principal.element));
  }
  std::string& text = stored->text;
  auto compiled = policy::compile(text, policy::Kind::kTrust);  // what will be loaded at the next start
  if (!compiled) return errors::malformed_policy(compiled.error().message);
  return Trust{directory::PolicyText(std::move(text), std::move(compiled).value()), std::move(stored->principals)};
}

std::string shown_trust(const Snapshot& snapshot, const directory::Role& role) {
  return directory::to_arns(snapshot, role.trust.text(), role.trust_principals, policy::Kind::kTrust);
}

}  // namespace deputy::iam
