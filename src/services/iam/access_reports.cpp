#include "services/iam/access_reports.h"

#include <algorithm>

namespace deputy::iam {
namespace {

/// A user is known by its id, whatever it is called tomorrow; who has temporary credentials, by these.
std::string maker_of(const At& at) {
  if (at.caller.is_temporary()) return at.caller.access_key_id;
  return at.caller.user != nullptr ? at.caller.user->id.str() : at.caller.account_id().str();
}

}  // namespace

std::string keep_report(const At& at, directory::Changes& changes, directory::AccessReport report) {
  directory::Account account = account_of(at).account;
  report.id = crypto::make_uuid(at.entropy);
  report.maker = maker_of(at);
  report.created = at.now;
  auto& reports = account.access_reports;
  if (reports.size() >= quotas::kAccessReports) {
    reports.erase(reports.begin(), reports.end() - static_cast<std::ptrdiff_t>(quotas::kAccessReports - 1));
  }
  reports.push_back(report);
  changes.update(account);
  return report.id;
}

Result<const directory::AccessReport*> find_report(const At& at, std::string_view job, bool organization) {
  const auto& reports = account_of(at).account.access_reports;
  const auto found = std::ranges::find(reports, job, &directory::AccessReport::id);
  if (found == reports.end() || found->maker != maker_of(at) || found->organization != organization) {
    return errors::no_such_access_report(job);
  }
  return &*found;
}

const directory::ServiceUse* use_of(const std::optional<directory::LastUse>& uses, std::string_view space, Time now) {
  if (!uses) return nullptr;
  const auto found = std::ranges::find(uses->services, space, &directory::ServiceUse::name);
  return found == uses->services.end() || found->when + kUsesReported < now ? nullptr : &*found;
}

}  // namespace deputy::iam
