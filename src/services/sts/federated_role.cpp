#include "services/sts/federated_role.h"

#include "base/arn.h"
#include "services/sts/credentials.h"
#include "services/sts/session_policies.h"
#include "services/sts/session_tags.h"

namespace deputy::sts {

using directory::FederatedCall;
using directory::Role;
using directory::Session;
using policy::Key;
using services::Access;
using services::Accesses;
using services::At;

namespace {

Error validation(std::string message) { return {"ValidationError", 400, std::move(message)}; }

Result<SessionTags> tags_of(const FederatedCall& call) {
  std::vector<shapes::Tag> tags;
  for (const directory::Tag& tag : call.tags) tags.push_back({tag.key, tag.value});
  return session_tags(nullptr, tags, call.transitive_tag_keys);
}

}  // namespace

Result<AccountId> account_of_role(std::string_view text) {
  const auto arn = Arn::split(text);
  const auto owner = arn ? AccountId::parse(arn->account) : std::nullopt;
  if (!owner || arn->partition.empty() || arn->service.empty() || arn->resource.empty()) {
    return validation(std::string(text) + " is invalid");
  }
  return *owner;
}

Result<Accesses> federated_accesses(const At& at, std::string_view action, const std::string& role_arn,
                                    const std::string& session_name) {
  const FederatedCall& call = *at.caller.federated;
  TRY(const AccountId owner, account_of_role(role_arn));
  TRY(const SessionTags tags, tags_of(call));
  const Role* role = at.snapshot.role_by_arn(role_arn);
  Access base{.action = policy::Action(action),
              .resource = role_arn,
              .owner = owner,
              .resource_policy = role ? role->trust.compiled() : nullptr,
              .resource_kind = policy::ResourceKind::kTrust,
              .resource_tags = role ? &role->tags : nullptr,
              .request_tags = tags.passed};
  base.keys.emplace_back(Key::kRoleSessionName, session_name);
  if (!call.source_identity.empty()) base.keys.emplace_back(Key::kStsSourceIdentity, call.source_identity);
  if (!tags.transitive_keys.empty()) base.lists.emplace_back(Key::kTransitiveTagKeys, tags.transitive_keys);

  Accesses needs{base};
  const auto also = [&](std::string_view further) {
    needs.push_back(base);
    needs.back().action = policy::Action(further);
  };
  if (!tags.passed.empty()) also("sts:TagSession");
  if (!call.source_identity.empty()) also("sts:SetSourceIdentity");
  return needs;
}

Result<FederatedAnswer> assume_federated(const At& at, const Role& role, FederatedRequest request) {
  if (request.seconds > static_cast<std::int32_t>(role.max_session_seconds)) {
    return validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  const FederatedCall& call = *at.caller.federated;
  TRY(SessionTags tags, tags_of(call));
  Session session;
  session.kind = Session::Kind::kRole;
  session.account = role.account;
  session.issuer = role.id;
  session.issuer_name = role.name;
  session.name = request.session_name;
  session.issued = at.now;
  session.expires = at.now + std::chrono::seconds(request.seconds);
  session.tags = tags.effective();
  session.transitive_tag_keys = std::move(tags.transitive_keys);
  session.source_identity = call.source_identity;
  session.mfa = false;
  session.federated_provider = call.provider;
  session.federated_keys = std::move(request.lasting_keys);
  TRY_VOID(add_session_policies(at.snapshot, request.policy, request.policy_arns, session));

  FederatedAnswer answer;
  answer.user = {.assumed_role_id = role.id.str() + ":" + request.session_name,
                 .arn = assumed_role_arn(role.account, role.name, request.session_name)};
  answer.packed_policy_size = packed_policy_size(session);
  if (!call.source_identity.empty()) answer.source_identity = call.source_identity;
  TRY(answer.credentials, issue(at, std::move(session)));
  return answer;
}

}  // namespace deputy::sts
