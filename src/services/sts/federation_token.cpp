#include "services/sts/federation_token.h"

#include <algorithm>

#include "base/arn.h"
#include "services/sts/credentials.h"
#include "services/sts/session_policies.h"
#include "services/sts/session_tags.h"

namespace deputy::sts {

using directory::Session;

Result<services::Accesses> GetFederationToken::access(const services::At& at, const Input& in) {
  TRY(const SessionTags tags, session_tags(nullptr, in.tags, {}));
  const services::Access base{.action = policy::Action("sts:GetFederationToken"),
                              .resource = federated_user_arn(at.caller.account_id(), in.name),
                              .owner = {},
                              .request_tags = tags.passed};
  services::Accesses needs{base};
  if (!tags.passed.empty()) {
    needs.push_back(base);
    needs.back().action = policy::Action("sts:TagSession");
  }
  return needs;
}

Result<services::Outcome<GetFederationToken::Output>> GetFederationToken::execute(const services::At& at,
                                                                                  const Input& in) {
  constexpr std::int32_t kDefaultSeconds = 43200, kRootSeconds = 3600;
  const bool root = at.caller.user == nullptr;
  std::int32_t seconds = in.duration_seconds.value_or(kDefaultSeconds);
  if (root) seconds = std::min(seconds, kRootSeconds);  // cut, not refused (docs/wire.md, 6.2)
  TRY(SessionTags tags, session_tags(nullptr, in.tags, {}));

  Session session;
  session.kind = Session::Kind::kFederatedUser;
  session.account = at.caller.account_id();
  session.issuer = root ? at.caller.account->account.generation : at.caller.user->id;
  if (!root) session.issuer_name = at.caller.user->name;
  session.name = in.name;
  session.issued = at.now;
  session.expires = at.now + std::chrono::seconds(seconds);
  session.tags = std::move(tags.passed);
  session.mfa = false;  // a federated user cannot have a device [K-3]
  TRY_VOID(add_session_policies(at.snapshot, in.policy, in.policy_arns, session));

  Output out;
  out.federated_user = shapes::FederatedUser{
      .federated_user_id = session.account.str() + ":" + in.name,
      .arn = federated_user_arn(session.account, in.name),
  };
  TRY(Issued issued, issue(at, std::move(session), in.minimum_session_token_size));
  out.packed_policy_size = issued.packed_policy_size.value_or(0);  // shown even without a policy
  fill(out, std::move(issued));
  return services::Outcome<Output>{std::move(out)};
}

}  // namespace deputy::sts
