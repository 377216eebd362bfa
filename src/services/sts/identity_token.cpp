#include "services/sts/identity_token.h"

#include <fmt/format.h>

#include "authn/federation/identity_token.h"
#include "base/json_writer.h"
#include "services/sts/errors.h"
#include "services/sts/session_tags.h"

namespace deputy::sts {

using crypto::SignatureAlgorithm;
using directory::Caller;
using directory::Tags;
using policy::Key;
using services::Access;
using services::At;

namespace {

constexpr std::int32_t kDefaultSeconds = 300;
constexpr std::size_t kMaxClaims = 14984;  // bytes of JSON, in UTF-8 (docs/wire.md, 6.3)

std::int32_t seconds_of(const GetWebIdentityToken::Input& in) { return in.duration_seconds.value_or(kDefaultSeconds); }

/// RS256 or ES384; nothing for any other.
std::optional<SignatureAlgorithm> algorithm_of(const GetWebIdentityToken::Input& in) {
  const auto found = crypto::find_signature_algorithm(in.signing_algorithm);
  const bool offered = found == SignatureAlgorithm::kRs256 || found == SignatureAlgorithm::kEs384;
  return offered ? found : std::nullopt;
}

/// The user, the role with its path, or root: sessions have no names here.
std::string subject_of(const Caller& caller) { return caller.role != nullptr ? caller.role->arn() : caller.arn; }

void write_tags(JsonWriter& json, std::string_view name, const Tags& tags) {
  if (tags.empty()) return;
  json.key(name).begin_object();
  for (const directory::Tag& tag : tags) json.key(tag.key).value(tag.value);
  json.end_object();
}

/// As aws:PrincipalTag: session tags over those of the role or user. [T-10]
Tags tags_of_principal(const Caller& caller) {
  Tags tags = caller.session ? caller.session->tags : Tags();
  const Tags* own = caller.role ? &caller.role->tags : caller.user ? &caller.user->tags : nullptr;
  if (own == nullptr) return tags;
  for (const directory::Tag& tag : *own) {
    if (directory::find_tag(tags, tag.key) == nullptr) tags.push_back(tag);
  }
  return tags;
}

/// What AWS knows of the caller, in the order in which AWS writes it; what it does not know is left out.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_token_claims.html
void write_aws_claims(JsonWriter& json, const At& at, const std::string& subject, const Tags& passed) {
  const Caller& caller = at.caller;
  json.key("https://sts.amazonaws.com/").begin_object();
  if (caller.session && !caller.session->source_identity.empty()) {
    json.key("source_identity").value(caller.session->source_identity);
  }
  const directory::OrganizationState* organization = at.snapshot.organization_of(*caller.account);
  if (organization != nullptr) json.key("org_id").value(organization->organization.id);
  json.key("aws_account").value(caller.account_id().view());
  if (organization != nullptr) {
    json.key("ou_path").begin_array().value(organization->path_of(*caller.account->membership)).end_array();
  }
  write_tags(json, "request_tags", passed);
  if (caller.session) {
    json.key("original_session_exp").value(iso8601(caller.session->expires));
    if (!caller.session->federated_provider.empty()) {
      json.key("federated_provider").value(caller.session->federated_provider);
    }
  }
  json.key("source_region").value(at.region).key("principal_id").value(subject);
  write_tags(json, "principal_tags", tags_of_principal(caller));
  json.end_object();
}

std::string claims_of(const At& at, const GetWebIdentityToken::Input& in, const Tags& passed) {
  std::string claims;
  JsonWriter json(claims);
  json.begin_object().key("aud");
  if (in.audience.size() == 1) {
    json.value(in.audience.front());
  } else {
    json.begin_array();
    for (const std::string& audience : in.audience) json.value(audience);
    json.end_array();
  }
  const std::string subject = subject_of(at.caller);
  json.key("sub").value(subject);
  if (in.scope) json.key("scope").value(*in.scope);
  write_aws_claims(json, at, subject, passed);
  const std::int64_t issued = epoch_seconds(at.now);
  json.key("iss").value(authn::issuer_url(at.public_url, at.caller.account->account.outbound_issuer));
  json.key("exp").value(issued + seconds_of(in)).key("iat").value(issued);
  json.key("jti").value(crypto::make_uuid(at.entropy)).end_object();
  return claims;
}

}  // namespace

Result<services::Accesses> GetWebIdentityToken::access(const At& at, const Input& in) {
  if (!algorithm_of(in)) {
    return errors::signing_algorithm_not_supported();
  }
  if (in.subject_mode == "OriginIdentity") {
    // The subject of a trusted identity propagation context, which no session has here.
    return errors::no_origin_identity();
  }
  TRY(const SessionTags tags, session_tags(nullptr, in.tags, {}, TagSource::kTokenToOthers));
  Access base{.action = policy::Action("sts:GetWebIdentityToken"),
              .resource = fmt::format("arn:aws:sts::{}:self", at.caller.account_id().view()),
              .owner = {},
              .request_tags = tags.passed};
  base.lists.emplace_back(Key::kIdentityTokenAudience, in.audience);
  base.keys.emplace_back(Key::kSigningAlgorithm, in.signing_algorithm);
  base.keys.emplace_back(Key::kDurationSeconds, std::to_string(seconds_of(in)));
  services::Accesses needs{std::move(base)};
  if (!tags.passed.empty()) {
    needs.push_back(needs.front());
    needs.back().action = policy::Action("sts:TagGetWebIdentityToken");
  }
  return needs;
}

Result<services::Outcome<GetWebIdentityToken::Output>> GetWebIdentityToken::execute(const At& at, const Input& in) {
  const Time expires = at.now + std::chrono::seconds(seconds_of(in));
  if (at.caller.session && expires >= at.caller.session->expires) {
    return errors::token_outlives_session();
  }
  const directory::Account& account = at.caller.account->account;
  const directory::SigningKey* key = authn::signing_key(account, at.now);
  if (!account.outbound_enabled || key == nullptr) {
    return errors::outbound_federation_disabled();
  }
  TRY(const SessionTags tags, session_tags(nullptr, in.tags, {}, TagSource::kTokenToOthers));
  const std::string claims = claims_of(at, in, tags.passed);
  if (claims.size() > kMaxClaims) {
    return errors::claims_too_large();
  }
  auto token = authn::sign_identity_token(at.vault, account.id, *key, *algorithm_of(in), claims);
  if (!token) return errors::internal_failure();
  Output out;
  out.web_identity_token = *std::move(token);
  out.expiration = expires;
  return services::Outcome<Output>{std::move(out)};
}

}  // namespace deputy::sts
