// Tags of what an organization has: its root, units, accounts, policies and its resource policy.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html
#pragma once

#include <vector>

#include "protocol/organizations/shapes.h"
#include "services/organizations/standing.h"

namespace deputy::organizations {

using GivenTags = std::vector<shapes::Tag>;

/// `before` with `given` over it: a key that is there gets the new value, in its place.
/// Errors: InvalidInputException (a key twice, one of AWS's), ConstraintViolationException (more than 50 in the end).
Result<directory::Tags> merge_tags(directory::Tags before, const GivenTags& given);

/// aws:RequestTag and aws:TagKeys of what is made with tags, and the permission organizations:TagResource beside. That
/// one is asked on "*": what is made has no ARN yet.
Accesses with_tags(Accesses accesses, const GivenTags& tags);

}  // namespace deputy::organizations
