// The few facts about services that the decision itself must know, as data. docs/policy-evaluation.md, E-10, E-13, R-5,
// R-6, O-9 and O-10.
#pragma once

#include "policy/request.h"

namespace deputy::policy {

/// Allowed to these callers whatever any policy says. [E-13]
bool needs_no_permission(const Request& request);
/// What the root user cannot do.
bool is_barred_to_root(const Request& request);
/// Root of the bucket's account, reading or replacing the bucket's policy: a Deny in that policy does not count.
bool overrides_bucket_policy(const Request& request);
/// arn:aws:iam::A:role/aws-service-role/… [O-9]
bool is_service_linked(std::string_view role_arn);
/// Whether the resource's own policy must allow, also in the caller's account: STS asks a role's trust policy, KMS a key's
/// key policy. One that is not there allows nothing. [E-10]
bool needs_own_policy(const Request& request);
/// Whether RCPs may name actions of the service with this prefix. [O-10]
bool is_service_of_rcps(std::string_view service);
/// Whether RCPs have a say in this request. [O-9, O-10]
bool is_covered_by_rcps(const Request& request);

}  // namespace deputy::policy
