#include "services/sts/assume_role.h"

#include "base/arn.h"
#include "services/sts/credentials.h"
#include "services/sts/mfa.h"
#include "services/sts/session_policies.h"
#include "services/sts/session_tags.h"

namespace deputy::sts {

using directory::Role;
using directory::Session;
using policy::Key;
using services::Access;

namespace {

constexpr std::int32_t kDefaultSeconds = 3600;
constexpr std::int32_t kChainedSeconds = 3600;  // [T-17]

Error validation(std::string message) { return {"ValidationError", 400, std::move(message)}; }

/// The source identity of the new session: once set it stays through the chain. [T-12]
std::string source_identity(const At& at, const AssumeRole::Input& in) {
  if (at.caller.session && !at.caller.session->source_identity.empty()) return at.caller.session->source_identity;
  return in.source_identity.value_or("");
}

Result<void> check_duration(const At& at, const AssumeRole::Input& in, const Role& role) {
  const std::int32_t seconds = in.duration_seconds.value_or(kDefaultSeconds);
  // The maximum is no limit for services: they choose how long their sessions last.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html
  if (at.caller.kind == directory::Caller::Kind::kService) return {};
  if (seconds > static_cast<std::int32_t>(role.max_session_seconds)) {
    return validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  if (at.caller.is_temporary() && seconds > kChainedSeconds) {
    return validation(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
  }
  return {};
}

}  // namespace

services::Proof AssumeRole::prove(const At& at, const Input& in) {
  return prove_mfa(at, in.serial_number, in.token_code);
}

Result<Accesses> AssumeRole::access(const At& at, const Input& in) {
  const auto arn = Arn::split(in.role_arn);
  const auto owner = arn ? AccountId::parse(arn->account) : std::nullopt;
  if (!owner || arn->partition.empty() || arn->service.empty() || arn->resource.empty()) {
    return validation(in.role_arn + " is invalid");
  }
  TRY(const SessionTags tags, session_tags(at.caller.session.get(), in.tags, in.transitive_tag_keys));
  const Role* role = at.snapshot.role_by_arn(in.role_arn);

  Access base{.action = policy::Action("sts:AssumeRole"),
              .resource = in.role_arn,
              .owner = *owner,
              .resource_policy = role ? role->trust.compiled() : nullptr,
              .resource_kind = policy::ResourceKind::kTrust,
              .resource_tags = role ? &role->tags : nullptr,
              .overriding_resource_tags = tags.inherited,
              .request_tags = tags.passed};
  base.keys.emplace_back(Key::kRoleSessionName, in.role_session_name);
  if (in.external_id) base.keys.emplace_back(Key::kExternalId, *in.external_id);
  const std::string identity = source_identity(at, in);
  if (!identity.empty()) base.keys.emplace_back(Key::kStsSourceIdentity, identity);
  if (!tags.transitive_keys.empty()) base.lists.emplace_back(Key::kTransitiveTagKeys, tags.transitive_keys);

  Accesses needs;
  if (!tags.passed.empty()) {
    needs.push_back(base);
    needs.back().action = policy::Action("sts:TagSession");
  }
  if (!identity.empty()) {
    needs.push_back(base);
    needs.back().action = policy::Action("sts:SetSourceIdentity");
  }
  needs.insert(needs.begin(), std::move(base));
  return needs;
}

Result<Outcome<AssumeRole::Output>> AssumeRole::execute(const At& at, const Input& in) {
  const Role& role = *at.snapshot.role_by_arn(in.role_arn);  // authorized, so it exists
  if (!in.provided_contexts.empty()) {
    return Error("NotImplemented", 501, "Deputy does not implement ProvidedContexts of sts:AssumeRole.");
  }
  TRY_VOID(check_duration(at, in, role));
  const std::string identity = source_identity(at, in);
  if (in.source_identity && *in.source_identity != identity) {
    return validation("The source identity is already set for this assume role session");
  }
  TRY(SessionTags tags, session_tags(at.caller.session.get(), in.tags, in.transitive_tag_keys));

  Session session{.kind = Session::Kind::kRole,
                  .account = role.account,
                  .issuer = role.id,
                  .issuer_name = role.name,
                  .name = in.role_session_name,
                  .access_key_id = {},
                  .issued = at.now,
                  .expires = at.now + std::chrono::seconds(in.duration_seconds.value_or(kDefaultSeconds)),
                  .policy = {},
                  .policy_arns = {},
                  .tags = tags.effective(),
                  .transitive_tag_keys = std::move(tags.transitive_keys),
                  .source_identity = identity,
                  .mfa = at.caller.gave_mfa_code,  // with this call: that of a chain does not go on [K-3]
                  .mfa_time = at.now,
                  .chain_depth = at.caller.session ? at.caller.session->chain_depth + 1 : 0,
                  .compiled = nullptr};
  TRY_VOID(add_session_policies(at.snapshot, in.policy, in.policy_arns, session));

  Output out;
  out.assumed_role_user = shapes::AssumedRoleUser{
      .assumed_role_id = role.id.str() + ":" + in.role_session_name,
      .arn = assumed_role_arn(role.account, role.name, in.role_session_name),
  };
  out.packed_policy_size = packed_policy_size(session);
  if (!identity.empty()) out.source_identity = identity;
  TRY(out.credentials, issue(at, std::move(session)));
  return Outcome<Output>{std::move(out)};
}

}  // namespace deputy::sts
