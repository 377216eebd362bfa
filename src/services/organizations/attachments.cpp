// Attaching policies to the root, units and accounts.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_policies_attach.html
#include <algorithm>

#include "protocol/organizations/attach_policy.h"
#include "protocol/organizations/detach_policy.h"
#include "protocol/organizations/list_policies_for_target.h"
#include "protocol/organizations/list_targets_for_policy.h"
#include "services/organizations/errors.h"
#include "services/organizations/paging.h"
#include "services/organizations/places.h"
#include "services/organizations/policies.h"
#include "services/organizations/policy_types.h"

namespace deputy::organizations {

using directory::AttachedPolicies;
using directory::PolicyType;

namespace {

/// What policies are attached to.
struct Target {
  const Organization* root = nullptr;        // one of the three
  const OrganizationalUnit* unit = nullptr;  //
  const Membership* member = nullptr;        //

  [[nodiscard]] const std::vector<AttachedPolicies>& recorded() const {
    return root != nullptr ? root->attached : unit != nullptr ? unit->attached : member->attached;
  }

  /// It gets these, of that type.
  void set(directory::Changes& changes, const Organization& organization, PolicyType type,
           std::vector<std::string> policies) const {
    const auto write = [&](auto entity) {
      set_attached(organization, entity.attached, type, std::move(policies));
      changes.update(entity);
    };
    if (root != nullptr) return write(*root);
    if (unit != nullptr) return write(*unit);
    write(*member);
  }
};

/// Error: TargetNotFoundException.
Result<Target> find_target(const Standing& standing, std::string_view id) {
  Target target;
  if (id == standing.organization().root) {
    target.root = &standing.organization();
  } else if (const OrganizationalUnit* unit = standing.in->units.get(id)) {
    target.unit = unit;
  } else if (const Membership* member = standing.in->members.get(id)) {
    target.member = member;
  } else {
    return errors::no_such_target();
  }
  return target;
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html
struct AttachPolicy : shapes::AttachPolicy {
  static constexpr std::string_view kAction = "organizations:AttachPolicy";

  static Result<Accesses> access(const At& at, const Input& in) {
    return for_type_of(on_ids(kAction, at, {in.policy_id, in.target_id}), at, in.policy_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, kAction));
    TRY(const PolicyPtr policy, find_policy(standing, in.policy_id));
    TRY(const Target target, find_target(standing, in.target_id));
    const Organization& organization = standing.organization();
    if (organization.enabled(policy->type) == nullptr) return errors::policy_type_not_enabled();
    std::vector<std::string> ids = attached(organization, target.recorded(), policy->type);
    if (std::find(ids.begin(), ids.end(), policy->id) != ids.end()) return errors::duplicate_attachment();
    if (ids.size() >= facts_of(policy->type).most_attached) return errors::too_many_attached();
    ids.push_back(policy->id);
    Outcome<Output> out;
    target.set(out.changes, organization, policy->type, std::move(ids));
    if (!policy->is_aws()) out.changes.update(*policy);  // so that it is not deleted at the same time
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DetachPolicy.html
struct DetachPolicy : shapes::DetachPolicy {
  static constexpr std::string_view kAction = "organizations:DetachPolicy";

  static Result<Accesses> access(const At& at, const Input& in) {
    return for_type_of(on_ids(kAction, at, {in.policy_id, in.target_id}), at, in.policy_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, kAction));
    TRY(const Target target, find_target(standing, in.target_id));
    TRY(const PolicyType type, type_of(standing, target, in.policy_id));
    std::vector<std::string> ids = attached(standing.organization(), target.recorded(), type);
    const auto at_id = std::find(ids.begin(), ids.end(), in.policy_id);
    if (at_id == ids.end()) return errors::policy_not_attached();
    const auto& everywhere = directory::full_access(PolicyType::kResourceControl);
    if (in.policy_id == everywhere->id) return errors::not_detachable();
    if (ids.size() <= facts_of(type).least_attached) return errors::last_attached();
    ids.erase(at_id);
    Outcome<Output> out;
    target.set(out.changes, standing.organization(), type, std::move(ids));
    return out;
  }

 private:
  /// Of one that is attached but not there, too: the operator may have removed what could not be read.
  /// Error: PolicyNotFoundException.
  static Result<PolicyType> type_of(const Standing& standing, const Target& target, const std::string& id) {
    if (const PolicyPtr policy = standing.in->shared_policy(id)) return policy->type;
    for (const AttachedPolicies& each : target.recorded()) {
      if (std::find(each.policies.begin(), each.policies.end(), id) != each.policies.end()) return each.type;
    }
    return errors::no_such_policy();
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPoliciesForTarget.html
struct ListPoliciesForTarget : shapes::ListPoliciesForTarget {
  static Result<Accesses> access(const At& at, const Input& in) {
    return for_policy_type(on_id("organizations:ListPoliciesForTarget", at, in.target_id), in.filter);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:ListPoliciesForTarget"));
    TRY(const Page page, page_of(in, "ListPoliciesForTarget"));
    TRY(const PolicyType type, policy_type_of(in.filter));
    TRY(const Target target, find_target(standing, in.target_id));
    directory::SortedMap<OrganizationPolicy> here;
    for (const std::string& id : attached(standing.organization(), target.recorded(), type)) {
      if (auto policy = standing.in->shared_policy(id)) here.put(id, std::move(policy));
    }
    Outcome<Output> out;
    auto& policies = out.output.policies.emplace();
    give_page(out.output, page, here, kEvery, [&](const OrganizationPolicy& policy) {
      policies.push_back(shown_summary(standing.organization(), policy));
    });
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListTargetsForPolicy.html
struct ListTargetsForPolicy : shapes::ListTargetsForPolicy {
  static Result<Accesses> access(const At& at, const Input& in) {
    return for_type_of(on_id("organizations:ListTargetsForPolicy", at, in.policy_id), at, in.policy_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:ListTargetsForPolicy"));
    TRY(const Page page, page_of(in, "ListTargetsForPolicy"));
    TRY(const PolicyPtr policy, find_policy(standing, in.policy_id));
    Outcome<Output> out;
    auto& shown = out.output.targets.emplace();
    give_page(
        out.output, page, PolicyTargets(*standing.in),
        [&](const PolicyTarget& target) { return is_attached(*policy, target, standing.organization()); },
        [&](const PolicyTarget& target) { shown.push_back(summary(at, standing, target)); });
    return out;
  }

 private:
  static shapes::PolicyTargetSummary summary(const At& at, const Standing& standing, const PolicyTarget& target) {
    shapes::PolicyTargetSummary out;
    const std::string_view id = target.id;
    out.target_id = std::string(id);
    out.type = target.type;
    const Organization& organization = standing.organization();
    if (id == organization.root) {
      out.arn = organization.root_arn();
      out.name = "Root";
    } else if (const OrganizationalUnit* unit = standing.in->units.get(id)) {
      out.arn = unit->arn(organization.management);
      out.name = unit->name;
    } else if (const auto account = AccountId::parse(id)) {
      out.arn = organization.account_arn(*account);
      if (const auto* state = at.snapshot.account(*account)) out.name = state->account.name;
    }
    return out;
  }
};

}  // namespace

std::span<const Binding> attachment_bindings() {
  static constexpr Binding kBindings[] = {
      bind<AttachPolicy>(),
      bind<DetachPolicy>(),
      bind<ListPoliciesForTarget>(),
      bind<ListTargetsForPolicy>(),
  };
  return kBindings;
}

}  // namespace deputy::organizations
