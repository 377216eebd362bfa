// Role trust policies. [W-6, W-8]
#include <algorithm>
#include <array>

#include "policy/name_pattern.h"
#include "policy/principal_names.h"
#include "policy/text.h"
#include "policy/validate.h"

namespace deputy::policy {
namespace {

/// OIDC providers that many customers share: trusting one without naming the tenant trusts them all. [W-8]
constexpr std::array<std::string_view, 6> kSharedProviders = {"token.actions.githubusercontent.com",
                                                              "gitlab.com",
                                                              "app.terraform.io",
                                                              "oidc.codefresh.io",
                                                              "api.pulumi.com",
                                                              "oidc.vercel.com"};

Problem refuse(const Statement& s, std::string message, std::string detail = {}) {
  return {std::move(message), std::move(detail), s.position};
}

Problem invalid(std::string_view type, const Text& principal, std::string detail) {
  return {"Invalid principal in policy: \"" + std::string(type) + "\":\"" + std::string(principal.value) + "\"",
          std::move(detail), principal.position};
}

/// "arn:aws:iam::222222222222:oidc-provider/gitlab.com" is the provider "gitlab.com".
std::string_view oidc_provider(std::string_view principal) {
  constexpr std::string_view kType = ":oidc-provider/";
  const std::size_t at = principal.find(kType);
  return at == std::string_view::npos ? std::string_view() : principal.substr(at + kType.size());
}

bool is_provider(std::string_view text) {
  if (is_built_in_provider(text)) return true;
  return text.starts_with("arn:") && text.find_first_of("*?") == std::string_view::npos &&
         (!oidc_provider(text).empty() || text.find(":saml-provider/") != std::string_view::npos);
}

/// A condition on the provider's `sub` or `aud` that says more than "any".
bool names_tenant(const Statement& s, std::string_view provider) {
  return std::any_of(s.conditions.begin(), s.conditions.end(), [&](const ConditionEntry& entry) {
    const std::string_view key = entry.key;
    if (key.size() != provider.size() + 4 || !same_ignoring_case(key.substr(0, provider.size()), provider))
      return false;
    const std::string_view claim = key.substr(provider.size());
    if (!same_ignoring_case(claim, ":sub") && !same_ignoring_case(claim, ":aud")) return false;
    return !entry.values.empty() && std::none_of(entry.values.begin(), entry.values.end(), [](std::string_view v) {
      return v.find_first_not_of("*?") == std::string_view::npos;
    });
  });
}

Checked check_federated(const Statement& s, const Text& principal) {
  if (!is_provider(principal.value)) return invalid("FEDERATED", principal, "This is no identity provider.");
  if (principal.value == kCognito && s.conditions.empty()) {
    return Problem{"A condition block must be present for the Cognito provider", {}, s.position};
  }
  const std::string_view provider = oidc_provider(principal.value);
  const bool shared = std::find(kSharedProviders.begin(), kSharedProviders.end(), provider) != kSharedProviders.end();
  if (shared && s.allow && !names_tenant(s, provider)) {
    return Problem{"A condition on " + std::string(provider) + ":sub must be present for the OIDC provider " +
                       std::string(provider),
                   "The provider is shared by many customers: say which of them is meant.", s.position};
  }
  return {};
}

Checked check_principals(const Statement& s) {
  for (const PrincipalElement& principal : s.principals) {
    switch (principal.kind) {
      case PrincipalKind::kEverybody:
        break;
      case PrincipalKind::kAws:
        if (auto fault = aws_principal_fault(principal.text.value)) return invalid("AWS", principal.text, *fault);
        break;
      case PrincipalKind::kService:
        if (!is_service_principal(principal.text.value))
          return invalid("SERVICE", principal.text, "This is no AWS service.");
        break;
      case PrincipalKind::kFederated:
        TRY_VOID(check_federated(s, principal.text));
        break;
      case PrincipalKind::kCanonicalUser:
        return invalid("CANONICALUSER", principal.text, "Canonical users are known to S3 only.");
    }
  }
  return {};
}

/// What a trust policy can be about. One that exists but asks nobody's trust (sts:GetCallerIdentity) is taken, as AWS does.
constexpr std::array<std::string_view, 17> kStsActions = {"AssumeRole",
                                                          "AssumeRoleWithSAML",
                                                          "AssumeRoleWithWebIdentity",
                                                          "AssumeRoot",
                                                          "DecodeAuthorizationMessage",
                                                          "GetAccessKeyInfo",
                                                          "GetCallerIdentity",
                                                          "GetDelegatedAccessToken",
                                                          "GetFederationToken",
                                                          "GetScopedCredentials",
                                                          "GetServiceBearerToken",
                                                          "GetSessionToken",
                                                          "GetWebIdentityToken",
                                                          "SetContext",
                                                          "SetSourceIdentity",
                                                          "TagGetWebIdentityToken",
                                                          "TagSession"};

/// Whether it is the name of an action of STS, or a pattern that one matches.
bool is_sts_action(std::string_view action) {
  if (!same_ignoring_case(vendor(action), "sts") || action_fault(action)) return false;
  const NamePattern pattern(action.substr(action.find(':') + 1));
  return std::any_of(kStsActions.begin(), kStsActions.end(), [&](auto name) { return pattern.matches(name); });
}

Checked check_elements(const Statement& s) {
  if (s.effect.empty()) return refuse(s, "Missing required field Effect");
  if (s.effect != "Allow" && s.effect != "Deny") return refuse(s, "Invalid effect: " + std::string(s.effect));
  if (s.not_principal) {
    return refuse(s, s.allow ? "Allow with NotPrincipal is not allowed."
                             : "AssumeRole policy must not contain NotPrincipal field.");
  }
  if (!s.has_principal) return refuse(s, "Missing required field Principal");
  if (s.principals.empty()) return refuse(s, "Missing required field Principal cannot be empty!");
  if (s.actions.empty()) return refuse(s, "Missing required field Action");
  if (s.has_resource) {
    return refuse(s, "Has prohibited field Resource", "A trust policy belongs to its role and names no resource.");
  }
  for (const Text& action : s.actions) {
    if (!is_sts_action(action.value)) {
      return Problem{"AssumeRole policy may only specify STS AssumeRole actions.",
                     "\"" + std::string(action.value) + "\" is no action of STS.", action.position};
    }
  }
  return {};
}

}  // namespace

Checked validate_trust(const Document& document) {
  for (const Statement& s : document.statements) TRY_VOID(check_elements(s));
  if (const Statement* second = repeated_sid(document)) {
    return refuse(*second, "The Statement Ids in the policy are not unique");
  }
  for (const Statement& s : document.statements) TRY_VOID(check_principals(s));
  return {};
}

}  // namespace deputy::policy
