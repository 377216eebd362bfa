#include "services/sts/web_identity.h"

#include <algorithm>
#include <array>

#include "services/sts/errors.h"
#include "services/sts/federated_role.h"

namespace deputy::sts {
namespace {

constexpr std::int32_t kDefaultSeconds = 3600;

/// Of the keys of the call, those that the session keeps. [K-12]
directory::NamedKeys lasting(const directory::NamedKeys& keys) {
  constexpr std::array<std::string_view, 4> kClaims = {"aud", "sub", "id", "amr"};
  directory::NamedKeys kept;
  for (const auto& key : keys) {
    const std::string_view claim = std::string_view(key.name).substr(key.name.rfind(':') + 1);
    if (std::find(kClaims.begin(), kClaims.end(), claim) != kClaims.end()) kept.push_back(key);
  }
  return kept;
}

}  // namespace

Result<services::Assertion> AssumeRoleWithWebIdentity::assertion(const Input& in) {
  if (in.provider_id) {
    return errors::member_not_implemented("ProviderId", "AssumeRoleWithWebIdentity");
  }
  TRY(const AccountId account, account_of_role(in.role_arn));
  return services::Assertion{services::Assertion::Kind::kWebIdentity, account, in.web_identity_token};
}

Result<services::Accesses> AssumeRoleWithWebIdentity::access(const services::At& at, const Input& in) {
  return federated_accesses(at, "sts:AssumeRoleWithWebIdentity", in.role_arn, in.role_session_name);
}

Result<services::Outcome<AssumeRoleWithWebIdentity::Output>> AssumeRoleWithWebIdentity::execute(const services::At& at,
                                                                                                const Input& in) {
  const directory::FederatedCall& call = *at.caller.federated;
  const directory::Role& role = *at.snapshot.role_by_arn(in.role_arn);  // authorized, so it exists
  TRY(RoleAnswer answer, assume_federated(at, role,
                                          {.session_name = in.role_session_name,
                                           .seconds = in.duration_seconds.value_or(kDefaultSeconds),
                                           .policy = in.policy,
                                           .policy_arns = in.policy_arns,
                                           .lasting_keys = lasting(call.keys),
                                           .least_token_size = in.minimum_session_token_size}));
  Output out;
  out.subject_from_web_identity_token = call.subject;
  out.audience = call.audience;
  out.provider = call.provider;
  fill(out, std::move(answer));
  return services::Outcome<Output>{std::move(out)};
}

}  // namespace deputy::sts
