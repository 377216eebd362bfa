// What of a management or declarative type holds for an account. Nothing of these types is enforced here, so nothing
// that they come to is found invalid. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_effective.html
#include "protocol/organizations/describe_effective_policy.h"
#include "protocol/organizations/list_accounts_with_invalid_effective_policy.h"
#include "protocol/organizations/list_effective_policy_validation_errors.h"
#include "services/organizations/effective_policy.h"
#include "services/organizations/errors.h"
#include "services/organizations/paging.h"
#include "services/organizations/policy_types.h"
#include "services/organizations/standing.h"
#include "services/organizations/table.h"

namespace deputy::organizations {
namespace {

using directory::AttachedPolicies;
using directory::PolicyType;

/// A type that is on. Errors: InvalidInputException, EffectivePolicyNotFoundException.
Result<PolicyType> type_in_use(const Standing& standing, std::string_view name) {
  const auto type = directory::policy_type(name);
  if (!type || !facts_of(*type).has_effective()) return errors::unknown_policy_type();
  if (standing.organization().enabled(*type) == nullptr) return errors::no_effective_policy();
  return *type;
}

/// What is attached to the places above an account and to itself, the root's first. What is damaged is passed over.
std::vector<std::vector<Setting>> levels_of(const OrganizationState& in, const Membership& member, PolicyType type) {
  std::vector<const std::vector<AttachedPolicies>*> places = {&member.attached};
  std::string_view id = member.unit;
  for (std::size_t i = 0; i <= in.units.size() && !id.empty(); ++i) {
    const directory::OrganizationalUnit* unit = in.units.get(id);
    if (unit == nullptr) break;
    places.push_back(&unit->attached);
    id = unit->parent;
  }
  places.push_back(&in.organization.attached);
  std::vector<std::vector<Setting>> levels;
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    auto& level = levels.emplace_back();
    for (const std::string& policy : attached(in.organization, **place, type)) {
      const auto found = in.shared_policy(policy);
      if (found == nullptr) continue;
      if (auto settings = read_settings(type, found->content())) level.push_back(std::move(settings).value());
    }
  }
  return levels;
}

/// Nothing: there is none.
std::optional<std::string> effective_policy(const OrganizationState& in, const Membership& member, PolicyType type) {
  EffectivePolicy effective;
  bool any = false;
  for (const auto& level : levels_of(in, member, type)) {
    any = any || !level.empty();
    effective.add_level(level);
  }
  if (!any) return std::nullopt;
  return effective.document(facts_of(type).top_key);
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeEffectivePolicy.html
struct DescribeEffectivePolicy : shapes::DescribeEffectivePolicy {
  static constexpr std::string_view kAction = "organizations:DescribeEffectivePolicy";
  static constexpr bool kReadsDocument = true;  // up to seventy of them are merged

  static std::string target(const At& at, const Input& in) {
    return in.target_id.value_or(at.caller.account_id().str());
  }

  static Result<Accesses> access(const At& at, const Input& in) {
    const std::string id = target(at, in);
    Accesses accesses = for_policy_type(on_id(kAction, at, id), in.policy_type);
    if (id == at.caller.account_id().view()) accesses.front().owner = at.caller.account_id();  // no matter of others
    return accesses;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const std::string id = target(at, in);
    const bool own = id == at.caller.account_id().view();
    TRY(const Standing standing, own ? as_member(at) : as_delegate(at, kAction));
    if (id == standing.organization().root || standing.in->units.get(id) != nullptr) {
      return errors::target_not_supported();
    }
    const Membership* member = standing.in->members.get(id);
    if (member == nullptr) return errors::no_such_target();
    TRY(const PolicyType type, type_in_use(standing, in.policy_type));
    auto content = effective_policy(*standing.in, *member, type);
    if (!content) return errors::no_effective_policy();
    Outcome<Output> out;
    out.output.effective_policy = {.policy_content = *std::move(content),
                                   .last_updated_timestamp = at.now,  // it was merged for this answer
                                   .target_id = id,
                                   .policy_type = in.policy_type};
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsWithInvalidEffectivePolicy.html
struct ListAccountsWithInvalidEffectivePolicy : shapes::ListAccountsWithInvalidEffectivePolicy {
  static constexpr std::string_view kAction = "organizations:ListAccountsWithInvalidEffectivePolicy";

  static Result<Accesses> access(const At&, const Input& in) {
    return for_policy_type(on_everything(kAction), in.policy_type);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, kAction));
    TRY([[maybe_unused]] const Page page, page_of(in, "ListAccountsWithInvalidEffectivePolicy"));
    TRY([[maybe_unused]] const PolicyType type, type_in_use(standing, in.policy_type));
    Outcome<Output> out;
    out.output.accounts.emplace();
    out.output.policy_type = in.policy_type;
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListEffectivePolicyValidationErrors.html
struct ListEffectivePolicyValidationErrors : shapes::ListEffectivePolicyValidationErrors {
  static constexpr std::string_view kAction = "organizations:ListEffectivePolicyValidationErrors";

  static Result<Accesses> access(const At& at, const Input& in) {
    return for_policy_type(on_id(kAction, at, in.account_id), in.policy_type);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, kAction));
    TRY([[maybe_unused]] const Page page, page_of(in, "ListEffectivePolicyValidationErrors"));
    TRY(const Membership* member, find_member(standing, in.account_id));
    TRY([[maybe_unused]] const PolicyType type, type_in_use(standing, in.policy_type));
    Outcome<Output> out;
    out.output.account_id = in.account_id;
    out.output.policy_type = in.policy_type;
    out.output.path = standing.in->path_of(*member) + in.account_id + "/";
    out.output.evaluation_timestamp = at.now;
    out.output.effective_policy_validation_errors.emplace();
    return out;
  }
};

}  // namespace

std::span<const Binding> effective_policy_bindings() {
  static constexpr Binding kBindings[] = {
      bind<DescribeEffectivePolicy>(),
      bind<ListAccountsWithInvalidEffectivePolicy>(),
      bind<ListEffectivePolicyValidationErrors>(),
  };
  return kBindings;
}

}  // namespace deputy::organizations
