// Permissions boundaries: which policies may be one, and the count of uses that keeps a policy from being deleted under
// an entity that it bounds.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
#pragma once

#include <optional>
#include <string_view>

#include "directory/changes.h"
#include "protocol/iam/shapes.h"
#include "services/iam/lookup.h"

namespace deputy::iam {

/// A policy that may be set as a boundary. Errors: InvalidInput (no policy ARN), NoSuchEntity (there is none to be
/// seen).
Result<const ManagedPolicy*> find_boundary(const At& at, std::string_view arn);

/// Counts that an entity's boundary goes from `before` to `after` (empty: none) at the customer managed policies
/// involved, in the same commit as the entity itself.
void count_boundary(directory::Changes& changes, const At& at, std::string_view before, std::string_view after);

/// As answers show it; absent if the entity has none.
std::optional<shapes::AttachedPermissionsBoundary> shown_boundary(std::string_view arn);

}  // namespace deputy::iam
