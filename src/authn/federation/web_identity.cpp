#include "authn/federation/web_identity.h"

#include <algorithm>
#include <array>

#include "authn/federation/claims.h"
#include "authn/federation/errors.h"

namespace deputy::authn {
namespace {

using directory::OidcProvider;

/// "IAM provides a five-minute window beyond the expiration time", and before the others, for clocks that differ.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html
constexpr std::int64_t kLeewaySeconds = 300;
constexpr std::size_t kMaxSubject = 255;

const OidcProvider* provider_of(const directory::AccountState* account, std::string_view issuer) {
  const std::size_t slashes = issuer.find("://");
  if (account == nullptr || slashes == std::string_view::npos) return nullptr;
  const OidcProvider* provider = account->oidc_providers.get(issuer.substr(slashes + 3));
  return provider != nullptr && provider->issuer() == issuer ? provider : nullptr;
}

Result<std::string> required_text(const Json& claims, std::string_view name) {
  const Json* claim = claims.get(name);
  if (claim == nullptr) return errors::missing_claim(name);
  if (claim->text() == nullptr || claim->text()->empty()) return errors::invalid_web_identity();
  return *claim->text();
}

Result<std::int64_t> required_time(const Json& claims, std::string_view name) {
  const Json* claim = claims.get(name);
  if (claim == nullptr) return errors::missing_claim(name);
  const auto seconds = claim->number();
  if (!seconds) return errors::invalid_web_identity();
  return *seconds;
}

Result<void> check_times(const Json& claims, Time now) {
  const std::int64_t seconds = epoch_seconds(now);
  TRY(const std::int64_t expires, required_time(claims, "exp"));
  TRY(const std::int64_t issued, required_time(claims, "iat"));
  if (seconds >= expires + kLeewaySeconds) return errors::expired_web_identity(seconds, expires);
  std::int64_t not_before = issued;
  if (claims.get("nbf") != nullptr) {
    TRY(not_before, required_time(claims, "nbf"));
  }
  if (std::max(not_before, issued) > seconds + kLeewaySeconds) return errors::invalid_web_identity();
  return {};
}

struct Audience {
  std::string client;                 // azp, or else aud: what must be registered, and the key `aud`
  std::vector<std::string> original;  // aud: the key `oaud`
};

Result<Audience> read_audience(const Json& claims, const OidcProvider& provider) {
  const Json* aud = claims.get("aud");
  const Json* azp = claims.get("azp");
  if (aud == nullptr) return errors::missing_claim("aud");
  const auto all = aud->texts();
  if (!all || all->empty() || (azp != nullptr && azp->text() == nullptr)) return errors::invalid_web_identity();
  if (all->size() > 1 && azp == nullptr) return errors::ambiguous_audience();
  Audience audience{azp != nullptr ? *azp->text() : all->front(), *all};
  const auto& clients = provider.client_ids;
  if (std::find(clients.begin(), clients.end(), audience.client) == clients.end()) return errors::wrong_audience();
  return audience;
}

/// Claims of certain providers that are condition keys; those of others are not.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
constexpr std::string_view kGithub = "token.actions.githubusercontent.com";
constexpr std::array<std::string_view, 9> kGithubClaims = {"actor",      "actor_id",      "job_workflow_ref",
                                                           "repository", "repository_id", "workflow",
                                                           "ref",        "environment",   "enterprise_id"};

directory::NamedKeys keys_of(const Json& claims, const OidcProvider& provider, const Audience& audience) {
  directory::NamedKeys keys;
  const auto add = [&](std::string_view claim, std::vector<std::string> values) {
    if (!values.empty()) keys.push_back({provider.url + ":" + std::string(claim), std::move(values)});
  };
  const auto add_text = [&](std::string_view claim) {
    if (const std::string* text = claims.text(claim)) add(claim, {*text});
  };
  add("aud", {audience.client});
  add("oaud", audience.original);
  add_text("sub");
  add_text("email");
  if (const Json* amr = claims.get("amr")) add("amr", amr->texts().value_or(std::vector<std::string>()));
  if (provider.url == kGithub) {
    for (const std::string_view claim : kGithubClaims) add_text(claim);
  }
  return keys;
}

}  // namespace

Result<WebIdentity> read_web_identity(std::string_view token, const directory::AccountState* account, Time now) {
  auto jwt = Jwt::parse(token);
  if (!jwt) return errors::not_a_jwt();
  const Json& claims = jwt->claims;
  if (!crypto::find_signature_algorithm(jwt->algorithm)) return errors::invalid_web_identity();
  TRY(const std::string issuer, required_text(claims, "iss"));
  const OidcProvider* provider = provider_of(account, issuer);
  if (provider == nullptr) return errors::no_provider_for(issuer);
  TRY(std::string subject, required_text(claims, "sub"));
  if (subject.size() > kMaxSubject) return errors::invalid_web_identity();
  TRY(Audience audience, read_audience(claims, *provider));
  TRY_VOID(check_times(claims, now));

  directory::FederatedCall call{.provider = provider->arn(),
                                .subject = std::move(subject),
                                .keys = keys_of(claims, *provider, audience),
                                .audience = std::move(audience.client)};
  if (!can_be_shown(call.keys) || !read_session_claims(claims, call)) return errors::invalid_web_identity();
  return WebIdentity{*std::move(jwt), provider, std::move(call)};
}

Result<directory::Caller> believe(WebIdentity identity, const KeyAnswer& keys) {
  if (!keys) return errors::no_keys(keys.error().fault);
  const auto algorithm = crypto::find_signature_algorithm(identity.jwt.algorithm);
  if (!algorithm) return errors::invalid_web_identity();
  if (!(*keys)->has(identity.jwt.key_id)) return errors::no_keys(KeyFault::kUnusable);
  const crypto::PublicKey* key = (*keys)->find(identity.jwt.key_id, *algorithm);
  if (key == nullptr || !key->verify(*algorithm, identity.jwt.signed_bytes, identity.jwt.signature)) {
    return errors::invalid_web_identity();
  }
  directory::Caller caller;
  caller.kind = directory::Caller::Kind::kWebIdentity;
  caller.user_id = identity.call.provider + ":" + identity.call.audience + ":" + identity.call.subject;
  caller.federated = std::make_shared<const directory::FederatedCall>(std::move(identity.call));
  return caller;
}

}  // namespace deputy::authn
