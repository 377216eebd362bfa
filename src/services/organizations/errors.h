// The errors of Organizations, with AWS's codes and wordings: docs/wire.md, section 8. Some name a Reason beside.
#pragma once

#include <string_view>

#include "base/error.h"

namespace deputy::organizations::errors {

/// The caller's account is in none.
Error not_in_use();
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

Error no_such_handshake();
/// Nobody, or more than one, has the email that is invited.
Error no_such_email();
Error duplicate_handshake();
/// The account that is invited, or that accepts, is in an organization.
Error invited_is_member();
Error handshake_in_state();
Error handshake_transition();

Error already_delegated();
Error not_delegated();

Error cannot_remove_delegated_administrator();
Error cannot_delegate_to_management_account();
Error service_access_not_enabled();
/// The organization has consolidated billing only.
Error not_all_features();

/// The target of an invitation is neither an account nor an email, or nobody who could be invited.
Error wrong_type_of_party();
Error target_not_supported();
Error unrecognized_service_principal();
Error invalid_next_token();

/// A member of an operation that is there, which Deputy does not implement: refused, never passed over.
Error member_not_implemented(std::string_view member, std::string_view operation);

}  // namespace deputy::organizations::errors
