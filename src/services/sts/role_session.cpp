#include "services/sts/role_session.h"

#include "base/arn.h"
#include "services/sts/errors.h"

namespace deputy::sts {

using directory::Role;
using directory::Session;
using policy::Key;
using services::Access;
using services::Accesses;
using services::At;

Result<AccountId> account_of_role(std::string_view text) {
  const auto arn = Arn::split(text);
  const auto owner = arn ? AccountId::parse(arn->account) : std::nullopt;
  if (!owner || arn->partition.empty() || arn->service.empty() || arn->resource.empty()) {
    return errors::invalid(text);
  }
  return *owner;
}

Access role_access(const At& at, const RoleCall& call) {
  const directory::AccountState* owner = at.snapshot.account(call.owner);
  // Of an account that lets nobody in, no role is there.
  const Role* role = owner != nullptr && owner->is_open() ? at.snapshot.role_by_arn(call.role_arn) : nullptr;
  Access access{.action = policy::Action(call.action),
                .resource = call.role_arn,
                .owner = call.owner,
                .resource_policy = role ? role->trust.compiled() : nullptr,
                .resource_kind = policy::ResourceKind::kTrust,
                .resource_tags = role ? &role->tags : nullptr,
                .overriding_resource_tags = call.tags.inherited,
                .request_tags = call.tags.passed};
  access.keys.emplace_back(Key::kRoleSessionName, call.session_name);
  if (!call.source_identity.empty()) access.keys.emplace_back(Key::kStsSourceIdentity, call.source_identity);
  if (!call.tags.transitive_keys.empty()) access.lists.emplace_back(Key::kTransitiveTagKeys, call.tags.transitive_keys);
  return access;
}

Accesses with_tags_and_identity(Access base, const RoleCall& call) {
  Accesses needs;
  needs.push_back(std::move(base));
  const auto also = [&](std::string_view further) {
    Access access = needs.front();
    access.action = policy::Action(further);
    needs.push_back(std::move(access));
  };
  if (!call.tags.passed.empty()) also("sts:TagSession");
  if (!call.source_identity.empty()) also("sts:SetSourceIdentity");
  return needs;
}

Session role_session(const At& at, const Role& role, const RoleSession& wanted) {
  Session session;
  session.kind = Session::Kind::kRole;
  session.account = role.account;
  session.issuer = role.id;
  session.issuer_name = role.name;
  session.name = wanted.name;
  session.issued = at.now;
  session.expires = at.now + std::chrono::seconds(wanted.seconds);
  session.tags = wanted.tags.effective();
  session.transitive_tag_keys = wanted.tags.transitive_keys;
  session.source_identity = wanted.source_identity;
  session.mfa = false;
  return session;
}

Result<RoleAnswer> hand_out(const At& at, Session session, std::optional<std::int32_t> least_token_size) {
  RoleAnswer answer;
  answer.user = {.assumed_role_id = session.issuer.str() + ":" + session.name,
                 .arn = assumed_role_arn(session.account, session.issuer_name, session.name)};
  if (!session.source_identity.empty()) answer.source_identity = session.source_identity;
  TRY(answer.issued, issue(at, std::move(session), least_token_size));
  return answer;
}

}  // namespace deputy::sts
