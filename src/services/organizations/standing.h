// What the caller's account is to its organization: most operations are the management account's alone, reading is also
// a delegated administrator's, and any member may ask in what it is (docs/wire.md, 8). Policies are asked before.
//
//   TRY(const Standing standing, as_management(at));
//   Organization after = standing.organization();
#pragma once

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
/// The management account or a delegated administrator of any service.
Result<Standing> as_reader(const At& at);

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
/// On an account of the caller's organization.
Accesses on_account(std::string_view action, const At& at, std::string_view account);
/// On the root, or whatever else the text names.
Accesses on_parent(std::string_view action, const At& at, std::string_view parent);

/// organizations:ServicePrincipal.
Accesses for_service(Accesses accesses, std::string_view principal);

}  // namespace deputy::organizations
