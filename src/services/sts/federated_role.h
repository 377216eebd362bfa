// What AssumeRoleWithWebIdentity and AssumeRoleWithSAML share: a caller whom an identity provider vouches for becomes a
// role. Only the trust policy (and RCPs) decide. [T-13]
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/sts/role_session.h"

namespace deputy::sts {

/// Every permission such a call needs; tags and a source identity of the assertion are permissions of their own.
/// `action`: "sts:AssumeRoleWithWebIdentity". A role that does not exist is asked for like one that trusts nobody.
/// Error: InvalidParameterValue (tags).
Result<services::Accesses> federated_accesses(const services::At& at, std::string_view action,
                                              const std::string& role_arn, const std::string& session_name);

/// What such a call asks of its session.
struct FederatedRequest {
  std::string session_name;
  std::int32_t seconds;
  const std::optional<std::string>& policy;
  const std::vector<shapes::PolicyDescriptorType>& policy_arns;
  directory::NamedKeys lasting_keys;  // that later requests carry [K-12, K-13]
  std::optional<std::int32_t> least_token_size;
};

/// Errors: ValidationError (duration), MalformedPolicyDocument, PackedPolicyTooLarge.
Result<RoleAnswer> assume_federated(const services::At& at, const directory::Role& role, FederatedRequest request);

}  // namespace deputy::sts
