// Accounts that an organization makes for itself.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_create.html
//
// AWS takes a while, so clients ask with DescribeCreateAccountStatus until it is done. Here the account is there with
// the first answer, which nevertheless says IN_PROGRESS, as AWS's does: the status that is kept says how it went. A
// new account's root user has no credentials; the way in is a role that trusts the management account.
#include "base/arn.h"
#include "directory/membership.h"
#include "protocol/organizations/create_account.h"
#include "protocol/organizations/describe_create_account_status.h"
#include "protocol/organizations/list_create_account_status.h"
#include "services/account_ids.h"
#include "services/organizations/accounts.h"
#include "services/organizations/errors.h"
#include "services/organizations/paging.h"
#include "services/organizations/tags.h"

namespace deputy::organizations {
namespace {

using directory::AccountCreation;

constexpr std::chrono::hours kShownFor{90 * 24};  // ours

/// The status as it is, or as it was the moment it was asked for.
shapes::CreateAccountStatus shown(const AccountCreation& creation, bool done) {
  shapes::CreateAccountStatus out;
  out.id = creation.id;
  out.account_name = creation.name;
  out.requested_timestamp = creation.requested;
  out.state = "IN_PROGRESS";
  if (!done) return out;
  out.completed_timestamp = creation.requested;
  out.state = creation.failure.empty() ? "SUCCEEDED" : "FAILED";
  if (creation.failure.empty()) {
    out.account_id = creation.account.str();
  } else {
    out.failure_reason = creation.failure;
  }
  return out;
}

/// Errors: ConstraintViolationException.
Result<void> check_limits(const At& at, const OrganizationState& in) {
  TRY_VOID(check_place(at, in));
  if (at.snapshot.count_tenant_accounts() >= at.account_limits.made_by_tenants) return errors::too_many_accounts();
  if (asked_today(at, in.creations) >= at.account_limits.a_day()) return errors::too_many_creations();
  return {};
}

/// Whoever counts at the same time, or looks for the same email, conflicts.
void take_place(const At& at, directory::Changes& changes) {
  directory::TenantAccounts accounts = at.snapshot.tenant_accounts();
  accounts.made = static_cast<std::uint32_t>(at.snapshot.count_tenant_accounts()) + 1;
  accounts.revision == 0 ? changes.create(accounts) : changes.update(accounts);
}

/// The role by which the management account gets in.
/// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access-cross-account-role.html
directory::Role access_role(const At& at, const AccountId& account, const std::optional<std::string>& name) {
  directory::Role role;
  role.account = account;
  role.id = crypto::make_unique_id(at.entropy, "AROA");
  role.path = "/";
  role.name = name.value_or("OrganizationAccountAccessRole");
  role.created = at.now;
  role.trust = directory::PolicyText(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":")" +
                                     root_arn(at.caller.account_id()) + R"("},"Action":"sts:AssumeRole"}]})");
  role.attached_policies = {"arn:aws:iam::aws:policy/AdministratorAccess"};
  return role;
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html
struct CreateAccount : shapes::CreateAccount {
  static Result<Accesses> access(const At&, const Input& in) {
    return with_tags(on_everything("organizations:CreateAccount"), in.tags);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_management(at));
    TRY(directory::Tags tags, merge_tags({}, in.tags));
    TRY_VOID(check_limits(at, *standing.in));
    AccountCreation creation;
    creation.id = crypto::make_lower_id(at.entropy, "car-", 32);
    creation.organization = standing.organization().id;
    creation.name = in.account_name;
    creation.requested = at.now;

    Outcome<Output> out;
    if (!at.snapshot.accounts_with_email(in.email).empty()) {
      creation.failure = "EMAIL_ALREADY_EXISTS";
      out.changes.update(standing.organization());  // two who count the requests of a day at once conflict
    } else {
      directory::Account account;
      account.id = creation.account = services::draw_account_id(at);
      account.generation = crypto::make_unique_id(at.entropy, "ACCT");
      account.name = in.account_name;
      account.email = in.email;
      account.created = at.now;
      account.made_by = standing.organization().id;
      take_place(at, out.changes);
      out.changes.create(account);
      out.changes.create(access_role(at, account.id, in.role_name));
      Membership member = membership(at, standing.organization(), account.id, true);
      member.tags = std::move(tags);
      directory::join(out.changes, standing.organization(), member);
    }
    out.changes.create(creation);
    forget_some(out.changes, standing.in->creations,
                [&](const AccountCreation& old) { return at.now >= old.requested + kShownFor; });
    out.output.create_account_status = shown(creation, false);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeCreateAccountStatus.html
struct DescribeCreateAccountStatus : shapes::DescribeCreateAccountStatus {
  static Result<Accesses> access(const At&, const Input&) {
    return on_everything("organizations:DescribeCreateAccountStatus");
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:DescribeCreateAccountStatus"));
    const AccountCreation* creation = standing.in->creations.get(in.create_account_request_id);
    if (creation == nullptr) return errors::no_such_creation();
    Outcome<Output> out;
    out.output.create_account_status = shown(*creation, true);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListCreateAccountStatus.html
struct ListCreateAccountStatus : shapes::ListCreateAccountStatus {
  static Result<Accesses> access(const At&, const Input&) {
    return on_everything("organizations:ListCreateAccountStatus");
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:ListCreateAccountStatus"));
    TRY(const Page page, page_of(in, "ListCreateAccountStatus"));
    const auto wants = [&](std::string_view state) {
      return in.states.empty() || std::find(in.states.begin(), in.states.end(), state) != in.states.end();
    };
    const bool succeeded = wants("SUCCEEDED"), failed = wants("FAILED");
    const auto is_wanted = [&](const AccountCreation& creation) {
      return creation.failure.empty() ? succeeded : failed;
    };
    Outcome<Output> out;
    auto& statuses = out.output.create_account_statuses.emplace();
    give_page(out.output, page, standing.in->creations, is_wanted,
              [&](const AccountCreation& creation) { statuses.push_back(shown(creation, true)); });
    return out;
  }
};

}  // namespace

std::span<const Binding> account_creation_bindings() {
  static constexpr Binding kBindings[] = {
      bind<CreateAccount>(),
      bind<DescribeCreateAccountStatus>(),
      bind<ListCreateAccountStatus>(),
  };
  return kBindings;
}

}  // namespace deputy::organizations
