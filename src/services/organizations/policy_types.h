// What AWS says of each type of policy: how large a document may be, how many may be attached, what it is called in its
// own text. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html (October 2026)
//
//   if (attached.size() == facts_of(policy.type).most_attached) return errors::too_many_attached();
#pragma once

#include <cstddef>
#include <string_view>

#include "directory/organization.h"

namespace deputy::organizations {

struct PolicyTypeFacts {
  directory::PolicyType type = directory::PolicyType::kServiceControl;
  std::size_t most_characters = 10'000;  // of the document as it was sent, white space included
  std::size_t most_attached = 10;        // to the root, a unit or an account
  std::size_t least_attached = 0;        // while the type is on
  std::size_t most_policies = 1'000;     // in the organization
  /// The one key at the top of its documents; empty: they are policies of IAM's language, which decide about requests.
  std::string_view top_key = {};
  /// The service that must have trusted access before the type is turned on, and keeps it until it is off; empty: none.
  std::string_view service_principal = {};

  /// Whether what an account inherits is merged into one document (DescribeEffectivePolicy).
  [[nodiscard]] bool has_effective() const { return !top_key.empty(); }
};

const PolicyTypeFacts& facts_of(directory::PolicyType type);

}  // namespace deputy::organizations
