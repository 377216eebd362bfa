// What AWS decides by name, as data: operations without permission, root's own rules, the services that RCPs cover.
// Internal to this room.
#pragma once

#include <string_view>

#include "policy/request.h"

namespace deputy::policy {

/// Needs no permission and cannot be denied. [E-13]
bool needs_no_permission(const Request& request);
/// What root may never do.
bool forbidden_to_root(const Request& request);
/// What no bucket policy can deny to root of the owner's account.
bool beyond_bucket_policy(const Request& request);
/// Whether resource control policies take part for this action. [O-10]
bool is_covered_by_rcp(std::string_view action);
/// Whether a role ARN is that of a service-linked role. [O-9]
bool is_service_linked(std::string_view role_arn);

}  // namespace deputy::policy
