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

/// ConstraintViolationException.
Error constraint(std::string_view reason, std::string_view message);
/// InvalidInputException.
Error invalid_input(std::string_view reason, std::string_view message);
Error invalid_next_token();

}  // namespace deputy::organizations::errors
