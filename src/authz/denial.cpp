// The wording of denials: docs/policy-evaluation.md, section D.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
#include <fmt/format.h>

#include "authz/ask.h"
#include "authz/authorize.h"

namespace deputy::authz {
namespace {

struct LayerWords {
  std::string_view implicit, explicit_deny;
};
/// D-2, in the order of policy::Layer.
constexpr LayerWords kWords[] = {
    {"no resource control policy", "a resource control policy"},
    {"no service control policy", "a service control policy"},
    {"no VPC endpoint policy", "a VPC endpoint policy"},
    {"no resource-based policy", "a resource-based policy"},
    {"no identity-based policy", "an identity-based policy"},
    {"no permissions boundary", "a permissions boundary"},
    {"no session policy", "a session policy"},
};

/// Not AWS's, which has no such case. Becoming a role does not say it: whoever uses up nearly all steps himself would
/// learn whether there is a trust policy to be asked.
constexpr std::string_view kTooCostly =
    " because the policies hold too many or too long patterns for the values of this request";

/// ": " and the ARN of the policy that denied, if it has one. Nothing of another account is named but what the whole
/// organization shares. [D-10]
std::string named(const policy::Decision& decision, const Ask& ask) {
  if (decision.layer == policy::Layer::kResource || decision.layer == policy::Layer::kEndpoint) return {};
  const auto by = ask.source_of(decision);
  if (!by || !by->name.starts_with("arn:")) return {};  // an inline policy has none
  return ": " + by->name;
}

/// " because …" or " with …". Becoming a role says no reason but an explicit deny on the caller's side: a stranger
/// cannot tell a role that does not trust him from one that does not exist. [D-5] An explicit deny by the RCP of another
/// organization is not told either.
std::string suffix(const directory::Caller& caller, const Access& access, const policy::Decision& decision,
                   const directory::Snapshot& snapshot, const Ask& ask) {
  if (access.resource_kind == policy::ResourceKind::kTrust) {
    if (!decision.explicit_deny || decision.layer == policy::Layer::kResource) return {};
  }
  if (decision.exhausted) return std::string(kTooCostly);
  const bool is_guardrail = decision.layer == policy::Layer::kRcp;
  if (is_guardrail && !is_of_the_same(caller, access.owner, snapshot)) return {};
  const LayerWords& words = kWords[static_cast<std::size_t>(decision.layer)];
  if (decision.explicit_deny) {
    return fmt::format(" with an explicit deny in {}{}", words.explicit_deny, named(decision, ask));
  }
  return fmt::format(" because {} allows the {} action", words.implicit, access.action.name);
}

}  // namespace

bool is_of_the_same(const directory::Caller& caller, const AccountId& owner, const directory::Snapshot& snapshot) {
  if (caller.account == nullptr) return false;
  if (owner.empty() || owner == caller.account_id()) return true;
  const auto* own = snapshot.organization_of(*caller.account);
  const auto* other = own != nullptr ? snapshot.account(owner) : nullptr;
  return other != nullptr && snapshot.organization_of(*other) == own;
}

std::string denial(const directory::Caller& caller, const Access& access, const policy::Decision& decision,
                   Wording wording, const directory::Snapshot& snapshot, const Ask& ask) {
  // Whom nobody knows is told nothing [D-7]: the caller is no principal of AWS, and has no ARN.
  const bool ungranted = decision.layer == policy::Layer::kResource && !decision.explicit_deny && !decision.exhausted;
  if (ungranted && !access.ungranted.empty()) return std::string(access.ungranted);
  if (caller.federated) return fmt::format("Not authorized to perform {}", access.action.name);  // docs/wire.md, 6.3
  if (wording == Wording::kS3 && !is_of_the_same(caller, access.owner, snapshot)) return "Access Denied";  // [D-8, D-9]
  const bool iam = access.action.name.starts_with("iam:");
  std::string resource;  // left out where the action has none, but by IAM [D-3]
  if ((access.resource != "*" || iam) && !(wording == Wording::kS3 && access.resource == "arn:aws:s3:::*")) {
    const std::string_view quote = wording == Wording::kS3 ? "\"" : "";
    resource = fmt::format(" on resource: {}{}{}", quote, access.resource, quote);
  }
  const std::string_view who = caller.service ? std::string_view(caller.service->name) : std::string_view(caller.arn);
  return fmt::format("User: {} is not authorized to perform: {}{}{}", who, access.action.name, resource,
                     suffix(caller, access, decision, snapshot, ask));
}

}  // namespace deputy::authz
