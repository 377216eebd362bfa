#include "authz/gather.h"

#include "host/log.h"

namespace deputy::authz {

using directory::Caller;
using directory::PolicyOrigin;
using directory::Snapshot;
using policy::CompiledPolicy;

namespace {

/// What is missing might hold a Deny.
Error refuse_without(std::string_view what) {
  log::error("{} is not there, or cannot be read; everything that depends on it is refused", what);
  return {"ServiceFailure", 500,
          "The request processing has failed because of an unknown error, exception or failure."};
}

/// A session policy that is gone allows nothing; the set as a whole still limits. [S-1, S-4]
bool is_gone(const PolicyOrigin& policy, const Snapshot& snapshot) {
  return policy.place == PolicyOrigin::Place::kSessionArn && policy.managed(snapshot) == nullptr &&
         !snapshot.is_unreadable_policy(policy.reference);
}

/// Every policy that gives the caller permissions.
template <class See>
bool each_identity_policy(const Caller& caller, See&& see) {
  if (caller.role != nullptr) return directory::each_own_policy(*caller.role, see);
  if (caller.user != nullptr) return directory::each_policy(*caller.user, *caller.account, see);
  return true;
}

std::optional<PolicyOrigin> boundary_of(const Caller& caller) {
  if (caller.role != nullptr) return directory::boundary_of(*caller.role);
  if (caller.user != nullptr) return directory::boundary_of(*caller.user);
  return std::nullopt;
}

}  // namespace

Result<void> CallerPolicies::gather(const Caller& caller, const Snapshot& snapshot) {
  identity_.clear();
  session_.clear();
  scopes_.clear();
  boundary_ = nullptr;
  has_session_ = false;

  std::string_view missing;
  const auto take_into = [&](std::vector<const CompiledPolicy*>& set) {
    return [&](const PolicyOrigin& policy) {
      const CompiledPolicy* compiled = policy.compiled(snapshot);
      if (compiled != nullptr) {
        set.push_back(compiled);
      } else if (!is_gone(policy, snapshot)) {
        missing = policy.reference;
        return false;
      }
      return true;
    };
  };
  if (!each_identity_policy(caller, take_into(identity_))) return refuse_without(missing);
  if (const auto boundary = boundary_of(caller)) {
    boundary_ = boundary->compiled(snapshot);
    if (boundary_ == nullptr) return refuse_without(boundary->reference);
  }

  if (!caller.session) return {};
  has_session_ = caller.session->policy || caller.session->compiled || !caller.session->policy_arns.empty();
  if (!directory::each_policy(*caller.session, take_into(session_))) return refuse_without(missing);
  if (caller.session->kind == directory::Session::Kind::kAssumedRoot) session_.push_back(allow_everything());
  for (const auto& scope : caller.session->compiled_scopes) scopes_.push_back(scope.get());
  return {};
}

std::optional<policy::Policies::Set> CallerPolicies::session() const {
  if (!has_session_) return std::nullopt;
  return policy::Policies::Set(session_);
}

std::optional<PolicyOrigin> CallerPolicies::origin(const Caller& caller, const Snapshot& snapshot, policy::Layer layer,
                                                   std::uint32_t number) {
  std::optional<PolicyOrigin> found;
  const auto find = [&](const PolicyOrigin& policy) {
    if (is_gone(policy, snapshot)) return true;
    if (number-- == 0) found = policy;
    return !found;
  };
  switch (layer) {
    case policy::Layer::kIdentity:
      each_identity_policy(caller, find);
      break;
    case policy::Layer::kBoundary:
      return boundary_of(caller);
    case policy::Layer::kSession:
      if (caller.session) directory::each_policy(*caller.session, find);
      break;
    default:
      break;
  }
  return found;
}

const CompiledPolicy* allow_everything() {
  static const policy::CompiledPolicyPtr kPolicy =
      *policy::compile(R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})",
                       policy::Kind::kIdentity);
  return kPolicy.get();
}

}  // namespace deputy::authz
