// Gathers the policies that bind a caller: identity policies, boundary, session policies. [E-2]
#pragma once

#include <vector>

#include "authz/access.h"
#include "base/error.h"
#include "base/result.h"
#include "directory/caller.h"

namespace deputy::authz {

/// The caller's side of a decision. Reusable: one a thread; filled anew for each request. Borrows from the snapshot.
class CallerPolicies {
 public:
  /// Fails closed: a policy that is attached but cannot be found, or a group, might hold a Deny.
  Result<void> gather(const directory::Caller& caller, const directory::Snapshot& snapshot);

  [[nodiscard]] const std::vector<const policy::CompiledPolicy*>& identity() const { return identity_; }
  [[nodiscard]] const policy::CompiledPolicy* boundary() const { return boundary_; }
  /// Nothing: no session policy was passed. [S-2]
  [[nodiscard]] std::optional<policy::Policies::Set> session() const;

 private:
  template <class Entity>
  Result<void> gather_from(const Entity& entity, const directory::Snapshot& snapshot);
  Result<const policy::CompiledPolicy*> managed(std::string_view arn, const directory::Snapshot& snapshot) const;

  std::vector<const policy::CompiledPolicy*> identity_, session_;
  const policy::CompiledPolicy* boundary_ = nullptr;
  bool has_session_ = false;
};

}  // namespace deputy::authz
