#include "services/iam/errors.h"

#include <fmt/format.h>

namespace deputy::iam::errors {
namespace {

struct Words {
  std::string_view lower, upper;
};
/// In the order of Kind.
constexpr Words kWords[] = {{"user", "User"}, {"group", "Group"}, {"role", "Role"}};
const Words& words(Kind kind) { return kWords[static_cast<std::size_t>(kind)]; }

Error access_denied(std::string message) { return {"AccessDenied", 403, std::move(message)}; }
Error no_such_entity(std::string message) { return {"NoSuchEntity", 404, std::move(message)}; }
Error entity_already_exists(std::string message) { return {"EntityAlreadyExists", 409, std::move(message)}; }
Error delete_conflict(std::string message) { return {"DeleteConflict", 409, std::move(message)}; }
Error limit_exceeded(std::string message) { return {"LimitExceeded", 409, std::move(message)}; }
Error invalid_input(std::string message) { return {"InvalidInput", 400, std::move(message)}; }
Error validation(std::string message) { return {"ValidationError", 400, std::move(message)}; }
Error not_implemented(std::string message) { return {"NotImplemented", 501, std::move(message)}; }

}  // namespace

Error member_not_implemented(std::string_view member, std::string_view operation) {
  return not_implemented(fmt::format("Deputy does not implement {} of iam:{}.", member, operation));
}
Error encrypted_assertions_not_implemented() {
  return not_implemented("Deputy does not implement encrypted SAML assertions.");
}
Error malformed_policy(std::string message) { return {"MalformedPolicyDocument", 400, std::move(message)}; }
Error invalid_policy_input(std::string message) { return invalid_input(std::move(message)); }
Error invalid_principal(std::string_view type, std::string_view value) {
  return malformed_policy(fmt::format(R"(Invalid principal in policy: "{}":"{}")", type, value));
}
Error cognito_without_condition() {
  return malformed_policy("A condition block must be present for the Cognito provider");
}
Error unclear_entity_arn(std::string_view arn) {
  return invalid_input(fmt::format("Invalid Entity Arn: {} does not clearly define entity type and name.", arn));
}

Error no_such_entity(Kind kind, std::string_view name) {
  return no_such_entity(fmt::format("The {} with name {} cannot be found.", words(kind).lower, name));
}
Error no_such_inline_policy(Kind owner, std::string_view policy) {
  return no_such_entity(fmt::format("The {} policy with name {} cannot be found.", words(owner).lower, policy));
}
Error no_such_instance_profile(std::string_view name) {
  return no_such_entity(fmt::format("Instance Profile {} cannot be found.", name));
}
Error no_such_role_in_profile(std::string_view role, std::string_view profile) {
  return no_such_entity(fmt::format("Role {} in Instance Profile {} cannot be found.", role, profile));
}
Error no_such_policy(std::string_view arn) { return no_such_entity(fmt::format("Policy {} was not found.", arn)); }
Error policy_not_attachable(std::string_view arn) {
  return no_such_entity(fmt::format("Policy {} does not exist or is not attachable.", arn));
}
Error no_such_policy_version(std::string_view arn, std::string_view version) {
  return no_such_entity(fmt::format("Policy {} version {} does not exist or is not attachable.", arn, version));
}
Error no_such_boundary(std::string_view arn) {
  return no_such_entity(fmt::format("Scope ARN: {} does not exist or is not attachable.", arn));
}
Error no_such_access_key(std::string_view id) {
  return no_such_entity(fmt::format("The Access Key with id {} cannot be found.", id));
}
Error access_key_not_yours(std::string_view caller, std::string_view id) {
  return access_denied(fmt::format(
      "User: {} is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key {}", caller, id));
}
Error no_such_account_alias(std::string_view alias) {
  return no_such_entity(fmt::format("The Account Alias {} cannot be found.", alias));
}
Error no_such_ssh_public_key(std::string_view id) {
  return no_such_entity(fmt::format("The Public Key with id {} cannot be found.", id));
}
Error no_such_signing_certificate(std::string_view id) {
  return no_such_entity(fmt::format("The Certificate with id {} cannot be found.", id));
}
Error no_such_server_certificate(std::string_view name) {
  return no_such_entity(fmt::format("The Server Certificate with name {} cannot be found.", name));
}
Error no_such_service_credential(std::string_view id) {
  return no_such_entity(fmt::format("No such credential {} exists", id));
}
Error service_without_credentials(std::string_view service) {
  return no_such_entity(
      fmt::format("No such service {} is supported for Service Specific Credentials", service.substr(0, 128)));
}
Error no_such_delegation_request(std::string_view id) {
  return no_such_entity(fmt::format("The Delegation Request with id {} cannot be found.", id));
}
Error no_such_role_template(std::string_view arn) {
  return no_such_entity(fmt::format("The Role Template with ARN {} cannot be found.", arn));
}
Error no_such_access_report(std::string_view job) {
  return no_such_entity(fmt::format("The report with job id {} cannot be found.", job));
}
Error no_such_login_profile(std::string_view user) {
  return no_such_entity(fmt::format("Login Profile for User {} cannot be found.", user));
}
Error no_such_password_policy(std::string_view account) {
  return no_such_entity(fmt::format("The Password Policy with domain name {} cannot be found.", account));
}
Error no_such_password_policy_to_delete() {
  return no_such_entity("The account policy with name PasswordPolicy cannot be found.");
}
Error no_such_saml_provider(std::string_view arn) {
  return no_such_entity(fmt::format("Manifest not found for arn {}", arn));
}
Error no_such_oidc_provider(std::string_view arn) {
  return no_such_entity(fmt::format("OpenId connect Provider {} cannot be found.", arn));
}
Error no_such_oidc_provider_to_get(std::string_view arn) {
  return no_such_entity(fmt::format("OpenIDConnect Provider not found for arn {}", arn));
}
Error no_such_mfa_device(std::string_view serial_number) {
  return no_such_entity(fmt::format("MFA Device with serial number {} does not exist.", serial_number));
}
Error mfa_device_not_of_user() { return no_such_entity("MFA Device invalid for user."); }

Error already_exists(Kind kind, std::string_view name) {
  return entity_already_exists(fmt::format("{} with name {} already exists.", words(kind).upper, name));
}
Error instance_profile_already_exists(std::string_view name) {
  return entity_already_exists(fmt::format("Instance Profile {} already exists.", name));
}
Error server_certificate_already_exists(std::string_view name) {
  return entity_already_exists(fmt::format("The Server Certificate with name {} already exists.", name));
}
Error policy_already_exists(std::string_view name) {
  return entity_already_exists(
      fmt::format("A policy called {} already exists. Duplicate names are not allowed.", name));
}
Error account_alias_taken(std::string_view alias) {
  return entity_already_exists(fmt::format("The account alias {} already exists.", alias));
}
Error saml_provider_already_exists(std::string_view name) {
  return entity_already_exists(fmt::format("Provider with name {} already exists.", name));
}
Error oidc_provider_already_exists(std::string_view url) {
  return entity_already_exists(fmt::format("Provider with url {} already exists.", url));
}
Error mfa_device_already_exists() { return entity_already_exists("MFA device already exists."); }
Error mfa_device_already_in_use() { return entity_already_exists("MFA Device is already in use."); }
Error mfa_device_in_use() { return delete_conflict("MFA VirtualDevice in use. Must deactivate first."); }
Error login_profile_already_exists(std::string_view user) {
  return entity_already_exists(fmt::format("Login Profile for user {} already exists.", user));
}
Error must_first(std::string_view what) {
  return delete_conflict(fmt::format("Cannot delete entity, must {} first.", what));
}
Error policy_of_aws(std::string_view deed) {
  return access_denied(fmt::format("Cannot {} outside your own account.", deed));
}
Error policy_is_attached() { return delete_conflict("Cannot delete a policy attached to entities."); }
Error policy_has_versions() {
  return delete_conflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The "
      "default version is deleted with the policy.");
}
Error version_is_default() { return delete_conflict("Cannot delete the default version of a policy."); }

