// Becoming a role, whoever becomes it: what AssumeRole, AssumeRoleWithSAML and AssumeRoleWithWebIdentity share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/sts/shapes.h"
#include "services/operation.h"
#include "services/sts/credentials.h"
#include "services/sts/session_tags.h"

namespace deputy::sts {

/// The account of a role's ARN. Error: ValidationError.
Result<AccountId> account_of_role(std::string_view arn);

struct RoleCall {
  std::string_view action;  // "sts:AssumeRole"
  const std::string& role_arn;
  AccountId owner;  // account_of_role()
  const std::string& session_name;
  const std::string& source_identity;  // of the new session; empty: none
  const SessionTags& tags;
};

/// The permission to make this call. A role that does not exist is asked for like one that trusts nobody [D-5].
services::Access role_access(const services::At& at, const RoleCall& call);
/// Every permission the call needs, `base` first: tags and a source identity are permissions of their own, in the same
/// context [E-14, T-9, T-12].
services::Accesses with_tags_and_identity(services::Access base, const RoleCall& call);

struct RoleSession {
  const std::string& name;
  std::int32_t seconds;
  const std::string& source_identity;
  const SessionTags& tags;
};

/// A session of the role that begins now: no session policies, no MFA.
directory::Session role_session(const services::At& at, const directory::Role& role, const RoleSession& wanted);

/// What these operations answer alike.
struct RoleAnswer {
  shapes::AssumedRoleUser user;
  Issued issued;
  std::optional<std::string> source_identity;
};

/// Error: PackedPolicyTooLarge.
Result<RoleAnswer> hand_out(const services::At& at, directory::Session session,
                            std::optional<std::int32_t> least_token_size);

/// Into the members that the outputs of the three have alike.
template <class Output>
void fill(Output& out, RoleAnswer&& answer) {
  out.assumed_role_user = std::move(answer.user);
  out.packed_policy_size = answer.issued.packed_policy_size;
  fill(out, std::move(answer.issued));
  out.source_identity = std::move(answer.source_identity);
}

}  // namespace deputy::sts
