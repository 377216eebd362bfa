// Closing accounts: nobody of a closed one is let in any more, nobody becomes a role of it, and it stays in its
// organization. What AWS does after 90 days is the operator's here: deputy account delete.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_close.html
#include <algorithm>

#include "directory/changes.h"
#include "protocol/organizations/close_account.h"
#include "services/organizations/errors.h"
#include "services/organizations/standing.h"
#include "services/organizations/table.h"

namespace deputy::organizations {
namespace {

/// Accounts that may be closed in 30 days: a fifth of them, but no fewer than the first figure and no more than the
/// second. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
constexpr std::uint32_t kLeast = 250, kMost = 1'000;
constexpr std::chrono::hours kCounted{30 * 24};

/// Error: ConstraintViolationException.
Result<void> check_quota(const At& at, const OrganizationState& in) {
  std::uint32_t closed = 0;
  in.members.each([&](const Membership& member) {
    const directory::AccountState* state = at.snapshot.account(member.account);
    if (state == nullptr || !state->account.suspended) return;
    closed += state->account.suspended_since + kCounted > at.now ? 1U : 0U;
  });
  if (closed >= std::clamp(in.organization.accounts / 5, kLeast, kMost)) return errors::too_many_closures();
  return {};
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html
struct CloseAccount : shapes::CloseAccount {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_id("organizations:CloseAccount", at, in.account_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_management(at));
    TRY(const Membership* member, find_member(standing, in.account_id));
    if (standing.in->is_management(member->account)) return errors::cannot_close_management_account();
    const directory::AccountState* state = at.snapshot.account(member->account);
    if (state == nullptr || state->damaged) return errors::no_such_account();
    if (state->account.closed || state->account.suspended) return errors::account_already_closed();
    TRY_VOID(check_quota(at, *standing.in));
    directory::Account account = state->account;
    account.suspended = true;
    account.suspended_since = at.now;
    Outcome<Output> out;
    out.changes.update(account);
    out.changes.require_unchanged(*member);  // it has not left meanwhile
    return out;
  }
};

}  // namespace

std::span<const Binding> account_closing_bindings() {
  static constexpr Binding kBindings[] = {bind<CloseAccount>()};
  return kBindings;
}

}  // namespace deputy::organizations
