// Reports of which services a user, group, role or policy reaches, and when each was last called. This server sees every
// call, so it tells of its own services alone, and at once.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
#include <algorithm>

#include "base/time_range.h"
#include "protocol/iam/generate_service_last_accessed_details.h"
#include "protocol/iam/get_service_last_accessed_details.h"
#include "protocol/iam/get_service_last_accessed_details_with_entities.h"
#include "services/iam/access_reports.h"
#include "services/iam/arns.h"
#include "services/iam/paging.h"
#include "services/iam/service_access.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

using directory::ActionUse;
using directory::LastUse;
using directory::ServiceUse;

/// A user or role that the subject means, or that has the policy, with its uses.
struct Entity {
  std::string arn, name, path, id;
  std::string_view type;
  std::optional<LastUse> uses;
};

template <class Of>
Entity entity_of(const At& at, const Of& of, std::string_view type) {
  return {of.arn(), of.name, of.path, of.id.str(), type, at.usage.last(of.id.str())};
}

template <class Of>
bool has_policy(const Of& of, std::string_view arn) {
  return std::ranges::find(of.attached_policies, arn) != of.attached_policies.end();
}

/// Users of a group; of a policy the users, also by way of a group, and the roles that have it.
std::vector<Entity> entities_of(const At& at, const AccessSubject& subject) {
  std::vector<Entity> out;
  const AccountState& account = account_of(at);
  if (subject.user != nullptr) out.push_back(entity_of(at, *subject.user, "USER"));
  if (subject.role != nullptr) out.push_back(entity_of(at, *subject.role, "ROLE"));
  const std::string policy = subject.policy != nullptr ? subject.policy->arn() : std::string();
  if (subject.group == nullptr && policy.empty()) return out;
  account.users.each([&](const User& user) {
    const bool is_one =
        (!policy.empty() && has_policy(user, policy)) || std::ranges::any_of(user.groups, [&](const UniqueId& id) {
          if (subject.group != nullptr) return id == subject.group->id;
          const Group* group = account.groups_by_id.get(id.str());
          return group != nullptr && has_policy(*group, policy);
        });
    if (is_one) out.push_back(entity_of(at, user, "USER"));
  });
  if (!policy.empty()) {
    account.roles.each([&](const Role& role) {
      if (has_policy(role, policy)) out.push_back(entity_of(at, role, "ROLE"));
    });
  }
  return out;
}

/// Reports tell whole seconds of a use.
Time second_of(Time when) { return from_epoch_seconds(epoch_seconds(when)); }

/// The latest attempt at each action, over all entities, by name.
std::vector<shapes::TrackedActionLastAccessed> actions_of(const At& at, const std::vector<Entity>& entities,
                                                          std::string_view space) {
  std::vector<shapes::TrackedActionLastAccessed> out;
  for (const Entity& entity : entities) {
    const ServiceUse* use = use_of(entity.uses, space, at.now);
    if (use == nullptr) continue;
    for (const ActionUse& action : use->actions) {
      if (action.when + kUsesReported < at.now) continue;
      const auto place = std::ranges::lower_bound(out, action.name, {}, [](const auto& a) { return *a.action_name; });
      const bool known = place != out.end() && *place->action_name == action.name;
      if (known && *place->last_accessed_time >= second_of(action.when)) continue;
      shapes::TrackedActionLastAccessed shown{action.name, entity.arn, second_of(action.when), action.region};
      if (known) {
        *place = std::move(shown);
      } else {
        out.insert(place, std::move(shown));
      }
    }
  }
  return out;
}

shapes::ServiceLastAccessed row(const At& at, const std::vector<Entity>& entities, const KnownService& service,
                                bool with_actions) {
  shapes::ServiceLastAccessed out;
  out.service_name = service.name;
  out.service_namespace = service.space;
  std::int32_t count = 0;
  Time latest;
  for (const Entity& entity : entities) {
    const ServiceUse* use = use_of(entity.uses, service.space, at.now);
    if (use == nullptr || (count++ > 0 && use->when <= latest)) continue;
    latest = use->when;
    out.last_authenticated = second_of(use->when);
    out.last_authenticated_entity = entity.arn;
    out.last_authenticated_region = use->region;
  }
  out.total_authenticated_entities = count;
  if (with_actions) {
    if (auto actions = actions_of(at, entities, service.space); !actions.empty()) {
      out.tracked_actions_last_accessed = std::move(actions);
    }
  }
  return out;
}

