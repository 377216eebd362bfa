#include "services/sts/session_policies.h"

#include "policy/compiled.h"

namespace deputy::sts {

Result<void> add_session_policies(const directory::Snapshot& snapshot, const std::optional<std::string>& policy,
                                  const std::vector<shapes::PolicyDescriptorType>& policy_arns,
                                  directory::Session& session) {
  if (policy) {
    const auto compiled = policy::compile(*policy, policy::Kind::kSession);
    if (!compiled) return Error("MalformedPolicyDocument", 400, compiled.error().message);
    session.policy = policy;
  }
  for (const auto& descriptor : policy_arns) {
    const std::string arn = descriptor.arn.value_or("");
    const auto* managed = snapshot.policy_by_arn(arn);
    if (managed == nullptr || (!managed->aws && managed->account != session.account)) {
      return Error("ValidationError", 400, "Policy " + arn + " does not exist or is not attachable.");
    }
    session.policy_arns.push_back(arn);
  }
  return {};
}

}  // namespace deputy::sts
