// Every IAM operation that Deputy answers: the door of this room. An operation that no file binds answers
// NotImplemented in the pipeline.
//
// Each file of operations contributes its own list; table.cpp puts them together. To add an operation, add it to the
// list at the end of its file; to add a file, declare its list here and name it in table.cpp. Lists are cold: only start asks
// for them, and cold functions lie together, where others would bring a piece of each file's code into memory.
#pragma once

#include <span>

#include "services/operation.h"

namespace deputy::iam {

[[gnu::cold]] std::span<const services::Binding> iam_bindings();

// Who is there: users and their keys, groups, the account itself.
[[gnu::cold]] std::span<const services::Binding> user_bindings();
[[gnu::cold]] std::span<const services::Binding> access_key_bindings();
[[gnu::cold]] std::span<const services::Binding> ssh_public_key_bindings();
[[gnu::cold]] std::span<const services::Binding> signing_certificate_bindings();
[[gnu::cold]] std::span<const services::Binding> service_credential_bindings();
[[gnu::cold]] std::span<const services::Binding> server_certificate_bindings();
[[gnu::cold]] std::span<const services::Binding> group_bindings();
[[gnu::cold]] std::span<const services::Binding> account_bindings();
[[gnu::cold]] std::span<const services::Binding> account_preference_bindings();
[[gnu::cold]] std::span<const services::Binding> authorization_details_bindings();
[[gnu::cold]] std::span<const services::Binding> generated_report_bindings();
[[gnu::cold]] std::span<const services::Binding> password_policy_bindings();
[[gnu::cold]] std::span<const services::Binding> login_profile_bindings();
[[gnu::cold]] std::span<const services::Binding> mfa_device_bindings();
[[gnu::cold]] std::span<const services::Binding> mfa_assignment_bindings();
[[gnu::cold]] std::span<const services::Binding> organization_feature_bindings();

// What they may: roles, and the policies of all three.
[[gnu::cold]] std::span<const services::Binding> role_bindings();
[[gnu::cold]] std::span<const services::Binding> instance_profile_bindings();
[[gnu::cold]] std::span<const services::Binding> service_linked_role_bindings();
[[gnu::cold]] std::span<const services::Binding> inline_policy_bindings();
[[gnu::cold]] std::span<const services::Binding> attached_policy_bindings();
[[gnu::cold]] std::span<const services::Binding> managed_policy_bindings();
[[gnu::cold]] std::span<const services::Binding> context_key_bindings();
[[gnu::cold]] std::span<const services::Binding> service_access_bindings();
[[gnu::cold]] std::span<const services::Binding> last_access_bindings();
[[gnu::cold]] std::span<const services::Binding> organization_access_bindings();

// Who vouches for callers from outside, and to whom this side vouches for its own.
[[gnu::cold]] std::span<const services::Binding> oidc_provider_bindings();
[[gnu::cold]] std::span<const services::Binding> saml_provider_bindings();
[[gnu::cold]] std::span<const services::Binding> outbound_federation_bindings();
[[gnu::cold]] std::span<const services::Binding> partner_operation_bindings();

}  // namespace deputy::iam
