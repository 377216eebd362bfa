// Policy documents as parameters: from the text that a caller sent to what an entity stores, or AWS's
// MalformedPolicyDocument and LimitExceeded. Trust policies have a door of their own: services/iam/trust.h.
// docs/policy-evaluation.md, W-1 to W-4, W-12, L-15; docs/wire.md, 5.3 and 5.4.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/entities.h"
#include "services/iam/errors.h"

namespace deputy::iam {

/// A document for Put*Policy. Its size counts together with its neighbours': check_inline_size().
Result<directory::PolicyText> inline_document(std::string_view json);

/// A document for CreatePolicy and CreatePolicyVersion: version 2012-10-17, at most 6144 characters that count.
Result<directory::PolicyText> managed_document(std::string_view json);

/// The inline policies of one entity, together.
Result<void> check_inline_size(Kind owner, std::string_view name, const std::vector<directory::InlinePolicy>& policies);

}  // namespace deputy::iam