template <class Output>
void fill_job(Output& out, const directory::AccessReport& report) {
  out.job_status = "COMPLETED";
  out.job_creation_date = out.job_completion_date = report.created;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html
struct GenerateServiceLastAccessedDetails : shapes::GenerateServiceLastAccessedDetails {
  static Accesses access(const At& at, const Input& in) {
    return {on_access_subject(action<"iam:GenerateServiceLastAccessedDetails">(), at, in.arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY([[maybe_unused]] const AccessSubject subject, find_access_subject(at, in.arn));
    directory::AccessReport report;
    report.subject = in.arn;
    report.actions = in.granularity == "ACTION_LEVEL";
    Outcome<Output> out;
    out.output.job_id = keep_report(at, out.changes, std::move(report));
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html
struct GetServiceLastAccessedDetails : shapes::GetServiceLastAccessedDetails {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:GetServiceLastAccessedDetails">())};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const directory::AccessReport* report, find_report(at, in.job_id, false));
    TRY(const Page page, page_of(in, "GetServiceLastAccessedDetails"));
    TRY(const AccessSubject subject, find_access_subject(at, report->subject));
    const std::vector<BoundPolicy> policies = policies_of(at, subject);
    std::vector<KnownService> reached;
    for (const KnownService& service : known_services()) {
      const auto grants = [&](const BoundPolicy& policy) { return grants_access(policy.document, service.space); };
      if (std::ranges::any_of(policies, grants)) reached.push_back(service);
    }
    const std::vector<Entity> entities = entities_of(at, subject);
    Outcome<Output> out;
    fill_job(out.output, *report);
    out.output.job_type = report->actions ? "ACTION_LEVEL" : "SERVICE_LEVEL";
    give_page(
        out.output, page, std::move(reached), [](const KnownService& service) { return std::string(service.space); },
        [&](const KnownService& service) {
          out.output.services_last_accessed.push_back(row(at, entities, service, report->actions));
        });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetailsWithEntities.html
struct GetServiceLastAccessedDetailsWithEntities : shapes::GetServiceLastAccessedDetailsWithEntities {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:GetServiceLastAccessedDetailsWithEntities">())};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const directory::AccessReport* report, find_report(at, in.job_id, false));
    TRY(const Page page, page_of(in, "GetServiceLastAccessedDetailsWithEntities"));
    TRY(const AccessSubject subject, find_access_subject(at, report->subject));
    Outcome<Output> out;
    fill_job(out.output, *report);
    // The latest first, those that never came last: a key that counts down to the time.
    const auto key = [&](const Entity& entity) {
      const ServiceUse* use = use_of(entity.uses, in.service_namespace, at.now);
      const std::int64_t down = epoch_seconds(kLastTime) - (use != nullptr ? epoch_seconds(use->when) : 0);
      const std::string digits = std::to_string(down);
      return std::string(12 - digits.size(), '0') + digits + '/' + entity.id;
    };
    give_page(out.output, page, entities_of(at, subject), key, [&](const Entity& entity) {
      auto& shown = out.output.entity_details_list.emplace_back();
      shown.entity_info = {entity.arn, entity.name, std::string(entity.type), entity.id, entity.path};
      const ServiceUse* use = use_of(entity.uses, in.service_namespace, at.now);
      if (use != nullptr) shown.last_authenticated = second_of(use->when);
    });
    return out;
  }
};

}  // namespace

std::span<const Binding> last_access_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<GenerateServiceLastAccessedDetails>(),
      bind<GetServiceLastAccessedDetails>(),
      bind<GetServiceLastAccessedDetailsWithEntities>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
