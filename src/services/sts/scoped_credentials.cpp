#include "services/sts/scoped_credentials.h"

#include "authn/session_codec.h"
#include "services/sts/credentials.h"
#include "services/sts/errors.h"
#include "services/sts/session_policies.h"

namespace deputy::sts {

using directory::Session;

Result<services::Accesses> GetScopedCredentials::access(const services::At& at, const Input& in) {
  if (!at.caller.session) return errors::long_lived_caller();
  if (!in.policy && !in.duration_seconds) return errors::neither_policy_nor_duration();
  return services::Accesses{{.action = policy::Action("sts:GetScopedCredentials"), .resource = "*", .owner = {}}};
}

Result<services::Outcome<GetScopedCredentials::Output>> GetScopedCredentials::execute(const services::At& at,
                                                                                      const Input& in) {
  if (at.global_endpoint) return errors::not_on_global_endpoint("GetScopedCredentials");
  Session session = *at.caller.session;
  session.issued = at.now;
  if (in.duration_seconds) {
    const Time expires = at.now + std::chrono::seconds(*in.duration_seconds);
    if (expires > session.expires) return errors::longer_than_session_lasts();
    session.expires = expires;
  }
  if (in.policy) {
    if (session.scoped_policies.size() >= authn::kMostScopedPolicies) return errors::too_many_scoped_policies();
    TRY(std::string policy, checked_session_policy(*in.policy));
    session.scoped_policies.push_back(std::move(policy));
  }
  Output out;
  out.session_info = shapes::ScopedSession{.scoped_session_id = at.caller.user_id, .arn = at.caller.arn};
  out.scoped_policies_count = static_cast<std::int32_t>(session.scoped_policies.size());
  if (!session.source_identity.empty()) out.source_identity = session.source_identity;
  TRY(Issued issued, issue(at, std::move(session), in.minimum_session_token_size));
  fill(out, std::move(issued));
  return services::Outcome<Output>{std::move(out)};
}

}  // namespace deputy::sts
