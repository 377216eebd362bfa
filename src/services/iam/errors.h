// The errors of IAM, with AWS's codes, statuses and wordings: docs/wire.md, sections 5.1 and 5.2. Every sentence that
// an IAM operation answers is written in errors.cpp, so that one file can be held against the table.
//
//   return errors::no_such_entity(Kind::kUser, name);     // The user with name bob cannot be found.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "crypto/server_certificate.h"
#include "services/iam/quotas.h"

namespace deputy::iam {

/// The entities that are found by name.
enum class Kind : std::uint8_t { kUser, kGroup, kRole };

namespace errors {

/// A member of an operation that is there, which Deputy does not implement: refused, never passed over.
Error member_not_implemented(std::string_view member, std::string_view operation);
Error encrypted_assertions_not_implemented();

// What is missing.
Error no_such_entity(Kind kind, std::string_view name);
Error no_such_inline_policy(Kind owner, std::string_view policy);
Error no_such_instance_profile(std::string_view name);
Error no_such_role_in_profile(std::string_view role, std::string_view profile);
Error no_such_policy(std::string_view arn);
/// For Attach: it also hides policies that exist but cannot be attached.
Error policy_not_attachable(std::string_view arn);
Error no_such_policy_version(std::string_view arn, std::string_view version);
Error no_such_boundary(std::string_view arn);
Error no_such_access_key(std::string_view id);
/// The same of GetAccessKeyLastUsed, of keys of other accounts too: it says so as a denial, in words of its own.
Error access_key_not_yours(std::string_view caller, std::string_view id);
Error no_such_account_alias(std::string_view alias);
Error no_such_mfa_device(std::string_view serial_number);
/// A device that is somebody else's, or nobody's.
Error mfa_device_not_of_user();

Error no_such_ssh_public_key(std::string_view id);
Error no_such_signing_certificate(std::string_view id);
Error no_such_server_certificate(std::string_view name);
Error no_such_service_credential(std::string_view id);
Error service_without_credentials(std::string_view service);
Error no_such_delegation_request(std::string_view id);
Error no_such_role_template(std::string_view arn);
Error no_such_access_report(std::string_view job);

Error no_such_login_profile(std::string_view user);
Error no_such_password_policy(std::string_view account);
/// The same of DeleteAccountPasswordPolicy, which words it in its own way.
Error no_such_password_policy_to_delete();

Error no_such_saml_provider(std::string_view arn);
Error no_such_oidc_provider(std::string_view arn);
/// The same of GetOpenIDConnectProvider, which words it in its own way.
Error no_such_oidc_provider_to_get(std::string_view arn);

// What is in the way.
Error already_exists(Kind kind, std::string_view name);
Error instance_profile_already_exists(std::string_view name);
Error server_certificate_already_exists(std::string_view name);
Error policy_already_exists(std::string_view name);
Error account_alias_taken(std::string_view alias);
Error mfa_device_already_exists();
Error login_profile_already_exists(std::string_view user);
/// For Enable and for Delete.
Error mfa_device_already_in_use();
Error mfa_device_in_use();
/// "Cannot delete entity, must <what> first.": one of the objections below.
Error must_first(std::string_view what);
inline constexpr std::string_view kDetachPolicies = "detach all policies";
inline constexpr std::string_view kDeletePolicies = "delete policies";
inline constexpr std::string_view kRemoveUsersFromGroup = "remove users from group";
inline constexpr std::string_view kDeleteAccessKeys = "delete access keys";
inline constexpr std::string_view kDeleteLoginProfile = "delete login profile";
inline constexpr std::string_view kDeleteMfaDevice = "delete MFA device";
inline constexpr std::string_view kDeleteSigningCertificate = "delete signing certificate";
inline constexpr std::string_view kRemoveReferencedObjects = "remove referenced objects";
inline constexpr std::string_view kRemoveFromInstanceProfile = "remove roles from instance profile";
Error saml_provider_already_exists(std::string_view name);
Error oidc_provider_already_exists(std::string_view url);
/// Changing a policy of AWS's; `deed`: "delete policies".
Error policy_of_aws(std::string_view deed);
Error policy_is_attached();
Error policy_has_versions();
Error version_is_default();

// What is too much.
Error limit_exceeded(const Quota& quota);
Error inline_policies_too_large(Kind owner, std::string_view name, std::size_t limit);
Error too_many_versions();
Error too_many_tags();
Error report_too_large();

// Credential reports, which AWS refuses without a sentence.
Error report_not_present();
Error report_expired();
/// Something that lies here is damaged.
Error service_failure();

// What was said wrongly.
Error user_name_needed();
Error invalid_marker();
/// The model's enumeration has "Expired" too, which keys of other services become: nobody sets it.
Error access_key_status_is_not_set();
Error account_alias_is_account_id(std::string_view alias);
Error invalid_authentication_code();
Error password_needed();
/// Without a sentence: the old one, which does not say why.
Error password_policy_violation(std::string sentence = {});
std::string password_too_short(std::size_t minimum);
Error wrong_old_password();
Error only_users_change_their_password();
/// Path and name together: a serial number has at most 256 characters.
Error mfa_serial_number_too_long();
/// Where a policy is named to be attached; as a boundary the code is InvalidInput.
Error signin_duration_set_and_reset();
/// `recognized`: it has the form of a key, and is none that IAM takes.
Error bad_ssh_public_key(bool recognized);
Error duplicate_ssh_public_key();
Error malformed_certificate(std::string_view body);
Error duplicate_certificate();
Error bad_server_certificate(crypto::ServerCertificateFault fault);
Error credential_does_not_expire(std::string_view service);
Error all_users_with_user_name();
Error no_account_properties();
Error bad_account_property(std::string_view key);
Error mixed_account_properties();
Error too_many_account_properties();
Error context_provider_and_instance();
Error nothing_to_update();
Error not_a_delegation_partner();
Error not_the_management_account();
Error invalid_policy_arn(std::string_view arn);
Error invalid_boundary_arn(std::string_view arn);
Error duplicate_tag_keys();
Error duplicate_exact_tag_keys();
Error reserved_tag_key();
/// What the policy engine says of a document; where one is given to be looked at, not kept, the code is InvalidInput.
Error malformed_policy(std::string message);
Error invalid_policy_input(std::string message);
/// A principal of a trust policy: `type` is "AWS", "SERVICE", "FEDERATED".
Error invalid_principal(std::string_view type, std::string_view value);
Error cognito_without_condition();
Error unclear_entity_arn(std::string_view arn);
/// Attaching what only AWS attaches, to the roles of its services.
Error metadata_too_large(std::size_t limit);
Error invalid_oidc_url();
Error too_many_thumbprints();
Error service_role_policy(Kind owner);
Error protected_role(std::string_view name);
Error reserved_role_path(std::string_view path);

// Centralized root access.
Error no_organization();
Error not_management_account();
Error not_root_access_administrator();
Error organization_without_all_features();
Error service_access_not_enabled();

// Outbound identity federation. The last is for Disable, the one before for Get.
Error outbound_federation_enabled(std::string_view account);
Error outbound_federation_disabled(std::string_view account);
Error outbound_federation_already_disabled(std::string_view account);

// Service-linked roles.
Error service_linked_role_not_supported(std::string_view service);
Error custom_suffix_not_allowed(std::string_view service);
Error service_role_name_taken(std::string_view name);
Error no_such_deletion_task(std::string_view id);

}  // namespace errors
}  // namespace deputy::iam
