#include "services/sts/assume_role.h"

#include "base/arn.h"
#include "services/sts/errors.h"
#include "services/sts/mfa.h"
#include "services/sts/role_session.h"
#include "services/sts/session_policies.h"

namespace deputy::sts {

using directory::Role;
using directory::Session;
using policy::Key;
using services::Access;

namespace {

constexpr std::int32_t kDefaultSeconds = 3600;
constexpr std::int32_t kChainedSeconds = 3600;  // [T-17]

/// The source identity of the new session: once set it stays through the chain. [T-12]
std::string source_identity(const At& at, const AssumeRole::Input& in) {
  if (at.caller.session && !at.caller.session->source_identity.empty()) return at.caller.session->source_identity;
  return in.source_identity.value_or("");
}

/// What EC2 puts into the sessions of an instance's role for as long as they last, so that a policy can hold them to
/// the instance; a role that the instance goes on to has none of it.
/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policy-structure.html
directory::NamedKeys instance_keys(const directory::Caller& caller) {
  if (!caller.service || caller.service->name != "ec2.amazonaws.com") return {};
  const auto arn = Arn::split(caller.service->source_arn);
  if (!arn || arn->service != "ec2" || !arn->resource.starts_with("instance/")) return {};
  return {{"ec2:SourceInstanceARN", {caller.service->source_arn}}};
}

Result<void> check_duration(const At& at, const AssumeRole::Input& in, const Role& role) {
  const std::int32_t seconds = in.duration_seconds.value_or(kDefaultSeconds);
  // The maximum is no limit for services: they choose how long their sessions last.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html
  if (at.caller.kind == directory::Caller::Kind::kService) return {};
  if (seconds > static_cast<std::int32_t>(role.max_session_seconds)) {
    return errors::longer_than_role_allows();
  }
  if (at.caller.is_temporary() && seconds > kChainedSeconds) {
    return errors::longer_than_chain_allows();
  }
  return {};
}

}  // namespace

services::Proof AssumeRole::prove(const At& at, const Input& in) {
  return prove_mfa(at, in.serial_number, in.token_code);
}

Result<Accesses> AssumeRole::access(const At& at, const Input& in) {
  TRY(const AccountId owner, account_of_role(in.role_arn));
  TRY(const SessionTags tags, session_tags(at.caller.session.get(), in.tags, in.transitive_tag_keys));
  const std::string identity = source_identity(at, in);
  const RoleCall call{"sts:AssumeRole", in.role_arn, owner, in.role_session_name, identity, tags};
  Access base = role_access(at, call);
  if (in.external_id) base.keys.emplace_back(Key::kExternalId, *in.external_id);
  return with_tags_and_identity(std::move(base), call);
}

Result<Outcome<AssumeRole::Output>> AssumeRole::execute(const At& at, const Input& in) {
  const Role& role = *at.snapshot.role_by_arn(in.role_arn);  // authorized, so it exists
  if (!in.provided_contexts.empty()) {
    return errors::member_not_implemented("ProvidedContexts", "AssumeRole");
  }
  TRY_VOID(check_duration(at, in, role));
  const std::string identity = source_identity(at, in);
  if (in.source_identity && *in.source_identity != identity) {
    return errors::source_identity_is_set();
  }
  TRY(const SessionTags tags, session_tags(at.caller.session.get(), in.tags, in.transitive_tag_keys));
  Session session =
      role_session(at, role, {in.role_session_name, in.duration_seconds.value_or(kDefaultSeconds), identity, tags});
  session.mfa = at.caller.gave_mfa_code;  // with this call: that of a chain does not go on [K-3]
  session.mfa_time = at.now;
  session.chain_depth = at.caller.session ? at.caller.session->chain_depth + 1 : 0;
  session.federated_keys = instance_keys(at.caller);
  TRY_VOID(add_session_policies(at.snapshot, in.policy, in.policy_arns, session));

  Output out;
  TRY(RoleAnswer answer, hand_out(at, std::move(session), in.minimum_session_token_size));
  fill(out, std::move(answer));
  return Outcome<Output>{std::move(out)};
}

}  // namespace deputy::sts
