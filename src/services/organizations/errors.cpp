#include "services/organizations/errors.h"

#include "policy/wording.h"

namespace deputy::organizations::errors {
namespace {

Error make(std::string_view code, std::string_view message) { return {std::string(code), 400, std::string(message)}; }
Error constraint(std::string_view reason, std::string_view message) {
  return make("ConstraintViolationException", message).with("Reason", std::string(reason));
}
Error invalid_input(std::string_view reason, std::string_view message) {
  return make("InvalidInputException", message).with("Reason", std::string(reason));
}

}  // namespace

Error not_in_use() {
  return make("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
}
Error no_permission() { return {"AccessDenied", 400, std::string(kNoPermission)}; }
Error already_in_organization() {
  return make("AlreadyInOrganizationException", "The provided account is already a member of an organization.");
}
Error organization_not_empty() {
  return make("OrganizationNotEmptyException",
              "To delete an organization you must first remove all member accounts (except the master).");
}
Error master_cannot_leave() {
  return make("MasterCannotLeaveOrganizationException",
              "You can't remove a management account from an organization. If you want the management account to "
              "become a member account in another organization, you must first delete the current organization of the "
              "management account.");
}

Error no_such_account() { return make("AccountNotFoundException", "You specified an account that doesn't exist."); }
Error too_many_accounts() {
  return constraint("ACCOUNT_NUMBER_LIMIT_EXCEEDED", "You have exceeded the allowed number of AWS accounts.");
}
Error too_many_creations() {
  return constraint("ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED",
                    "You attempted to exceed the number of accounts that you can create in one day.");
}
Error too_many_handshakes() {
  return constraint("HANDSHAKE_RATE_LIMIT_EXCEEDED",
                    "You attempted to exceed the number of handshakes that you can send in one day.");
}
Error no_such_child() { return make("ChildNotFoundException", "You specified a child that doesn't exist."); }
Error no_such_parent() { return make("ParentNotFoundException", "You specified parent that doesn't exist."); }
Error no_such_creation() {
  return make("CreateAccountStatusNotFoundException",
              "We can't find an create account request with the CreateAccountRequestId that you specified.");
}

Error duplicate_tag_key() {
  return invalid_input("DUPLICATE_TAG_KEY", "Tag keys must be unique among the tags attached to the same entity.");
}
Error system_tag() {
  return invalid_input("INVALID_SYSTEM_TAGS_PARAMETER",
                       "You specified a tag key that is a system tag. You can't add, edit, or delete system tag keys "
                       "because they're reserved for AWS use.");
}
Error too_many_tags() {
  return constraint("MAX_TAG_LIMIT_EXCEEDED", "You have exceeded the number of tags allowed on this resource.");
}

Error no_such_unit() {
  return make("OrganizationalUnitNotFoundException", "You specified an organizational unit that doesn't exist.");
}
Error duplicate_unit() {
  return make("DuplicateOrganizationalUnitException", "An OU with the same name already exists.");
}
Error unit_not_empty() {
  return make("OrganizationalUnitNotEmptyException",
              "The specified OU is not empty. Move all accounts to another root or to other OUs, remove all child OUs, "
              "and try the operation again.");
}
Error too_deep() {
  return constraint("OU_DEPTH_LIMIT_EXCEEDED",
                    "You cannot add an organizational unit to the specified parent because it would exceed the max "
                    "depth allowed.");
}
Error too_many_units() {
  return constraint("OU_NUMBER_LIMIT_EXCEEDED",
                    "You attempted to exceed the number of OUs that you can have in an organization.");
}
Error no_such_source_parent() {
  return make("SourceParentNotFoundException",
              "We can't find a source root or OU with the ParentId that you specified.");
}
Error no_such_destination_parent() {
  return make("DestinationParentNotFoundException",
              "We can't find the destination container (a root or OU) with the ParentId that you specified.");
}
Error duplicate_account() {
  return make("DuplicateAccountException", "That account is already present in the specified destination.");
}

Error no_such_root() { return make("RootNotFoundException", "You specified a root that doesn't exist."); }
Error no_such_target() { return make("TargetNotFoundException", "You specified a target that doesn't exist."); }
Error unknown_policy_type() {
  return invalid_input("INVALID_ENUM_POLICY_TYPE", "You specified an invalid policy type string.");
}
Error policy_type_not_available() {
  return make("PolicyTypeNotAvailableForOrganizationException",
              "You can't use the specified policy type with the feature set currently enabled for this organization.");
}
Error policy_type_enabled() {
  return make("PolicyTypeAlreadyEnabledException", "The specified policy type is already enabled.");
}
Error policy_type_not_enabled() {
  return make("PolicyTypeNotEnabledException", "This operation can be performed only for enabled policy types.");
}
Error policy_type_needs_service() {
  return constraint("SERVICE_ACCESS_NOT_ENABLED",
                    "You attempted to enable a policy type before you enabled service access. Call the "
                    "EnableAWSServiceAccess API first.");
}
Error policy_type_of_service_enabled() {
  return constraint("POLICY_TYPE_ENABLED_FOR_THIS_SERVICE",
                    "You attempted to disable service access before you disabled the policy type (for example, "
                    "SECURITYHUB_POLICY). To complete this operation, you must first disable the policy type.");
}
Error no_such_policy() {
  return make("PolicyNotFoundException", "We can't find a policy with the PolicyId that you specified.");
}
Error duplicate_policy() {
  return make("DuplicatePolicyException", "A policy with the specified name and type already exists.");
}
Error duplicate_attachment() {
  // The sentence of the exception above: two public logs have it.
  return make("DuplicatePolicyAttachmentException", "A policy with the specified name and type already exists.");
}
Error policy_not_attached() {
  return make("PolicyNotAttachedException", "The policy isn't attached to the specified target in the specified root.");
}
Error policy_in_use() {
  return make("PolicyInUseException",
              "The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts "
              "before performing this operation.");
}
Error immutable_policy() {
  return invalid_input("IMMUTABLE_POLICY", "You specified a policy that is managed by AWS and can't be modified.");
}
Error not_detachable() { return invalid_input("NON_DETACHABLE_POLICY", "You can't detach this AWS managed policy."); }
Error malformed_policy() {
  return make("MalformedPolicyDocumentException", std::string(policy::kOrganizationsWording));
}
Error policy_too_large() {
  return constraint("POLICY_CONTENT_LIMIT_EXCEEDED", "You have exceeded the maximum policy size.");
}
Error too_many_policies() {
  return constraint("POLICY_NUMBER_LIMIT_EXCEEDED",
                    "You attempted to exceed the number of policies that you can have in an organization.");
}
Error too_many_attached() {
  return constraint("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
                    "You have attached the maximum number of policies to the specified target.");
}
Error last_attached() {
  return constraint("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
                    "You cannot remove the last policy attached to the specified target. You must have at least one "
                    "attached at all times.");
}

Error no_effective_policy() {
  return make(
      "EffectivePolicyNotFoundException",
      "If you ran this action on the management account, this policy type is not enabled. If you ran the action "
      "on a member account, the account doesn't have an effective policy of this type. Contact the administrator "
      "of your organization about attaching a policy of this type to the account.");
}
Error invalid_resource_policy() {
  return invalid_input("INVALID_RESOURCE_POLICY_JSON", "The resource policy is not a valid policy document.");
}
Error invalid_principal() {
  return invalid_input("INVALID_PRINCIPAL", "You specified an invalid principal element in the policy.");
}
Error unsupported_action() {
  return invalid_input("UNSUPPORTED_ACTION_IN_RESOURCE_POLICY",
                       "The resource policy names an action that you can't delegate.");
}
Error unsupported_resource() {
  return invalid_input("UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY",
                       "The resource policy names a resource that is not of AWS Organizations.");
}
Error unsupported_policy_type() {
  return invalid_input("UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY",
                       "The resource policy names a policy type that you can't delegate.");
}
Error no_such_resource_policy() {
  return make("ResourcePolicyNotFoundException",
              "We can't find a resource policy request with the parameter that you specified.");
}
Error resource_policy_is_there() {
  return constraint("UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED",
                    "You can't specify tags when you update a resource policy. Use TagResource instead.");
}

Error account_already_closed() {
  return make("AccountAlreadyClosedException", "You attempted to close an account that is already closed.");
}
Error cannot_close_management_account() {
  return constraint("CANNOT_CLOSE_MANAGEMENT_ACCOUNT",
                    "You attempted to close the management account. To close the management account for the "
                    "organization, you must first either remove or close all member accounts in the organization.");
}
Error too_many_closures() {
  return constraint("CLOSE_ACCOUNT_QUOTA_EXCEEDED", "You have exceeded close account quota for the past 30 days.");
}

Error no_such_handshake() {
  return make("HandshakeNotFoundException", "We can't find a handshake with the HandshakeId that you specified.");
}
Error no_such_email() {
  return invalid_input("INVALID_EMAIL_ADDRESS_TARGET",
                       "You specified an invalid email address for the invited account owner.");
}
Error duplicate_handshake() {
  return make("DuplicateHandshakeException",
              "A handshake with the same action and target already exists. For example, if you invited an account to "
              "join your organization, the invited account might already have a pending invitation from this "
              "organization. If you intend to resend an invitation to an account, ensure that existing handshakes that "
              "might be considered duplicates are canceled or declined.");
}
Error invited_is_member() {
  return make("HandshakeConstraintViolationException", "The provided account is already a member of an organization.")
      .with("Reason", "ALREADY_IN_AN_ORGANIZATION");
}
Error has_all_features() {
  return make("HandshakeConstraintViolationException", "This organization has already enabled all features.")
      .with("Reason", "ORGANIZATION_ALREADY_HAS_ALL_FEATURES");
}
Error move_is_pending() {
  return make("HandshakeConstraintViolationException",
              "The organization migration to all features is already in progress.")
      .with("Reason", "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION");
}
Error invitations_are_off() {
  return make("HandshakeConstraintViolationException",
              "You can't issue new invitations to join an organization while it's in the process of enabling all "
              "features. You can resume inviting accounts after you finalize the process when all accounts have agreed "
              "to the change.")
      .with("Reason", "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES");
}
Error too_large_to_move() {
  return constraint(
      "ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED",
      "Your organization has more than 5000 accounts, and you can only use the standard migration process "
      "for organizations with less than 5000 accounts.");
}
Error handshake_in_state() {
  return make("HandshakeAlreadyInStateException",
              "The specified handshake is already in the requested state. For example, you can't accept a handshake "
              "that was already accepted.");
}
Error handshake_transition() {
  return make("InvalidHandshakeTransitionException",
              "You can't perform the operation on the handshake in its current state. For example, you can't cancel a "
              "handshake that was already accepted or accept a handshake that was already declined.");
}

Error already_delegated() {
  return make("AccountAlreadyRegisteredException",
              "The provided account is already a delegated administrator for your organization.");
}
Error not_delegated() {
  return make("AccountNotRegisteredException",
              "The provided account is not a registered delegated administrator for your organization.");
}

Error cannot_remove_delegated_administrator() {
  return constraint("CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
                    "You attempted to remove an account from the organization that is currently a delegated "
                    "administrator for a service integrated with Organizations. To complete this operation, you must "
                    "first deregister this account as a delegated administrator.");
}
Error cannot_delegate_to_management_account() {
  return constraint("CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
                    "You cannot register management account/yourself as delegated administrator for your "
                    "organization.");
}
Error cannot_delegate_to_suspended_account() {
  return constraint("CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
                    "You cannot register a suspended account as a delegated administrator.");
}
Error service_access_not_enabled() {
  return constraint("SERVICE_ACCESS_NOT_ENABLED",
                    "You attempted to register a delegated administrator before you enabled service access. Call the "
                    "EnableAWSServiceAccess API first.");
}
Error not_all_features() {
  return constraint("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE",
                    "You attempted to perform an operation that requires an organization to be configured to support "
                    "all features. An organization that supports only consolidated billing features can't perform "
                    "this operation.");
}

Error not_govcloud() {
  return constraint("MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED",
                    "To complete this operation, the management account must have an associated account in the AWS "
                    "GovCloud (US-West) Region.");
}
Error no_such_transfer() {
  return make("ResponsibilityTransferNotFoundException", "We can't find a transfer with the ID that you specified.");
}
Error no_billing() {
  return make("UnsupportedAPIEndpointException", "This action isn't available in the current AWS Region.");
}

Error wrong_type_of_party() {
  return invalid_input("INVALID_PARTY_TYPE_TARGET",
                       "You specified the wrong type of entity (account, organization, or email) as a party.");
}
Error target_not_supported() {
  return invalid_input("TARGET_NOT_SUPPORTED", "You can't perform the specified operation on that target entity.");
}
Error unrecognized_service_principal() {
  return invalid_input("UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal.");
}
Error invalid_next_token() {
  return invalid_input("INVALID_NEXT_TOKEN",
                       "Get the value for the NextToken parameter from the response to a previous call of the "
                       "operation.");
}

}  // namespace deputy::organizations::errors
