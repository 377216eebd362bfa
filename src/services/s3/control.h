// What the operations of S3 Control share: they name an account in a header, and are the business of nobody else.
#pragma once

#include <string_view>

#include "services/operation.h"

namespace deputy::s3 {

/// `action` on everything of the account. Nobody of another account is ever allowed it, since nothing has a policy
/// there. Errors: InvalidRequest if `account` is no account id.
Result<services::Access> account_access(std::string_view action, std::string_view account);

}  // namespace deputy::s3
