#include "directory/policies.h"

namespace deputy::directory {

const ManagedPolicy* PolicyOrigin::managed(const Snapshot& snapshot) const {
  return is_managed() ? snapshot.policy_by_arn(reference) : nullptr;
}

const std::string* PolicyOrigin::text(const Snapshot& snapshot) const {
  if (inlined != nullptr) return &inlined->document.text();
  if (place == Place::kSessionDocument) return session->policy ? &*session->policy : nullptr;
  const ManagedPolicy* policy = managed(snapshot);
  return policy != nullptr ? &policy->current().document.text() : nullptr;
}

const policy::CompiledPolicy* PolicyOrigin::compiled(const Snapshot& snapshot) const {
  if (inlined != nullptr) return inlined->document.compiled();
  if (place == Place::kSessionDocument) return session->compiled.get();
  const ManagedPolicy* policy = managed(snapshot);
  return policy != nullptr ? policy->current().document.compiled() : nullptr;
}

std::optional<std::uint32_t> PolicyOrigin::version(const Snapshot& snapshot) const {
  const ManagedPolicy* policy = managed(snapshot);
  if (policy == nullptr) return std::nullopt;
  return policy->current().number;
}

std::string PolicyOrigin::owner_arn() const {
  if (user != nullptr) return user->arn();
  if (group != nullptr) return group->arn();
  if (role != nullptr) return role->arn();
  return {};
}

}  // namespace deputy::directory
