// What the caller's account is to its organization: most operations are the management account's alone, reading is also
// a delegated administrator's, and any member may ask in what it is (docs/wire.md, 8). Policies are asked before.
//
//   TRY(const Standing standing, as_management(at));
//   Organization after = standing.organization();
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "policy/request.h"
#include "services/organizations/table.h"

namespace deputy::organizations {

using directory::Membership;
using directory::Organization;
using directory::OrganizationState;

struct Standing {
  const OrganizationState* in = nullptr;  // never null
  const Membership* member = nullptr;     // of the caller's account
  [[nodiscard]] const Organization& organization() const { return in->organization; }
  [[nodiscard]] bool is_management() const { return in->is_management(member->account); }
};

/// Any member. Error: AWSOrganizationsNotInUseException.
Result<Standing> as_member(const At& at);
/// Errors: also AccessDeniedException.
Result<Standing> as_management(const At& at);

/// Whoever has a way to `action` (delegation.h): what may be delegated of changing policies and of seeing all. That the
/// resource policy allows it, where that is the way, was asked when it was decided.
Result<Standing> as_delegate(const At& at, std::string_view action);

/// The member that an account id names. Error: AccountNotFoundException.
Result<const Membership*> find_member(const Standing& standing, std::string_view account);

/// The organization of the caller; null: none.
inline const OrganizationState* organization_of(const At& at) {
  return at.snapshot.organization_of(*at.caller.account);
}

/// One permission on "*".
Accesses on_everything(std::string_view action);
/// On an ARN of the organization. The organization's resources answer to the policies of whoever may call at all, so
/// they count as of the caller's account.
Accesses on_arn(std::string_view action, std::string arn);
/// On what an id names: the root, a unit, an account, a policy, whether it is there or not; "*" where its ARN cannot be
/// told. Carries its tags.
Accesses on_id(std::string_view action, const At& at, std::string_view id);
/// On several of these, one permission each.
Accesses on_ids(std::string_view action, const At& at, std::initializer_list<std::string_view> ids);

/// organizations:PolicyType, of each.
Accesses for_policy_type(Accesses accesses, std::string_view type);
/// The same, of the type of the policy that an id names; without the key if there is none.
Accesses for_type_of(Accesses accesses, const At& at, std::string_view policy);
/// organizations:ServicePrincipal.
Accesses for_service(Accesses accesses, std::string_view principal);

}  // namespace deputy::organizations
