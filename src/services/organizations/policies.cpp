// Making, changing and seeing policies of an organization.
#include "services/organizations/policies.h"

#include <algorithm>

#include "crypto/random.h"
#include "protocol/organizations/create_policy.h"
#include "protocol/organizations/delete_policy.h"
#include "protocol/organizations/describe_policy.h"
#include "protocol/organizations/list_policies.h"
#include "protocol/organizations/update_policy.h"
#include "services/organizations/errors.h"
#include "services/organizations/paging.h"
#include "services/organizations/policy_content.h"
#include "services/organizations/policy_types.h"
#include "services/organizations/tags.h"

namespace deputy::organizations {

using directory::PolicyType;

Result<PolicyType> policy_type_of(std::string_view name) {
  const auto type = directory::policy_type(name);
  if (!type) return errors::unknown_policy_type();
  return *type;
}

Result<PolicyPtr> find_policy(const Standing& standing, std::string_view id) {
  auto policy = standing.in->shared_policy(id);
  if (policy == nullptr) return errors::no_such_policy();
  return policy;
}

shapes::PolicySummary shown_summary(const Organization& organization, const OrganizationPolicy& policy) {
  shapes::PolicySummary out;
  out.id = policy.id;
  out.arn = policy.arn(organization.management);
  out.name = policy.name;
  out.description = policy.description;
  out.type = std::string(name_of(policy.type));
  out.aws_managed = policy.is_aws();
  return out;
}

bool is_attached(const OrganizationPolicy& policy, const PolicyTarget& target, const Organization& organization) {
  const auto& ids = attached(organization, target.attached, policy.type);
  return std::find(ids.begin(), ids.end(), policy.id) != ids.end();
}

namespace {

shapes::Policy shown(const Organization& organization, const OrganizationPolicy& policy) {
  return {shown_summary(organization, policy), policy.content()};
}

void set_content(OrganizationPolicy& policy, const std::string& content) {
  switch (policy.type) {
    case PolicyType::kServiceControl:
      policy.service_control = directory::PolicyText(content);
      break;
    case PolicyType::kResourceControl:
      policy.resource_control = directory::PolicyText(content);
      break;
    default:
      policy.other = content;
  }
}

/// Errors: DuplicatePolicyException, ConstraintViolationException (too many, if there is to be one more).
Result<void> check_others(const OrganizationState& in, PolicyType type, std::string_view name, bool one_more) {
  const auto& aws = directory::full_access(type);
  bool taken = aws != nullptr && aws->name == name;
  std::size_t count = 0;
  in.policies.each([&](const OrganizationPolicy& policy) {
    if (policy.type != type) return;
    ++count;
    taken = taken || policy.name == name;
  });
  if (taken) return errors::duplicate_policy();
  if (one_more && count >= facts_of(type).most_policies) return errors::too_many_policies();
  return {};
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html
struct CreatePolicy : shapes::CreatePolicy {
  static constexpr std::string_view kAction = "organizations:CreatePolicy";

  static Result<Accesses> access(const At&, const Input& in) {
    return for_policy_type(with_tags(on_everything(kAction), in.tags), in.type);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, kAction));
    TRY(const PolicyType type, policy_type_of(in.type));
    const Organization& organization = standing.organization();
    if (!organization.all_features) return errors::policy_type_not_available();
    TRY_VOID(check_content(type, in.content));
    TRY_VOID(check_others(*standing.in, type, in.name, true));
    OrganizationPolicy policy;
    TRY(policy.tags, merge_tags({}, in.tags));
    policy.id = crypto::make_lower_id(at.entropy, "p-", 8);
    policy.organization = organization.id;
    policy.type = type;
    policy.name = in.name;
    policy.description = in.description;
    set_content(policy, in.content);
    Outcome<Output> out;
    out.output.policy = shown(organization, policy);
    out.changes.create(policy);
    out.changes.update(organization);  // two who take one name, or the last place, at once conflict
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_UpdatePolicy.html
struct UpdatePolicy : shapes::UpdatePolicy {
  static constexpr std::string_view kAction = "organizations:UpdatePolicy";

  static Result<Accesses> access(const At& at, const Input& in) {
    return for_type_of(on_id(kAction, at, in.policy_id), at, in.policy_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, kAction));
    TRY(const PolicyPtr before, find_policy(standing, in.policy_id));
    if (before->is_aws()) return errors::immutable_policy();
    OrganizationPolicy policy = *before;
    if (in.content) {
      TRY_VOID(check_content(policy.type, *in.content));
      set_content(policy, *in.content);
    }
    Outcome<Output> out;
    if (in.name && *in.name != policy.name) {
      TRY_VOID(check_others(*standing.in, policy.type, *in.name, false));
      policy.name = *in.name;
      out.changes.update(standing.organization());  // as above
    }
    policy.description = in.description.value_or(policy.description);
    out.output.policy = shown(standing.organization(), policy);
    out.changes.update(policy);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeletePolicy.html
struct DeletePolicy : shapes::DeletePolicy {
  static constexpr std::string_view kAction = "organizations:DeletePolicy";

  static Result<Accesses> access(const At& at, const Input& in) {
    return for_type_of(on_id(kAction, at, in.policy_id), at, in.policy_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, kAction));
    TRY(const PolicyPtr policy, find_policy(standing, in.policy_id));
    if (policy->is_aws()) return errors::immutable_policy();
    bool in_use = false;
    PolicyTargets(*standing.in).scan("", [&](std::string_view, const PolicyTarget& target) {
      in_use = is_attached(*policy, target, standing.organization());
      return !in_use;
    });
    if (in_use) return errors::policy_in_use();
    Outcome<Output> out;
    out.changes.erase(*policy);  // who attaches it at the same time writes it
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribePolicy.html
struct DescribePolicy : shapes::DescribePolicy {
  static Result<Accesses> access(const At& at, const Input& in) {
    return for_type_of(on_id("organizations:DescribePolicy", at, in.policy_id), at, in.policy_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:DescribePolicy"));
    TRY(const PolicyPtr policy, find_policy(standing, in.policy_id));
    Outcome<Output> out;
    out.output.policy = shown(standing.organization(), *policy);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPolicies.html
struct ListPolicies : shapes::ListPolicies {
  static Result<Accesses> access(const At&, const Input& in) {
    return for_policy_type(on_everything("organizations:ListPolicies"), in.filter);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:ListPolicies"));
    TRY(const Page page, page_of(in, "ListPolicies"));
    TRY(const PolicyType type, policy_type_of(in.filter));
    directory::SortedMap<OrganizationPolicy> all = standing.in->policies;
    if (const auto& aws = directory::full_access(type)) all.put(aws->id, aws);
    Outcome<Output> out;
    auto& policies = out.output.policies.emplace();
    give_page(
        out.output, page, all, [&](const OrganizationPolicy& policy) { return policy.type == type; },
        [&](const OrganizationPolicy& policy) { policies.push_back(shown_summary(standing.organization(), policy)); });
    return out;
  }
};

}  // namespace

std::span<const Binding> policy_bindings() {
  static constexpr Binding kBindings[] = {
      bind<CreatePolicy>(), bind<UpdatePolicy>(), bind<DeletePolicy>(), bind<DescribePolicy>(), bind<ListPolicies>(),
  };
  return kBindings;
}

}  // namespace deputy::organizations
