// Gathers the policies that bind a caller: identity policies, boundary, session policies. [E-2]
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "authz/access.h"
#include "base/error.h"
#include "base/result.h"
#include "directory/caller.h"
#include "directory/policies.h"

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
  /// What GetScopedCredentials narrowed the session to: policies of which each must allow. [S-6]
  [[nodiscard]] const std::vector<const policy::CompiledPolicy*>& scopes() const { return scopes_; }

  /// Where the policy comes from that is number `number` of identity(), of session(), or the boundary (0): found by
  /// walking again, so that who is allowed pays nothing for it. Nothing: it hangs on no entity (allow_everything()).
  static std::optional<directory::PolicyOrigin> origin(const directory::Caller& caller,
                                                       const directory::Snapshot& snapshot, policy::Layer layer,
                                                       std::uint32_t number);

 private:
  std::vector<const policy::CompiledPolicy*> identity_, session_, scopes_;
  const policy::CompiledPolicy* boundary_ = nullptr;
  bool has_session_ = false;
};

/// One policy that allows everything: what an account adds that allows something itself (Access::account_allows), and
/// what the policies of root tasks leave, which only deny.
const policy::CompiledPolicy* allow_everything();

}  // namespace deputy::authz
