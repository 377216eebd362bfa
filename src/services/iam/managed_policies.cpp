// Managed policies and their versions; AWS's own are seen and attached like the account's, and changed by nobody.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
#include <fmt/format.h>

#include "protocol/iam/create_policy.h"
#include "protocol/iam/create_policy_version.h"
#include "protocol/iam/delete_policy.h"
#include "protocol/iam/delete_policy_version.h"
#include "protocol/iam/get_policy.h"
#include "protocol/iam/get_policy_version.h"
#include "protocol/iam/list_entities_for_policy.h"
#include "protocol/iam/list_policies.h"
#include "protocol/iam/list_policy_tags.h"
#include "protocol/iam/list_policy_versions.h"
#include "protocol/iam/set_default_policy_version.h"
#include "protocol/iam/tag_policy.h"
#include "protocol/iam/untag_policy.h"
#include "services/iam/answers.h"
#include "services/iam/arns.h"
#include "services/iam/documents.h"
#include "services/iam/errors.h"
#include "services/iam/paging.h"
#include "services/iam/places.h"
#include "services/iam/policy_uses.h"
#include "services/iam/table.h"
#include "services/iam/tag_operations.h"
#include "services/iam/tags.h"

namespace deputy::iam {
namespace {

using directory::PolicyVersion;

template <class Entity>
bool has_attached(const Entity& entity, std::string_view arn) {
  const auto& arns = entity.attached_policies;
  return std::find(arns.begin(), arns.end(), arn) != arns.end();
}

/// In lists and of CreatePolicy: without description and tags (docs/wire.md, 5.6).
shapes::Policy listed(const ManagedPolicy& policy, const Uses& uses) {
  shapes::Policy out;
  out.policy_name = policy.name;
  out.policy_id = policy.id.str();
  out.arn = policy.arn();
  out.path = policy.path;
  out.default_version_id = version_id(policy.default_version);
  out.attachment_count = uses.attachments;
  out.permissions_boundary_usage_count = uses.boundaries;
  out.is_attachable = true;
  out.create_date = policy.created;
  out.update_date = policy.updated;
  return out;
}

Result<const PolicyVersion*> find_version(const ManagedPolicy& policy, std::string_view id) {
  for (const PolicyVersion& version : policy.versions) {
    if (version_id(version.number) == id) return &version;
  }
  return errors::no_such_policy_version(policy.arn(), id);
}

/// A policy of the caller's account that may be written. AWS's own may not, whatever permissions say: `deed` is what the
/// refusal calls it.
Result<const ManagedPolicy*> find_own_policy(const At& at, std::string_view arn, std::string_view deed) {
  TRY(const ManagedPolicy* policy, find_policy(at, arn));
  if (policy->aws) return errors::policy_of_aws(deed);
  return policy;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
struct CreatePolicy : shapes::CreatePolicy {
  static Accesses access(const At& at, const Input& in) {
    const auto needs = [&](const policy::Action& action) {
      return with_tags(on_new(action, at, "policy", in.path, in.policy_name), request_tags(in.tags));
    };
    Accesses all{needs(action<"iam:CreatePolicy">())};
    if (!in.tags.empty()) all.push_back(needs(action<"iam:TagPolicy">()));
    return all;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const AccountState& account = account_of(at);
    if (is_taken(account.policies, in.policy_name)) return errors::policy_already_exists(in.policy_name);
    if (account.policies.size() >= quotas::kPoliciesPerAccount.limit) {
      return errors::limit_exceeded(quotas::kPoliciesPerAccount);
    }
    TRY(directory::PolicyText document, managed_document(in.policy_document));
    ManagedPolicy policy;
    policy.account = account.account.id;
    policy.id = crypto::make_unique_id(at.entropy, "ANPA");
    policy.path = in.path.value_or("/");
    policy.name = in.policy_name;
    policy.description = in.description.value_or("");
    policy.created = policy.updated = at.now;
    policy.versions.push_back({1, std::move(document), at.now});
    TRY(policy.tags, new_tags(in.tags, TagKeys::kExact));

    Outcome<Output> out{{.policy = listed(policy, Uses{})}};
    out.output.policy->tags = shown_tags(policy.tags);
    out.changes.create(policy);
    guard_place(out.changes, at, account.policies.size(), quotas::kPoliciesPerAccount);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html
struct GetPolicy : shapes::GetPolicy {
  static Accesses access(const At& at, const Input& in) {
    return {on_policy(action<"iam:GetPolicy">(), at, in.policy_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const ManagedPolicy* policy, find_policy(at, in.policy_arn));
    Outcome<Output> out{{.policy = listed(*policy, PolicyUses(account_of(at)).of(*policy))}};
    if (!policy->description.empty()) out.output.policy->description = policy->description;
    out.output.policy->tags = shown_tags(policy->tags).value_or(GivenTags{});  // always there, empty if none
    return out;
  }
};

/// Where ListPolicies has a policy: AWS's own come oldest first, unlike those of all other lists (docs/wire.md, 5.6).
std::string key_by_age(const ManagedPolicy* policy) {
  return policy->aws ? fmt::format("aws/{:012}/{}", epoch_seconds(policy->created), policy->name) : list_key(*policy);
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html
struct ListPolicies : shapes::ListPolicies {
  static Accesses access(const At&, const Input& in) {
    return {on_arn(action<"iam:ListPolicies">(), "policy path " + in.path_prefix.value_or("/"))};  // [D-3]
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Page page, page_of(in, "ListPolicies"));
    const std::string scope = in.scope.value_or("All");
    PolicyUses uses(account_of(at));
    const auto wanted = [&](const ManagedPolicy& policy) {
      if (!under_path(in.path_prefix)(policy)) return false;
      if (!in.only_attached.value_or(false) && !in.policy_usage_filter) return true;
      const Uses used = uses.of(policy);
      if (!in.policy_usage_filter) return used.attachments > 0 || used.boundaries > 0;
      return (*in.policy_usage_filter == "PermissionsBoundary" ? used.boundaries : used.attachments) > 0;
    };
    std::vector<const ManagedPolicy*> policies;
    const auto consider = [&](const ManagedPolicy& policy) {
      if (wanted(policy)) policies.push_back(&policy);
    };
    if (scope != "AWS") account_of(at).policies.each(consider);
    if (scope != "Local") at.snapshot.aws_policies().each(consider);
    Outcome<Output> out;
    out.output.policies.emplace();
    give_page(out.output, page, std::move(policies), key_by_age,
              [&](const ManagedPolicy* policy) { out.output.policies->push_back(listed(*policy, uses.of(*policy))); });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
struct DeletePolicy : shapes::DeletePolicy {
  static Accesses access(const At& at, const Input& in) {
    return {on_policy(action<"iam:DeletePolicy">(), at, in.policy_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const ManagedPolicy* policy, find_own_policy(at, in.policy_arn, "delete policies"));
    if (policy->attachments > 0 || policy->boundary_uses > 0) return errors::policy_is_attached();
    if (policy->versions.size() > 1) return errors::policy_has_versions();
    return erased<Output>(*policy);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html
struct CreatePolicyVersion : shapes::CreatePolicyVersion {
  static Accesses access(const At& at, const Input& in) {
    return {on_policy(action<"iam:CreatePolicyVersion">(), at, in.policy_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const ManagedPolicy* before, find_own_policy(at, in.policy_arn, "create versions for policies"));
    TRY(directory::PolicyText document, managed_document(in.policy_document));
    if (before->versions.size() >= quotas::kVersionsPerPolicy) return errors::too_many_versions();
    ManagedPolicy policy = *before;
    const std::uint32_t number = policy.next_version++;
    policy.versions.push_back({number, std::move(document), at.now});
    if (in.set_as_default.value_or(false)) policy.default_version = number;
    policy.updated = at.now;
    return written<Output>(policy, {.policy_version = listed_version(policy, policy.versions.back())});
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html
struct GetPolicyVersion : shapes::GetPolicyVersion {
  static Accesses access(const At& at, const Input& in) {
    return {on_policy(action<"iam:GetPolicyVersion">(), at, in.policy_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const ManagedPolicy* policy = visible_policy(at, in.policy_arn);
    if (policy == nullptr && is_policy_arn(in.policy_arn)) {  // the sentence of a version (docs/wire.md, 5.2)
      return errors::no_such_policy_version(in.policy_arn, in.version_id);
    }
    if (policy == nullptr) return errors::invalid_policy_arn(in.policy_arn);
    TRY(const PolicyVersion* version, find_version(*policy, in.version_id));
    Outcome<Output> out{{.policy_version = listed_version(*policy, *version)}};
    out.output.policy_version->document = version->document.text();
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyVersions.html
struct ListPolicyVersions : shapes::ListPolicyVersions {
  static Accesses access(const At& at, const Input& in) {
    return {on_policy(action<"iam:ListPolicyVersions">(), at, in.policy_arn)};
  }

  /// Newest first, as AWS lists them: the key counts down.
  static std::string key_of(const PolicyVersion* version) { return std::to_string(4'000'000'000U - version->number); }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const ManagedPolicy* policy, find_policy(at, in.policy_arn));
    TRY(const Page page, page_of(in, "ListPolicyVersions"));
    std::vector<const PolicyVersion*> versions;
    for (const PolicyVersion& version : policy->versions) versions.push_back(&version);
    Outcome<Output> out;
    out.output.versions.emplace();
    give_page(out.output, page, std::move(versions), key_of,
              [&](const PolicyVersion* version) { out.output.versions->push_back(listed_version(*policy, *version)); });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicyVersion.html
struct DeletePolicyVersion : shapes::DeletePolicyVersion {
  static Accesses access(const At& at, const Input& in) {
    return {on_policy(action<"iam:DeletePolicyVersion">(), at, in.policy_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const ManagedPolicy* before, find_own_policy(at, in.policy_arn, "delete policy versions for policies"));
    TRY(const PolicyVersion* version, find_version(*before, in.version_id));
    if (version->number == before->default_version) return errors::version_is_default();
    ManagedPolicy policy = *before;
    std::erase_if(policy.versions, [&](const PolicyVersion& v) { return v.number == version->number; });
    return written<Output>(policy);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html
struct SetDefaultPolicyVersion : shapes::SetDefaultPolicyVersion {
  static Accesses access(const At& at, const Input& in) {
    return {on_policy(action<"iam:SetDefaultPolicyVersion">(), at, in.policy_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const ManagedPolicy* before, find_own_policy(at, in.policy_arn, "update policies"));
    TRY(const PolicyVersion* version, find_version(*before, in.version_id));
    ManagedPolicy policy = *before;
    policy.default_version = version->number;
    policy.updated = at.now;
    return written<Output>(policy);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagPolicy.html
struct PolicyTags {
  static constexpr TagKeys kKeys = TagKeys::kExact;
  static constexpr auto on = on_policy;
  static constexpr auto find = find_policy;
  static Result<const ManagedPolicy*> find_to_tag(const At& at, std::string_view arn) {
    return find_own_policy(at, arn, "tag policies");
  }
  static Result<const ManagedPolicy*> find_to_untag(const At& at, std::string_view arn) {
    return find_own_policy(at, arn, "untag policies");
  }
  static const std::string& name(const auto& in) { return in.policy_arn; }
};
using TagPolicy = Tagging<shapes::TagPolicy, PolicyTags>;
using UntagPolicy = Untagging<shapes::UntagPolicy, PolicyTags>;
using ListPolicyTags = TagListing<shapes::ListPolicyTags, PolicyTags>;

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html
struct ListEntitiesForPolicy : shapes::ListEntitiesForPolicy {
  static Accesses access(const At& at, const Input& in) {
    return {on_policy(action<"iam:ListEntitiesForPolicy">(), at, in.policy_arn)};
  }

  /// One entity that uses the policy; pages go over groups, users and roles together.
  struct Use {
    std::string key;
    const Group* group = nullptr;
    const User* user = nullptr;
    const Role* role = nullptr;
  };

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY_VOID(find_policy(at, in.policy_arn));
    TRY(const Page page, page_of(in, "ListEntitiesForPolicy"));
    const std::string filter = in.policy_usage_filter.value_or("");  // empty: in whatever way
    const auto wanted = [&](std::string_view kind) { return !in.entity_filter || *in.entity_filter == kind; };
    const auto uses = [&](const auto& entity, std::string_view boundary) {
      if (!under_path(in.path_prefix)(entity)) return false;
      return (filter != "PermissionsBoundary" && has_attached(entity, in.policy_arn)) ||
             (filter != "PermissionsPolicy" && boundary == in.policy_arn);
    };
    std::vector<Use> found;
    const AccountState& account = account_of(at);
    if (wanted("Group")) {
      account.groups.each([&](const Group& g) {
        if (uses(g, "")) found.push_back({"group/" + ascii_lower(g.name), &g, nullptr, nullptr});
      });
    }
    if (wanted("User")) {
      account.users.each([&](const User& u) {
        if (uses(u, u.boundary)) found.push_back({"user/" + ascii_lower(u.name), nullptr, &u, nullptr});
      });
    }
    if (wanted("Role")) {
      account.roles.each([&](const Role& r) {
        if (uses(r, r.boundary)) found.push_back({"role/" + ascii_lower(r.name), nullptr, nullptr, &r});
      });
    }
    Outcome<Output> out;
    out.output.policy_groups.emplace();
    out.output.policy_users.emplace();
    out.output.policy_roles.emplace();
    give_page(
        out.output, page, std::move(found), [](const Use& use) { return use.key; },
        [&](const Use& use) {
          if (use.group != nullptr) out.output.policy_groups->push_back({use.group->name, use.group->id.str()});
          if (use.user != nullptr) out.output.policy_users->push_back({use.user->name, use.user->id.str()});
          if (use.role != nullptr) out.output.policy_roles->push_back({use.role->name, use.role->id.str()});
        });
    return out;
  }
};

}  // namespace

std::span<const Binding> managed_policy_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<CreatePolicy>(),
      bind<GetPolicy>(),
      bind<ListPolicies>(),
      bind<DeletePolicy>(),
      bind<CreatePolicyVersion>(),
      bind<GetPolicyVersion>(),
      bind<ListPolicyVersions>(),
      bind<DeletePolicyVersion>(),
      bind<TagPolicy>(),
      bind<SetDefaultPolicyVersion>(),
      bind<UntagPolicy>(),
      bind<ListPolicyTags>(),
      bind<ListEntitiesForPolicy>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
