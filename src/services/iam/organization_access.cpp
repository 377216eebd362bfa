// The same report over an organization: which services its accounts call, for its management account.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-view-data-orgs.html
#include <algorithm>

#include "protocol/iam/generate_organizations_access_report.h"
#include "protocol/iam/get_organizations_access_report.h"
#include "services/iam/access_reports.h"
#include "services/iam/arns.h"
#include "services/iam/paging.h"
#include "services/iam/service_access.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

using directory::OrganizationState;
using directory::ServiceUse;

/// The organization whose management account calls. Error: AccessDenied.
Result<const OrganizationState*> managed_organization(const At& at) {
  const OrganizationState* organization = at.snapshot.organization_of(account_of(at));
  if (organization == nullptr || !organization->is_management(at.caller.account_id())) {
    return errors::not_the_management_account();
  }
  return organization;
}

/// The accounts under a path: the root's are all, an account's is one; nothing if the path leads nowhere.
std::vector<const AccountState*> accounts_under(const At& at, const OrganizationState& organization,
                                                std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  std::vector<const AccountState*> out;
  const std::string root = organization.organization.id + "/" + organization.organization.root;
  const bool all = path == root;
  organization.members.each([&](const directory::Membership& member) {
    if (!all && path != organization.path_of(member) + member.account.str()) return;
    if (const AccountState* account = at.snapshot.account(member.account)) out.push_back(account);
  });
  return out;
}

shapes::AccessDetail row(const At& at, const OrganizationState& organization,
                         const std::vector<const AccountState*>& accounts, const KnownService& service) {
  shapes::AccessDetail out;
  out.service_name = service.name;
  out.service_namespace = service.space;
  std::int32_t count = 0;
  Time latest;
  for (const AccountState* account : accounts) {
    bool called = false;
    const auto look = [&](const auto& entity) {
      const auto uses = at.usage.last(entity.id.str());
      const ServiceUse* use = use_of(uses, service.space, at.now);
      if (use == nullptr) return;
      called = true;
      if (out.last_authenticated_time && use->when <= latest) return;
      latest = use->when;
      out.last_authenticated_time = from_epoch_seconds(epoch_seconds(use->when));
      out.region = use->region;
      out.entity_path = organization.path_of(*account->membership) + account->account.id.str();
    };
    account->users.each(look);
    account->roles.each(look);
    count += called ? 1 : 0;
  }
  out.total_authenticated_entities = count;
  return out;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateOrganizationsAccessReport.html
struct GenerateOrganizationsAccessReport : shapes::GenerateOrganizationsAccessReport {
  static Accesses access(const At& at, const Input& in) {
    // "arn:aws:iam::111111111111:access-report/o-a1b2c3d4e5/r-ab12/…"
    return {
        on_new(action<"iam:GenerateOrganizationsAccessReport">(), at, "access-report", std::nullopt, in.entity_path)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const OrganizationState* organization, managed_organization(at));
    if (in.organizations_policy_id) return errors::member_not_implemented("OrganizationsPolicyId", model.name);
    if (accounts_under(at, *organization, in.entity_path).empty()) return errors::not_the_management_account();
    directory::AccessReport report;
    report.subject = in.entity_path;
    report.organization = true;
    Outcome<Output> out;
    out.output.job_id = keep_report(at, out.changes, std::move(report));
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOrganizationsAccessReport.html
struct GetOrganizationsAccessReport : shapes::GetOrganizationsAccessReport {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:GetOrganizationsAccessReport">())};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const directory::AccessReport* report, find_report(at, in.job_id, true));
    TRY(const OrganizationState* organization, managed_organization(at));
    TRY(const Page page, page_of(in, "GetOrganizationsAccessReport"));
    const auto accounts = accounts_under(at, *organization, report->subject);
    std::vector<shapes::AccessDetail> rows;
    for (const KnownService& service : known_services()) rows.push_back(row(at, *organization, accounts, service));
    const auto unused = std::ranges::count_if(rows, [](const auto& r) { return !r.last_authenticated_time; });
    Outcome<Output> out;
    out.output.job_status = "COMPLETED";
    out.output.job_creation_date = report->created;
    out.output.job_completion_date = report->created;
    // No policy of the organization keeps a service from its accounts here.
    out.output.number_of_services_accessible = static_cast<std::int32_t>(rows.size());
    out.output.number_of_services_not_accessed = static_cast<std::int32_t>(unused);
    sort(rows, in.sort_key.value_or("SERVICE_NAMESPACE_ASCENDING"));
    auto& list = out.output.access_details.emplace();
    // Four rows: a page holds them all, or begins behind the one that the Marker names.
    auto at_row = rows.begin();
    if (!page.after.empty()) {
      at_row = std::ranges::find(rows, page.after, &shapes::AccessDetail::service_namespace);
      if (at_row == rows.end()) return errors::invalid_marker();
      ++at_row;
    }
    for (; at_row != rows.end() && list.size() < page.limit; ++at_row) list.push_back(*at_row);
    finish_page(out.output, page, at_row != rows.end(), list.empty() ? "" : list.back().service_namespace);
    return out;
  }

  static void sort(std::vector<shapes::AccessDetail>& rows, std::string_view key) {
    if (key.starts_with("LAST_AUTHENTICATED")) {
      std::ranges::stable_sort(rows, {}, [](const auto& r) { return r.last_authenticated_time.value_or(Time()); });
    }
    if (key.ends_with("DESCENDING")) std::ranges::reverse(rows);
  }
};

}  // namespace

std::span<const Binding> organization_access_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<GenerateOrganizationsAccessReport>(),
      bind<GetOrganizationsAccessReport>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
