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

/// What binds the account; null: nothing does.
const directory::Guardrails* guardrails_of(const directory::AccountState* account,
                                           const directory::Snapshot& snapshot) {
  if (account == nullptr || account->membership == nullptr) return nullptr;
  const directory::OrganizationState* organization = snapshot.organization_of(*account);
  return organization != nullptr ? organization->guardrails_of(*account->membership)
                                 : directory::Guardrails::lost().get();
}

const directory::BoundPolicies& of_type(const directory::GuardrailLevel& level, policy::Layer layer) {
  return layer == policy::Layer::kScp ? level.service_control : level.resource_control;
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
  policies.resource_kind = access.resource_kind;
  if (const auto* owner = owner_of(access); owner == nullptr || owner->is_open()) {
    policies.resource = access.resource_policy;
    policies.resource_only_denies = access.resource_policy_only_denies;
    policies.granted = access.granted_by_acl;
  }  // else nobody reaches in: its own callers are not let in at all
  if (const auto* over = guardrails_of(caller_->account, *snapshot_)) policies.scp = over->scp();
  if (const auto* over = guardrails_of(owner_of(access), *snapshot_)) policies.rcp = over->rcp();
  return policies;
}

const directory::AccountState* Ask::owner_of(const Access& access) const {
  const bool own = access.owner.empty() || (caller_->account != nullptr && access.owner == caller_->account_id());
  return own ? caller_->account : snapshot_->account(access.owner);
}

/// Whose guardrails the layer is made of, in the access that was asked last.
const directory::AccountState* Ask::guarded_by(policy::Layer layer) const {
  return layer == policy::Layer::kScp ? caller_->account : owner_of(*access_);
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

std::optional<Source> Ask::guardrail(policy::Layer layer, std::uint32_t number, std::uint32_t level) const {
  const auto* account = guarded_by(layer);
  const auto* over = guardrails_of(account, *snapshot_);
  if (over == nullptr || level >= over->levels().size()) return std::nullopt;
  const directory::BoundPolicies& bound = of_type(*over->levels()[level], layer);
  if (number >= bound.policies.size()) return std::nullopt;
  Source source{.layer = layer, .number = number, .level = level};
  source.guardrail = bound.policies[number].get();
  source.owner = over->levels()[level]->target;
  source.name = source.guardrail->arn(snapshot_->organization_of(*account)->organization.management);
  source.text = &source.guardrail->content();
  return source;
}

std::optional<Source> Ask::guardrail_that_is(policy::Layer layer, const policy::CompiledPolicy* policy) const {
  const auto* over = guardrails_of(guarded_by(layer), *snapshot_);
  if (over == nullptr) return std::nullopt;
  for (std::uint32_t level = 0; level < over->levels().size(); ++level) {
    const auto number = number_of(policy, of_type(*over->levels()[level], layer).compiled);
    if (number) return guardrail(layer, *number, level);
  }
  return std::nullopt;
}

std::optional<Source> Ask::source(policy::Layer layer, std::uint32_t number, std::uint32_t level) const {
  if (access_ == nullptr) return std::nullopt;
  if (layer == policy::Layer::kScp || layer == policy::Layer::kRcp) return guardrail(layer, number, level);
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
  if (decision.policy == nullptr || access_ == nullptr) return std::nullopt;
  if (decision.layer == policy::Layer::kScp || decision.layer == policy::Layer::kRcp) {
    return guardrail_that_is(decision.layer, decision.policy);
  }
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
