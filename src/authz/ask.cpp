#include "authz/ask.h"

#include <algorithm>

#include "authz/principal.h"

namespace deputy::authz {

using directory::Caller;

namespace {

/// The place of a policy in a set; equal documents share their compiled form, and the first of them decides.
std::optional<std::uint32_t> number_of(const policy::CompiledPolicy* policy, policy::Policies::Set set) {
  const auto found = std::find(set.begin(), set.end(), policy);
  if (found == set.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - set.begin());
}

}  // namespace

Result<void> Ask::begin(const Caller& caller, const Circumstances& how, const directory::Snapshot& snapshot) {
  caller_ = &caller;
  how_ = &how;
  snapshot_ = &snapshot;
  access_ = nullptr;
  context_ = nullptr;
  work_.emplace();
  TRY_VOID(policies_.gather(caller, snapshot));
  principal_ = principal_of(caller, arn_);
  return {};
}

policy::Policies Ask::policies_for(const Access& access) {
  policy::Policies policies;
  policies.identity = policies_.identity();
  if (access.account_allows) {
    with_account_ = policies_.identity();
    with_account_.push_back(allow_everything());
    policies.identity = with_account_;
  }
  policies.boundary = policies_.boundary();
  policies.session = policies_.session();
  policies.resource = access.resource_policy;
  policies.resource_kind = access.resource_kind;
  return policies;
}

policy::Request Ask::request_for(const Access& access) {
  access_ = &access;
  context_ = &builder_.build(principal_, *caller_, access, *how_, *snapshot_);
  return {
      .principal = principal_,
      .action = access.action,
      .resource = access.resource,
      .resource_account = access.owner.empty() ? principal_.account : access.owner.view(),
      .context = context_,
  };
}

/// What the session's scopes leave of a decision [S-6]. Each must allow by itself, whoever else grants the access. So they
/// are asked as levels of organization policies are, which nothing passes, and of a user, whom these always bind; that
/// this user has nothing else that allows is no matter of theirs.
template <class Decide>
policy::Decision Ask::within_scopes(policy::Decision decision, const policy::Request& request, Decide&& decide) const {
  const auto& scopes = policies_.scopes();
  if (scopes.empty() || !decision.allowed()) return decision;
  policy::Request alone = request;
  alone.principal.type = policy::PrincipalType::kUser;
  std::vector<policy::Policies::Set> levels;
  levels.reserve(scopes.size());
  for (const auto& scope : scopes) levels.emplace_back(&scope, 1);
  policy::Policies policies;
  policies.scp = levels;
  policy::Decision said = decide(policies, alone);
  if (said.exhausted) return said;
  if (said.allowed() || said.layer != policy::Layer::kScp) return decision;
  said.layer = policy::Layer::kSession;
  return said;
}

policy::Decision Ask::decide(const Access& access) {
  const policy::Request request = request_for(access);
  const policy::Decision decision = policy::decide(policies_for(access), request, *work_);
  return within_scopes(decision, request,
                       [&](const auto& scope, const auto& alone) { return policy::decide(scope, alone, *work_); });
}

Answer Ask::decide(std::span<const Access> accesses) {
  Answer answer{.decision = {.effect = policy::Effect::kAllow}};
  for (const Access& access : accesses) {
    answer.decision = decide(access);
    if (answer.decision.allowed()) continue;
    answer.refused = &access;
    break;
  }
  return answer;
}

policy::Decision Ask::explain(const Access& access, policy::Trace& trace) {
  const policy::Request request = request_for(access);
  const policy::Decision decision = policy::decide(policies_for(access), request, &trace);
  return within_scopes(decision, request, [](const auto& scope, const auto& alone) {
    policy::Work work;
    return policy::decide(scope, alone, work);
  });
}

std::optional<Source> Ask::source(policy::Layer layer, std::uint32_t number) const {
  if (access_ == nullptr) return std::nullopt;
  Source source{.layer = layer, .number = number};
  if (layer == policy::Layer::kResource) {
    if (access_->resource_policy == nullptr || number != 0) return std::nullopt;
    source.owner = access_->resource;
    return source;
  }
  source.origin = CallerPolicies::origin(*caller_, *snapshot_, layer, number);
  if (!source.origin) return std::nullopt;
  source.owner = source.origin->session != nullptr ? caller_->arn : source.origin->owner_arn();
  source.name = source.origin->name();
  source.version = source.origin->version(*snapshot_);
  source.text = source.origin->text(*snapshot_);
  return source;
}

std::optional<Source> Ask::source_of(const policy::Decision& decision) const {
  if (decision.policy == nullptr) return std::nullopt;
  std::optional<std::uint32_t> number = 0;
  if (decision.layer == policy::Layer::kIdentity) {
    number = number_of(decision.policy, policies_.identity());
  } else if (decision.layer == policy::Layer::kSession) {
    number = number_of(decision.policy, policies_.session().value_or(policy::Policies::Set()));
  }
  if (!number) return std::nullopt;
  return source(decision.layer, *number);
}

}  // namespace deputy::authz
