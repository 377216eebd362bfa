#include "services/sts/session_policies.h"

#include <functional>

#include "authn/recent.h"
#include "policy/compiled.h"
#include "policy/document.h"
#include "services/sts/errors.h"

namespace deputy::sts {
namespace {

/// Documents that this thread found to be good: who hands out sessions hands out the same few documents.
struct Good {
  std::string json, packed;
};
constexpr std::size_t kRemembered = 16, kLongestRemembered = 4096;
using Documents = authn::Recent<Good, kRemembered>;

/// The document without its white space: in a session it stands in the head of every request.
Result<std::string> checked(const std::string& json) {
  static thread_local Documents good;
  const std::size_t hash = std::hash<std::string>{}(json);
  if (const Good* known = good.find(hash, [&](const Good& g) { return g.json == json; })) return known->packed;
  if (const auto text = policy::check_text(json, policy::Kind::kSession); !text) {
    return errors::malformed_policy(text.error().message);
  }
  const auto compiled = policy::compile(json, policy::Kind::kSession);
  if (!compiled) return errors::malformed_policy(compiled.error().message);
  std::string packed = policy::without_white_space(json);
  if (json.size() <= kLongestRemembered) good.replace(hash) = {json, packed};
  return packed;
}

}  // namespace

Result<std::string> checked_session_policy(const std::string& json) { return checked(json); }

Result<void> add_session_policies(const directory::Snapshot& snapshot, const std::optional<std::string>& policy,
                                  const std::vector<shapes::PolicyDescriptorType>& policy_arns,
                                  directory::Session& session) {
  if (policy) {
    TRY(session.policy, checked(*policy));
  }
  for (const auto& descriptor : policy_arns) {
    const std::string arn = descriptor.arn.value_or("");
    const auto* managed = snapshot.policy_by_arn(arn);
    if (managed == nullptr || (!managed->aws && managed->account != session.account)) {
      return errors::policy_not_attachable(arn);
    }
    session.policy_arns.push_back(arn);
  }
  return {};
}

}  // namespace deputy::sts
