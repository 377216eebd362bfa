// Turning types of policies on and off. Neither writes anything but the organization: what is attached everywhere while
// a type is on is attached by that, and what was attached counts no more once it was off.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_enable-disable.html
#include "protocol/organizations/disable_policy_type.h"
#include "protocol/organizations/enable_policy_type.h"
#include "services/organizations/errors.h"
#include "services/organizations/places.h"
#include "services/organizations/policies.h"
#include "services/organizations/policy_types.h"

namespace deputy::organizations {
namespace {

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnablePolicyType.html
struct EnablePolicyType : shapes::EnablePolicyType {
  static Result<Accesses> access(const At& at, const Input& in) {
    return for_policy_type(on_id("organizations:EnablePolicyType", at, in.root_id), in.policy_type);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:EnablePolicyType"));
    TRY(const directory::PolicyType type, policy_type_of(in.policy_type));
    Organization organization = standing.organization();
    if (in.root_id != organization.root) return errors::no_such_root();
    if (!organization.all_features) return errors::policy_type_not_available();
    if (organization.enabled(type) != nullptr) return errors::policy_type_enabled();
    const std::string_view service = facts_of(type).service_principal;
    if (!service.empty() && find_service(organization.trusted_services, service) == nullptr) {
      return errors::policy_type_needs_service();
    }
    organization.policy_types.push_back({type, ++organization.generation});
    Outcome<Output> out;
    out.output.root = shown_root(organization);
    out.changes.update(organization);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DisablePolicyType.html
struct DisablePolicyType : shapes::DisablePolicyType {
  static Result<Accesses> access(const At& at, const Input& in) {
    return for_policy_type(on_id("organizations:DisablePolicyType", at, in.root_id), in.policy_type);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:DisablePolicyType"));
    TRY(const directory::PolicyType type, policy_type_of(in.policy_type));
    Organization organization = standing.organization();
    if (in.root_id != organization.root) return errors::no_such_root();
    if (organization.enabled(type) == nullptr) return errors::policy_type_not_enabled();
    std::erase_if(organization.policy_types, [&](const auto& on) { return on.type == type; });
    Outcome<Output> out;
    out.output.root = shown_root(organization);
    out.changes.update(organization);
    return out;
  }
};

}  // namespace

std::span<const Binding> enabled_type_bindings() {
  static constexpr Binding kBindings[] = {bind<EnablePolicyType>(), bind<DisablePolicyType>()};
  return kBindings;
}

}  // namespace deputy::organizations
