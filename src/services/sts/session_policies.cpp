#include "services/sts/session_policies.h"

#include <functional>

#include "authn/recent.h"
#include "policy/compiled.h"

namespace deputy::sts {
namespace {

/// Documents that this thread found to be good: who hands out sessions hands out the same few documents.
constexpr std::size_t kRemembered = 16, kLongestRemembered = 4096;
using Documents = authn::Recent<std::string, kRemembered>;

Result<void> check_document(const std::string& json) {
  static thread_local Documents good;
  const std::size_t hash = std::hash<std::string>{}(json);
  if (good.find(hash, [&](const std::string& known) { return known == json; }) != nullptr) return {};
  const auto compiled = policy::compile(json, policy::Kind::kSession);
  if (!compiled) return Error("MalformedPolicyDocument", 400, compiled.error().message);
  if (json.size() <= kLongestRemembered) good.replace(hash) = json;
  return {};
}

}  // namespace

Result<void> add_session_policies(const directory::Snapshot& snapshot, const std::optional<std::string>& policy,
                                  const std::vector<shapes::PolicyDescriptorType>& policy_arns,
                                  directory::Session& session) {
  if (policy) {
    TRY_VOID(check_document(*policy));
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
