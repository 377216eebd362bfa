// The errors of Organizations, with AWS's codes and wordings: docs/wire.md, section 8. Some name a Reason beside.
#pragma once

#include <string_view>

#include "base/error.h"

namespace deputy::organizations::errors {

/// The caller's account is in none.
Error not_in_use();
inline constexpr std::string_view kNoPermission = "You don't have permissions to access this resource.";
/// A member that calls what is the management account's (or a delegated administrator's) to call.
Error no_permission();
Error already_in_organization();
Error organization_not_empty();
Error master_cannot_leave();

Error no_such_account();
Error too_many_accounts();
/// Of one day.
Error too_many_creations();
Error too_many_handshakes();
Error no_such_child();
Error no_such_parent();
Error no_such_creation();

Error duplicate_tag_key();
/// One that begins with "aws:".
Error system_tag();
Error too_many_tags();

Error no_such_unit();
Error duplicate_unit();
Error unit_not_empty();
Error too_deep();
Error too_many_units();
Error no_such_source_parent();
Error no_such_destination_parent();
Error duplicate_account();

Error no_such_root();
Error no_such_target();
Error unknown_policy_type();
Error policy_type_not_available();
Error policy_type_enabled();
Error policy_type_not_enabled();
/// Its service has no trusted access.
Error policy_type_needs_service();
/// The service of a type that is on cannot lose its access.
Error policy_type_of_service_enabled();
Error no_such_policy();
Error duplicate_policy();
Error duplicate_attachment();
Error policy_not_attached();
Error policy_in_use();
/// One of AWS's.
Error immutable_policy();
Error not_detachable();
Error malformed_policy();
Error policy_too_large();
Error too_many_policies();
Error too_many_attached();
Error last_attached();

/// Of an account or organization that is being asked about.
Error no_effective_policy();
Error invalid_resource_policy();
Error invalid_principal();
/// What a resource policy may not name.
Error unsupported_action();
Error unsupported_resource();
Error unsupported_policy_type();
Error no_such_resource_policy();
/// A resource policy gets its tags when it is made.
Error resource_policy_is_there();

Error account_already_closed();
Error cannot_close_management_account();
/// Of 30 days.
Error too_many_closures();

Error no_such_handshake();
/// Nobody, or more than one, has the email that is invited.
Error no_such_email();
Error duplicate_handshake();
/// The account that is invited, or that accepts, is in an organization.
Error invited_is_member();
Error has_all_features();
Error move_is_pending();
/// While the organization moves to all features.
Error invitations_are_off();
Error too_large_to_move();
Error handshake_in_state();
Error handshake_transition();

Error already_delegated();
Error not_delegated();

Error cannot_remove_delegated_administrator();
Error cannot_delegate_to_management_account();
Error cannot_delegate_to_suspended_account();
Error service_access_not_enabled();
/// The organization has consolidated billing only.
Error not_all_features();

Error not_govcloud();
Error no_such_transfer();
Error no_billing();

/// The target of an invitation is neither an account nor an email, or nobody who could be invited.
Error wrong_type_of_party();
Error target_not_supported();
Error unrecognized_service_principal();
Error invalid_next_token();

}  // namespace deputy::organizations::errors
