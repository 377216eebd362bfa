// Service control and resource control policies: whatever is wrong, Organizations says the same sentence. [W-9]
#include <algorithm>

#include "policy/special.h"
#include "policy/validate.h"

namespace deputy::policy {
namespace {

Problem refuse(std::string detail, const Position& at) {
  return {std::string(kOrganizationsWording), std::move(detail), at};
}

Checked check_scp(const Statement& s) {  // [L-17]
  if (s.has_principal) return refuse("An SCP names no principal.", s.position);
  return {};
}

Checked check_rcp(const Statement& s) {  // [L-18]
  if (s.allow) return refuse("A resource control policy can only deny.", s.position);
  const bool everybody =
      !s.not_principal && s.principals.size() == 1 && s.principals.front().kind == PrincipalKind::kEverybody;
  if (!everybody) return refuse("A resource control policy has \"Principal\": \"*\".", s.position);
  if (s.not_action) return refuse("A resource control policy has Action, not NotAction.", s.position);
  for (const Text& action : s.actions) {
    if (action.value == "*" || action.value == "*:*")
      return refuse("Actions need the prefix of a service.", action.position);
    const std::string_view service = vendor(action.value);
    if (!service.empty() && !is_service_of_rcps(service)) {
      return refuse("No resource control policy limits the service \"" + std::string(service) + "\".", action.position);
    }
  }
  return {};
}

Checked check(const Statement& s, Kind kind) {
  if (s.effect != "Allow" && s.effect != "Deny") return refuse("Effect must be \"Allow\" or \"Deny\".", s.position);
  TRY_VOID(kind == Kind::kScp ? check_scp(s) : check_rcp(s));
  if (s.actions.empty()) return refuse("The statement names no action.", s.position);
  if (s.resources.empty()) return refuse("The statement names no resource.", s.position);
  for (const Text& action : s.actions) {
    if (auto fault = action_fault(action.value)) return refuse(*std::move(fault), action.position);
  }
  for (const Text& resource : s.resources) {
    if (auto fault = resource_fault(resource.value)) return refuse(*std::move(fault), resource.position);
  }
  return {};
}

/// RCPFullAWSAccess, which AWS attaches everywhere: the only RCP with an Allow. [L-18]
bool is_full_access(const Document& document) {
  if (document.statements.size() != 1) return false;
  const Statement& s = document.statements.front();
  const auto all = [](std::span<const Text> texts) { return texts.size() == 1 && texts.front().value == "*"; };
  return s.effect == "Allow" && !s.not_principal && s.principals.size() == 1 &&
         s.principals.front().text.value == "*" && !s.not_action && all(s.actions) && !s.not_resource &&
         all(s.resources) && s.conditions.empty();
}

}  // namespace

Checked validate_organization(const Document& document, Kind kind) {
  // AWS's own examples leave it out. [L-2]
  if (!document.version.empty() && document.version != "2012-10-17") {
    return refuse("Version must be \"2012-10-17\".", {0, 1, 1});
  }
  if (kind == Kind::kRcp && is_full_access(document)) return {};
  if (!document.id.empty()) return refuse("A policy of this type has no Id.", {0, 1, 1});
  for (const Statement& s : document.statements) TRY_VOID(check(s, kind));
  if (const Statement* second = repeated_sid(document)) {
    return refuse("Sid \"" + std::string(second->sid) + "\" names an earlier statement too.", second->position);
  }
  return {};
}

}  // namespace deputy::policy
