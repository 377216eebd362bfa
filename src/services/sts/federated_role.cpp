#include "services/sts/federated_role.h"

#include "services/sts/errors.h"
#include "services/sts/session_policies.h"

namespace deputy::sts {

using directory::FederatedCall;
using directory::Role;
using directory::Session;
using services::Accesses;
using services::At;

namespace {

Result<SessionTags> tags_of(const FederatedCall& call) {
  std::vector<shapes::Tag> tags;
  for (const directory::Tag& tag : call.tags) tags.push_back({tag.key, tag.value});
  return session_tags(nullptr, tags, call.transitive_tag_keys, TagSource::kProvider);
}

}  // namespace

Result<Accesses> federated_accesses(const At& at, std::string_view action, const std::string& role_arn,
                                    const std::string& session_name) {
  const FederatedCall& by = *at.caller.federated;
  TRY(const AccountId owner, account_of_role(role_arn));
  TRY(const SessionTags tags, tags_of(by));
  const RoleCall call{action, role_arn, owner, session_name, by.source_identity, tags};
  return with_tags_and_identity(role_access(at, call), call);
}

Result<RoleAnswer> assume_federated(const At& at, const Role& role, FederatedRequest request) {
  if (request.seconds > static_cast<std::int32_t>(role.max_session_seconds)) {
    return errors::longer_than_role_allows();
  }
  const FederatedCall& by = *at.caller.federated;
  TRY(const SessionTags tags, tags_of(by));
  Session session = role_session(at, role, {request.session_name, request.seconds, by.source_identity, tags});
  session.federated_provider = by.provider;
  session.federated_keys = std::move(request.lasting_keys);
  TRY_VOID(add_session_policies(at.snapshot, request.policy, request.policy_arns, session));
  return hand_out(at, std::move(session), request.least_token_size);
}

}  // namespace deputy::sts
