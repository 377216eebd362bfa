#include "authz/gather.h"

#include "host/log.h"

namespace deputy::authz {

using directory::Caller;
using policy::CompiledPolicy;

namespace {

/// What is missing might hold a Deny.
Error refuse_without(std::string_view what) {
  log::error("{} is not there, or cannot be read; everything that depends on it is refused", what);
  return {"ServiceFailure", 500,
          "The request processing has failed because of an unknown error, exception or failure."};
}

/// The policies of root tasks only deny: what they leave is root's. [R-1]
const CompiledPolicy* everything() {
  static const directory::PolicyText kEverything = directory::PolicyText::compiled_on_use(
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})",
      policy::Kind::kIdentity);
  return kEverything.compiled();
}

}  // namespace

Result<const CompiledPolicy*> CallerPolicies::managed(std::string_view arn, const directory::Snapshot& snapshot) const {
  const directory::ManagedPolicy* policy = snapshot.policy_by_arn(arn);
  if (policy == nullptr) return refuse_without(arn);
  return policy->current().document.compiled();
}

template <class Entity>
Result<void> CallerPolicies::gather_from(const Entity& entity, const directory::Snapshot& snapshot) {
  for (const auto& policy : entity.inline_policies) identity_.push_back(policy.document.compiled());
  for (const std::string& arn : entity.attached_policies) {
    TRY(const CompiledPolicy* policy, managed(arn, snapshot));
    identity_.push_back(policy);
  }
  return {};
}

Result<void> CallerPolicies::gather(const Caller& caller, const directory::Snapshot& snapshot) {
  identity_.clear();
  session_.clear();
  boundary_ = nullptr;
  has_session_ = false;

  std::string_view boundary;
  if (caller.role != nullptr) {
    TRY_VOID(gather_from(*caller.role, snapshot));
    boundary = caller.role->boundary;
  } else if (caller.user != nullptr) {
    TRY_VOID(gather_from(*caller.user, snapshot));
    for (const UniqueId& id : caller.user->groups) {
      const auto* group = caller.account->groups_by_id.get(id.str());
      if (group == nullptr) return refuse_without(id.str());
      TRY_VOID(gather_from(*group, snapshot));
    }
    boundary = caller.user->boundary;
  }
  if (!boundary.empty()) {
    TRY(boundary_, managed(boundary, snapshot));
  }

  if (!caller.session) return {};
  if (caller.session->compiled) session_.push_back(caller.session->compiled.get());
  for (const std::string& arn : caller.session->policy_arns) {
    // A session policy that is gone allows nothing; the set as a whole still limits. [S-1, S-4]
    if (const auto* policy = snapshot.policy_by_arn(arn)) {
      session_.push_back(policy->current().document.compiled());
    } else if (snapshot.is_unreadable_policy(arn)) {
      return refuse_without(arn);
    }
  }
  if (caller.session->kind == directory::Session::Kind::kAssumedRoot) session_.push_back(everything());
  has_session_ = caller.session->compiled != nullptr || !caller.session->policy_arns.empty();
  return {};
}

std::optional<policy::Policies::Set> CallerPolicies::session() const {
  if (!has_session_) return std::nullopt;
  return policy::Policies::Set(session_);
}

}  // namespace deputy::authz
