#include "services/organizations/errors.h"

#include <fmt/format.h>

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
Error no_permission() { return {"AccessDenied", 400, "You don't have permissions to access this resource."}; }
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

Error member_not_implemented(std::string_view member, std::string_view operation) {
  return {"NotImplemented", 501, fmt::format("Deputy does not implement {} of organizations:{}.", member, operation)};
}

}  // namespace deputy::organizations::errors
