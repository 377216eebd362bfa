// How often an account uses a managed policy: AttachmentCount and PermissionsBoundaryUsageCount.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "directory/snapshot.h"

namespace deputy::iam {

struct Uses {
  std::int32_t attachments = 0, boundaries = 0;
};

/// A customer managed policy counts its uses itself, as the guard against deleting it under somebody. AWS's are shared
/// by all accounts, so the account is looked through for them: once, when the first is asked for.
class PolicyUses {
 public:
  explicit PolicyUses(const directory::AccountState& account) : account_(account) {}

  Uses of(const directory::ManagedPolicy& policy);

 private:
  void look_through();

  const directory::AccountState& account_;
  bool looked_through_ = false;
  std::unordered_map<std::string, Uses> of_aws_;  // by ARN
};

}  // namespace deputy::iam
