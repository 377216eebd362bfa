// The condition keys that say who calls, a column a type of principal: the table of K-2. What is known of a session beside
// its principal (tags, MFA, the time) is set by whoever knows it.
#pragma once

#include "policy/request.h"

namespace deputy::policy {

/// A web identity and a SAML call have none: they are no principals yet. All text is borrowed from `who`.
void set_principal_keys(Context& context, const Principal& who);

}  // namespace deputy::policy
