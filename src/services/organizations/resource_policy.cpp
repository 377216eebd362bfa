// The organization's resource policy, by which members do a part of what is the management account's.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
#include <algorithm>

#include "base/account_id.h"
#include "base/arn.h"
#include "base/encoding.h"
#include "crypto/random.h"
#include "directory/principals.h"
#include "policy/compiled.h"
#include "protocol/organizations/delete_resource_policy.h"
#include "protocol/organizations/describe_resource_policy.h"
#include "protocol/organizations/put_resource_policy.h"
#include "services/organizations/errors.h"
#include "services/organizations/tags.h"

namespace deputy::organizations {
namespace {

using directory::DelegationPolicy;

constexpr policy::Kind kKind = policy::Kind::kKey;  // as directory/fields.h has it

/// An account, or a user or role; not everybody, nor a session.
bool may_be_principal(const policy::PrincipalElement& principal) {
  if (principal.kind != policy::PrincipalKind::kAws) return false;
  if (AccountId::parse(principal.text.value)) return true;
  const auto arn = Arn::split(principal.text.value);
  return arn && arn->service == "iam" && AccountId::parse(arn->account);
}

Result<void> check_principals(const policy::Statement& statement) {
  if (!statement.has_principal || statement.not_principal || statement.principals.empty() ||
      !std::ranges::all_of(statement.principals, may_be_principal)) {
    return errors::invalid_principal();
  }
  return {};
}

Result<void> check_actions(const policy::Statement& statement) {
  if (!statement.has_action || statement.actions.empty()) return errors::invalid_resource_policy();
  const auto may_be_named = [](const policy::Text& action) { return is_delegable(action.value); };
  if (statement.not_action || !std::ranges::all_of(statement.actions, may_be_named)) {
    return errors::unsupported_action();
  }
  return {};
}

Result<void> check_resources(const policy::Statement& statement) {
  if (!statement.has_resource || statement.resources.empty()) return errors::invalid_resource_policy();
  const auto may_be_named = [](const policy::Text& resource) {
    return resource.value == "*" || resource.value.starts_with("arn:aws:organizations::");
  };
  if (statement.not_resource || !std::ranges::all_of(statement.resources, may_be_named)) {
    return errors::unsupported_resource();
  }
  return {};
}

/// Texts that organizations:PolicyType is compared with must be types; patterns may be what they like.
Result<void> check_policy_types(const policy::Statement& statement) {
  for (const policy::ConditionEntry& entry : statement.conditions) {
    if (!equals_ignoring_case(entry.key, "organizations:PolicyType")) continue;
    if (entry.op.find("String") == std::string_view::npos) continue;
    for (const std::string_view value : entry.values) {
      if (value.find_first_of("*?$") == std::string_view::npos && !directory::policy_type(value)) {
        return errors::unsupported_policy_type();
      }
    }
  }
  return {};
}

/// What is to be stored of a document. Errors: InvalidInputException.
Result<directory::StoredPolicy> read(const At& at, std::string_view content) {
  const auto document = policy::parse(content, kKind);
  if (!document) return errors::invalid_resource_policy();
  for (const policy::Statement& statement : document->statements) {
    if (statement.effect != "Allow" && statement.effect != "Deny") return errors::invalid_resource_policy();
    TRY_VOID(check_principals(statement));
    TRY_VOID(check_actions(statement));
    TRY_VOID(check_resources(statement));
    TRY_VOID(check_policy_types(statement));
  }
  if (!policy::validate(*document, kKind)) return errors::invalid_resource_policy();
  auto stored = directory::to_ids(at.snapshot, *document, directory::Strangers::kRefused);
  if (!stored) return errors::invalid_principal();
  if (!policy::compile(stored->text, kKind)) return errors::invalid_resource_policy();
  return std::move(stored).value();
}

const DelegationPolicy* find(const OrganizationState& in) { return in.delegation.get(DelegationPolicy::key_name()); }

shapes::ResourcePolicy shown(const At& at, const Organization& organization, const DelegationPolicy& policy) {
  return {.resource_policy_summary =
              shapes::ResourcePolicySummary{.id = policy.id, .arn = policy.arn(organization.management)},
          .content = directory::to_arns(at.snapshot, policy.document.text(), policy.principals, kKind)};
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_PutResourcePolicy.html
struct PutResourcePolicy : shapes::PutResourcePolicy {
  static Result<Accesses> access(const At& at, const Input& in) {
    constexpr std::string_view kAction = "organizations:PutResourcePolicy";
    const OrganizationState* organization = organization_of(at);
    const DelegationPolicy* there = organization != nullptr ? find(*organization) : nullptr;
    return with_tags(there != nullptr ? on_id(kAction, at, there->id) : on_everything(kAction), in.tags);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_management(at));
    if (!standing.organization().all_features) return errors::not_all_features();
    TRY(directory::StoredPolicy stored, read(at, in.content));
    const DelegationPolicy* before = find(*standing.in);
    if (before != nullptr && !in.tags.empty()) return errors::resource_policy_is_there();
    DelegationPolicy policy;
    if (before != nullptr) {
      policy = *before;
    } else {
      TRY(policy.tags, merge_tags({}, in.tags));
      policy.id = crypto::make_lower_id(at.entropy, "rp-", 8);
      policy.organization = standing.organization().id;
    }
    policy.document = directory::PolicyText(std::move(stored.text));
    policy.principals = std::move(stored.principals);
    Outcome<Output> out;
    out.output.resource_policy = shown(at, standing.organization(), policy);
    if (before != nullptr) {
      out.changes.update(policy);
    } else {
      out.changes.create(policy);
      out.changes.require_unchanged(standing.organization());  // it is not deleted meanwhile
    }
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeResourcePolicy.html
struct DescribeResourcePolicy : shapes::DescribeResourcePolicy {
  static constexpr std::string_view kAction = "organizations:DescribeResourcePolicy";

  static Result<Accesses> access(const At&, const Input&) { return on_everything(kAction); }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    TRY(const Standing standing, as_delegate(at, kAction));
    const DelegationPolicy* policy = find(*standing.in);
    if (policy == nullptr) return errors::no_such_resource_policy();
    Outcome<Output> out;
    out.output.resource_policy = shown(at, standing.organization(), *policy);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeleteResourcePolicy.html
struct DeleteResourcePolicy : shapes::DeleteResourcePolicy {
  static Result<Accesses> access(const At&, const Input&) {
    return on_everything("organizations:DeleteResourcePolicy");
  }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    TRY(const Standing standing, as_management(at));
    const DelegationPolicy* policy = find(*standing.in);
    if (policy == nullptr) return errors::no_such_resource_policy();
    Outcome<Output> out;
    out.changes.erase(*policy);
    return out;
  }
};

}  // namespace

std::span<const Binding> resource_policy_bindings() {
  static constexpr Binding kBindings[] = {
      bind<PutResourcePolicy>(),
      bind<DescribeResourcePolicy>(),
      bind<DeleteResourcePolicy>(),
  };
  return kBindings;
}

}  // namespace deputy::organizations