Error limit_exceeded(const Quota& quota) {
  return limit_exceeded(fmt::format("Cannot exceed quota for {}: {}", quota.name, quota.limit));
}
Error inline_policies_too_large(Kind owner, std::string_view name, std::size_t limit) {
  return limit_exceeded(
      fmt::format("Maximum policy size of {} bytes exceeded for {} {}", limit, words(owner).lower, name));
}
Error too_many_versions() {
  return limit_exceeded(
      fmt::format("A managed policy can have up to {} versions. Before you create a new version, you must delete an "
                  "existing version.",
                  quotas::kVersionsPerPolicy));
}
Error too_many_tags() { return limit_exceeded("The number of tags has reached the maximum limit."); }

Error report_too_large() { return limit_exceeded("Deputy keeps credential reports of at most 900 KiB, packed."); }
Error report_not_present() { return {"ReportNotPresent", 410, ""}; }
Error report_expired() { return {"ReportExpired", 410, ""}; }
Error service_failure() {
  return {"ServiceFailure", 500,
          "The request processing has failed because of an unknown error, exception or failure."};
}

Error user_name_needed() { return validation("Must specify userName when calling with non-User credentials"); }
Error invalid_marker() { return validation("Invalid Marker."); }
Error access_key_status_is_not_set() {
  return validation(
      "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value "
      "set");
}
Error account_alias_is_account_id(std::string_view alias) {
  return invalid_input(fmt::format("The account alias {} is not valid. It cannot be an account id.", alias));
}
Error invalid_authentication_code() {
  return {"InvalidAuthenticationCode", 403, "Authentication code for device is not valid."};
}
Error password_needed() {
  return validation(
      "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null");
}
Error password_policy_violation(std::string sentence) {
  if (sentence.empty()) sentence = "Password does not conform to the account password policy.";
  return {"PasswordPolicyViolation", 400, std::move(sentence)};
}
std::string password_too_short(std::size_t minimum) {
  return fmt::format("Password should have a minimum length of {}", minimum);
}
Error wrong_old_password() { return access_denied("The old password was incorrect."); }
Error only_users_change_their_password() {
  return {"InvalidUserType", 400, "Only IAM Users can change their own password."};
}
Error mfa_serial_number_too_long() {
  return validation(
      "1 validation error detected: Value at 'virtualMFADeviceName' failed to satisfy constraint: Member must have "
      "length less than or equal to 226");
}
Error signin_duration_set_and_reset() {
  return invalid_input("MaxSigninSessionDuration and ResetMaxSigninSessionDuration cannot be used together.");
}
Error bad_ssh_public_key(bool recognized) {
  if (!recognized) {
    return {"UnrecognizedPublicKeyEncoding", 400, "The public key encoding format is unsupported or unrecognized."};
  }
  return {"InvalidPublicKey", 400, "The public key is malformed or otherwise invalid."};
}
Error duplicate_ssh_public_key() {
  return {"DuplicateSSHPublicKey", 400, "The SSH public key is already associated with the specified IAM user."};
}
Error malformed_certificate(std::string_view body) {
  return {"MalformedCertificate", 400, fmt::format("Certificate {} is malformed.", body)};
}
Error duplicate_certificate() {
  return {"DuplicateCertificate", 409, "The same certificate is associated with an IAM user in the account."};
}
Error bad_server_certificate(crypto::ServerCertificateFault fault) {
  using Fault = crypto::ServerCertificateFault;
  switch (fault) {
    case Fault::kCertificate:
      return {"MalformedCertificate", 400,
              "Unable to parse certificate. Please ensure the certificate is in PEM format."};
    case Fault::kPrivateKey:
      return {"MalformedCertificate", 400,
              "Unable to parse private key. Please ensure the private key is in PEM format."};
    case Fault::kEncryptedKey:
      return {"MalformedCertificate", 400, "Unable to parse private key. The private key must not be encrypted."};
    case Fault::kMismatch:
      return {"KeyPairMismatch", 400, "The public key of the certificate and the private key do not match."};
    case Fault::kChain:
      break;
  }
  return {"MalformedCertificate", 400,
          "Unable to validate certificate chain. The certificate chain must start with the immediate signing "
          "certificate, followed by any intermediaries in order. The index within the chain of the invalid certificate "
          "is: -1"};
}
Error credential_does_not_expire(std::string_view service) {
  return invalid_input(fmt::format("CredentialAgeDays is not supported for {}", service));
}
Error all_users_with_user_name() { return invalid_input("UserName cannot be specified together with AllUsers."); }
Error no_account_properties() { return invalid_input("Properties must contain at least one property."); }
Error bad_account_property(std::string_view key) {
  return invalid_input(fmt::format("{} is not a property's name. It must be of the form Namespace/PropertyName.", key));
}
Error mixed_account_properties() { return invalid_input("All properties of a request must be of one namespace."); }
Error too_many_account_properties() {
  return invalid_input(fmt::format("Deputy keeps at most {} properties of an account.", quotas::kAccountProperties));
}
Error context_provider_and_instance() {
  return invalid_input("The context provider and the Identity Center instance cannot be changed in one request.");
}
Error nothing_to_update() { return invalid_input("Exactly one change must be specified."); }
Error not_a_delegation_partner() {
  return access_denied("Only product providers that AWS has onboarded can create delegation requests.");
}
Error not_the_management_account() { return access_denied("You don't have permissions to access this resource."); }
Error invalid_policy_arn(std::string_view arn) { return validation(fmt::format("ARN {} is not valid.", arn)); }
Error invalid_boundary_arn(std::string_view arn) { return invalid_input(fmt::format("ARN {} is not valid.", arn)); }
Error duplicate_tag_keys() {
  return invalid_input("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
}
Error duplicate_exact_tag_keys() { return invalid_input("Duplicate tag keys found."); }
Error reserved_tag_key() { return invalid_input("Tags with the aws: prefix cannot be added or removed"); }
Error metadata_too_large(std::size_t limit) {
  return invalid_input(fmt::format("Deputy keeps metadata documents of at most {} bytes", limit));
}
Error invalid_oidc_url() { return validation("Invalid Open ID Connect Provider URL"); }
Error too_many_thumbprints() { return invalid_input("Thumbprint list must contain fewer than 5 entries."); }
Error service_role_policy(Kind owner) {
  return {"PolicyNotAttachable", 400,
          fmt::format("Cannot attach a Service Role Policy to a Customer {}.", words(owner).upper)};
}
Error protected_role(std::string_view name) {
  return {"UnmodifiableEntity", 400,
          fmt::format("Cannot perform the operation on the protected role '{}' - this role is only modifiable by AWS",
                      name)};
}
Error reserved_role_path(std::string_view path) {
  return invalid_input(fmt::format("Path {} is reserved for roles that AWS creates.", path));
}

Error no_organization() {
  return {"OrganizationNotFoundException", 400,
          "The request was rejected because no organization is associated with your account."};
}
Error not_management_account() {
  return {"CallerIsNotManagementAccountException", 400,
          "The request was rejected because the account making the request is not the management account for the "
          "organization."};
}
Error not_root_access_administrator() {
  return {"AccountNotManagementOrDelegatedAdministratorException", 400,
          "The request was rejected because the account making the request is not the management account or delegated "
          "administrator account for centralized root access."};
}
Error organization_without_all_features() {
  return {"OrganizationNotInAllFeaturesModeException", 400,
          "The request was rejected because your organization does not have All features enabled. For more "
          "information, see Available feature sets in the AWS Organizations User Guide."};
}
Error service_access_not_enabled() {
  return {"ServiceAccessNotEnabledException", 400,
          "The request was rejected because trusted access is not enabled for IAM in AWS Organizations. For details, "
          "see IAM and AWS Organizations in the AWS Organizations User Guide."};
}

Error service_linked_role_not_supported(std::string_view service) {
  return invalid_input(fmt::format("Service Linked Role not supported for {}", service));
}
Error custom_suffix_not_allowed(std::string_view service) {
  return invalid_input(fmt::format("Custom suffix is not allowed for {}", service));
}
Error service_role_name_taken(std::string_view name) {
  return invalid_input(
      fmt::format("Service role name {} has been taken in this account, please try a different suffix.", name));
}
Error no_such_deletion_task(std::string_view id) {
  return no_such_entity(fmt::format("Deletion task id {} cannot be found.", id));
}

Error outbound_federation_enabled(std::string_view account) {
  return {"FeatureEnabled", 409,
          fmt::format("Outbound identity federation is already enabled for account {}", account)};
}
Error outbound_federation_disabled(std::string_view account) {
  return {"FeatureDisabled", 404, fmt::format("Outbound identity federation is disabled for account {}", account)};
}
Error outbound_federation_already_disabled(std::string_view account) {
  return {"FeatureDisabled", 404,
          fmt::format("Outbound identity federation is already disabled for account {}", account)};
}

}  // namespace deputy::iam::errors
