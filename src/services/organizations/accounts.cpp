// The accounts of an organization: listing them, and leaving it.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts.html
#include "services/organizations/accounts.h"

#include "directory/membership.h"
#include "protocol/organizations/describe_account.h"
#include "protocol/organizations/leave_organization.h"
#include "protocol/organizations/list_accounts.h"
#include "protocol/organizations/remove_account_from_organization.h"
#include "services/organizations/errors.h"
#include "services/organizations/paging.h"

namespace deputy::organizations {

shapes::Account shown(const At& at, const OrganizationState& in, const Membership& member) {
  shapes::Account out;
  out.id = member.account.str();
  out.arn = in.organization.account_arn(member.account);
  if (const auto* state = at.snapshot.account(member.account)) {
    const directory::Account& account = state->account;
    if (!account.email.empty()) out.email = account.email;
    out.name = account.name;
    out.status = account.suspended ? "SUSPENDED" : account.closed ? "PENDING_CLOSURE" : "ACTIVE";
    out.state = account.suspended ? "CLOSED" : out.status;
  }
  out.paths.emplace().push_back(in.path_of(member) + member.account.str() + "/");
  out.joined_method = member.created ? "CREATED" : "INVITED";
  out.joined_timestamp = member.joined;
  return out;
}

Membership membership(const At& at, const Organization& organization, const AccountId& account, bool created) {
  Membership member;
  member.account = account;
  member.organization = organization.id;
  member.created = created;
  member.joined = at.now;
  return member;
}

bool is_open(const directory::Handshake& handshake, Time now) {
  return handshake.state == directory::Handshake::State::kOpen && now < handshake.expires;
}

Result<void> check_place(const At& at, const OrganizationState& in) {
  std::uint32_t taken = in.organization.accounts;
  in.handshakes.each([&](const directory::Handshake& handshake) {
    taken += handshake.action == directory::Handshake::Action::kInvite && is_open(handshake, at.now) ? 1U : 0U;
  });
  if (taken >= at.account_limits.in_organization) return errors::too_many_accounts();
  return {};
}

namespace {

/// Errors: MasterCannotLeaveOrganizationException, ConstraintViolationException.
Result<void> check_may_leave(const OrganizationState& in, const Membership& member) {
  if (in.is_management(member.account)) return errors::master_cannot_leave();
  if (member.delegations.empty()) return {};
  return errors::cannot_remove_delegated_administrator();
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
struct ListAccounts : shapes::ListAccounts {
  static Result<Accesses> access(const At&, const Input&) { return on_everything("organizations:ListAccounts"); }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:ListAccounts"));
    TRY(const Page page, page_of(in, "ListAccounts"));
    Outcome<Output> out;
    auto& accounts = out.output.accounts.emplace();
    give_page(out.output, page, standing.in->members, kEvery,
              [&](const Membership& member) { accounts.push_back(shown(at, *standing.in, member)); });
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeAccount.html
struct DescribeAccount : shapes::DescribeAccount {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_id("organizations:DescribeAccount", at, in.account_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:DescribeAccount"));
    TRY(const Membership* member, find_member(standing, in.account_id));
    Outcome<Output> out;
    out.output.account = shown(at, *standing.in, *member);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_RemoveAccountFromOrganization.html
struct RemoveAccountFromOrganization : shapes::RemoveAccountFromOrganization {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_id("organizations:RemoveAccountFromOrganization", at, in.account_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_management(at));
    TRY(const Membership* member, find_member(standing, in.account_id));
    TRY_VOID(check_may_leave(*standing.in, *member));
    Outcome<Output> out;
    directory::leave(out.changes, standing.organization(), *member);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_LeaveOrganization.html
struct LeaveOrganization : shapes::LeaveOrganization {
  static Result<Accesses> access(const At&, const Input&) { return on_everything("organizations:LeaveOrganization"); }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    TRY(const Standing standing, as_member(at));
    TRY_VOID(check_may_leave(*standing.in, *standing.member));
    Outcome<Output> out;
    directory::leave(out.changes, standing.organization(), *standing.member);
    return out;
  }
};

}  // namespace

std::span<const Binding> account_bindings() {
  static constexpr Binding kBindings[] = {
      bind<ListAccounts>(),
      bind<DescribeAccount>(),
      bind<RemoveAccountFromOrganization>(),
      bind<LeaveOrganization>(),
  };
  return kBindings;
}

}  // namespace deputy::organizations
