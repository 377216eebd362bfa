#include "services/iam/table.h"

#include <vector>

namespace deputy::iam {

std::span<const services::Binding> iam_bindings() {
  static const std::vector<services::Binding> kAll = [] {
    std::vector<services::Binding> all;
    const auto add = [&all](std::span<const services::Binding> part) {
      all.insert(all.end(), part.begin(), part.end());
    };
    // Who is there: users and their keys, groups, the account itself.
    add(user_bindings());
    add(access_key_bindings());
    add(ssh_public_key_bindings());
    add(signing_certificate_bindings());
    add(server_certificate_bindings());
    add(service_credential_bindings());
    add(group_bindings());
    add(account_bindings());
    add(account_preference_bindings());
    add(authorization_details_bindings());
    add(generated_report_bindings());
    add(password_policy_bindings());
    add(login_profile_bindings());
    add(mfa_device_bindings());
    add(mfa_assignment_bindings());
    add(organization_feature_bindings());

    // What they may: roles, and the policies of all three.
    add(role_bindings());
    add(instance_profile_bindings());
    add(service_linked_role_bindings());
    add(inline_policy_bindings());
    add(attached_policy_bindings());
    add(managed_policy_bindings());
    add(context_key_bindings());
    add(service_access_bindings());
    add(last_access_bindings());
    add(organization_access_bindings());

    // Who vouches for callers from outside, and to whom this side vouches for its own.
    add(oidc_provider_bindings());
    add(saml_provider_bindings());
    add(outbound_federation_bindings());
    add(partner_operation_bindings());

    return all;
  }();
  return kAll;
}

}  // namespace deputy::iam
