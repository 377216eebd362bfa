#include "services/sts/saml.h"

#include <algorithm>
#include <array>

#include "crypto/digest.h"
#include "services/sts/errors.h"
#include "services/sts/federated_role.h"

namespace deputy::sts {
namespace {

constexpr std::int32_t kDefaultSeconds = 3600;

/// Of the keys of the call, those that the session keeps. [K-13]
directory::NamedKeys lasting(const directory::NamedKeys& keys) {
  constexpr std::array<std::string_view, 3> kNames = {"saml:namequalifier", "saml:sub", "saml:sub_type"};
  directory::NamedKeys kept;
  for (const auto& key : keys) {
    if (std::find(kNames.begin(), kNames.end(), key.name) != kNames.end()) kept.push_back(key);
  }
  return kept;
}

/// The mark that an assertion was used. Its id is unique at its provider, so both make the name.
directory::UsedAssertion mark(const directory::FederatedCall& call) {
  directory::UsedAssertion used;
  used.usable_until = call.usable_until;
  used.digest = crypto::sha256({call.provider, "\n", call.assertion_id}).hex();
  return used;
}

/// Marks of assertions that nobody can use any more, a few at a time: as many as come are taken away.
void sweep(const services::At& at, directory::Changes& changes) {
  constexpr int kMost = 8;
  int swept = 0;
  at.snapshot.used_assertions().scan("", [&](std::string_view, const directory::UsedAssertion& used) {
    if (used.usable_until > at.now || swept == kMost) return false;  // in the order of time
    changes.erase(used);
    ++swept;
    return true;
  });
}

/// The shorter of what is asked for and what the provider's own session lasts.
std::int32_t seconds_of(const services::At& at, const directory::FederatedCall& call,
                        const std::optional<std::int32_t>& asked) {
  const std::int32_t seconds = asked.value_or(kDefaultSeconds);
  if (!call.session_until) return seconds;
  const auto left = epoch_seconds(*call.session_until) - epoch_seconds(at.now);
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(left, 0, seconds));
}

}  // namespace

Result<services::Assertion> AssumeRoleWithSAML::assertion(const Input& in) {
  TRY(const AccountId account, account_of_role(in.role_arn));
  return services::Assertion{services::Assertion::Kind::kSaml, account, in.saml_assertion, in.role_arn,
                             in.principal_arn};
}

Result<services::Accesses> AssumeRoleWithSAML::access(const services::At& at, const Input& in) {
  return federated_accesses(at, "sts:AssumeRoleWithSAML", in.role_arn, at.caller.federated->session_name);
}

Result<services::Outcome<AssumeRoleWithSAML::Output>> AssumeRoleWithSAML::execute(const services::At& at,
                                                                                  const Input& in) {
  const directory::FederatedCall& call = *at.caller.federated;
  const directory::Role& role = *at.snapshot.role_by_arn(in.role_arn);  // authorized, so it exists
  const directory::UsedAssertion used = mark(call);
  if (at.snapshot.used_assertion(used) != nullptr) return errors::assertion_used();
  const std::int32_t seconds = seconds_of(at, call, in.duration_seconds);
  if (seconds == 0) return errors::provider_session_ended();
  TRY(RoleAnswer answer, assume_federated(at, role,
                                          {.session_name = call.session_name,
                                           .seconds = seconds,
                                           .policy = in.policy,
                                           .policy_arns = in.policy_arns,
                                           .lasting_keys = lasting(call.keys),
                                           .least_token_size = in.minimum_session_token_size}));
  services::Outcome<Output> out;
  out.output.subject = call.subject;
  out.output.subject_type = call.subject_type;
  out.output.issuer = call.issuer;
  out.output.audience = call.audience;
  out.output.name_qualifier = call.name_qualifier;
  fill(out.output, std::move(answer));
  out.changes.create(used);
  sweep(at, out.changes);
  return out;
}

}  // namespace deputy::sts
