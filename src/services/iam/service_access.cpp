#include "services/iam/service_access.h"

#include <algorithm>
#include <array>

#include "base/arn.h"
#include "base/encoding.h"
#include "policy/document.h"
#include "protocol/iam/list_policies_granting_service_access.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/paging.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

/// Whether a glob of `*` and `?` matches, ignoring case. One star is remembered at a time, so that it takes no more
/// steps than the product of the two lengths.
bool matches(std::string_view glob, std::string_view text) {
  std::size_t g = 0, t = 0, star = std::string_view::npos, from = 0;
  const auto same = [](char a, char b) { return ascii_lower({&a, 1}) == ascii_lower({&b, 1}); };
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      from = t;
    } else if (g < glob.size() && (glob[g] == '?' || same(glob[g], text[t]))) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

/// Whether a pattern of actions ("iam:Get*", "*") may mean an action of the service; `all`: every one of them.
bool reaches(std::string_view pattern, std::string_view space, bool all) {
  const std::size_t colon = pattern.find(':');
  if (colon == std::string_view::npos) return pattern == "*";
  if (!matches(pattern.substr(0, colon), space)) return false;
  return !all || pattern.find_first_not_of('*', colon + 1) == std::string_view::npos;
}

std::string_view type_of(const Arn& arn) { return arn.resource.substr(0, arn.resource.find('/')); }
std::string_view name_of(const Arn& arn) { return arn.resource.substr(arn.resource.rfind('/') + 1); }

template <class Entity>
void add_policies(const At& at, const Entity& entity, std::string_view type, std::vector<BoundPolicy>& out) {
  for (const directory::InlinePolicy& policy : entity.inline_policies) {
    out.push_back({policy.name, policy.document.text(), {}, type, entity.name});
  }
  for (const std::string& arn : entity.attached_policies) {
    const ManagedPolicy* policy = visible_policy(at, arn);
    if (policy != nullptr) out.push_back({policy->name, policy->current().document.text(), arn, {}, {}});
  }
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPoliciesGrantingServiceAccess.html
struct ListPoliciesGrantingServiceAccess : shapes::ListPoliciesGrantingServiceAccess {
  static Accesses access(const At& at, const Input& in) {
    return {on_access_subject(action<"iam:ListPoliciesGrantingServiceAccess">(), at, in.arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const AccessSubject subject, find_access_subject(at, in.arn));
    if (subject.policy != nullptr) return errors::invalid_boundary_arn(in.arn);
    Page page{.list = "ListPoliciesGrantingServiceAccess", .after = {}};
    if (in.marker) {
      TRY(page.after, read_marker(page.list, *in.marker));
    }
    const std::vector<BoundPolicy> policies = policies_of(at, subject);
    std::vector<std::string> spaces = in.service_namespaces;
    std::ranges::sort(spaces);
    spaces.erase(std::unique(spaces.begin(), spaces.end()), spaces.end());
    Outcome<Output> out;
    give_page(
        out.output, page, std::move(spaces), [](const std::string& space) { return space; },
        [&](const std::string& space) {
          out.output.policies_granting_service_access.push_back(entry(space, policies));
        });
    return out;
  }

  static shapes::ListPoliciesGrantingServiceAccessEntry entry(const std::string& space,
                                                              const std::vector<BoundPolicy>& policies) {
    shapes::ListPoliciesGrantingServiceAccessEntry out{.service_namespace = space};
    auto& list = out.policies.emplace();
    for (const BoundPolicy& policy : policies) {
      if (!grants_access(policy.document, space)) continue;
      const bool managed = !policy.arn.empty();
      if (managed && std::ranges::any_of(list, [&](const auto& known) { return known.policy_arn == policy.arn; })) {
        continue;  // by way of two groups
      }
      auto& shown = list.emplace_back();
      shown.policy_name = policy.name;
      shown.policy_type = managed ? "MANAGED" : "INLINE";
      if (managed) {
        shown.policy_arn = policy.arn;
      } else {
        shown.entity_type = std::string(policy.owner_type);
        shown.entity_name = std::string(policy.owner_name);
      }
    }
    return out;
  }
};

}  // namespace

std::span<const KnownService> known_services() {
  static constexpr std::array<KnownService, 4> kServices = {{{"iam", "AWS Identity and Access Management"},
                                                             {"organizations", "AWS Organizations"},
                                                             {"s3", "Amazon S3"},
                                                             {"sts", "AWS Security Token Service"}}};
  return kServices;
}

bool grants_access(std::string_view document, std::string_view space) {
  const auto parsed = policy::parse(document, policy::Kind::kIdentity);
  if (!parsed) return false;
  return std::ranges::any_of(parsed->statements, [&](const policy::Statement& statement) {
    if (!statement.allow) return false;
    const auto any = [&](bool all) {
      return std::ranges::any_of(statement.actions,
                                 [&](const policy::Text& pattern) { return reaches(pattern.value, space, all); });
    };
    return statement.not_action ? !any(true) : any(false);
  });
}

Result<AccessSubject> find_access_subject(const At& at, std::string_view text) {
  const auto arn = Arn::split(text);
  if (!arn || arn->service != "iam") return errors::invalid_boundary_arn(text);
  AccessSubject out;
  if (type_of(*arn) == "policy") {
    TRY(out.policy, find_policy(at, text));
    return out;
  }
  if (arn->account != at.caller.account_id().view()) return errors::invalid_boundary_arn(text);
  const std::string_view name = name_of(*arn);
  if (type_of(*arn) == "user") {
    TRY(out.user, find_user(at, name));
    if (out.user->arn() != text) return errors::no_such_entity(Kind::kUser, name);
  } else if (type_of(*arn) == "group") {
    TRY(out.group, find_group(at, name));
    if (out.group->arn() != text) return errors::no_such_entity(Kind::kGroup, name);
  } else if (type_of(*arn) == "role") {
    TRY(out.role, find_role(at, name));
    if (out.role->arn() != text) return errors::no_such_entity(Kind::kRole, name);
  } else {
    return errors::invalid_boundary_arn(text);
  }
  return out;
}

Access on_access_subject(const policy::Action& action, const At& at, std::string_view text) {
  const auto arn = Arn::split(text);
  if (arn && arn->service == "iam" && type_of(*arn) == "policy") return on_policy(action, at, text);
  if (arn && arn->service == "iam" && arn->account == at.caller.account_id().view()) {
    if (type_of(*arn) == "user") return on_user(action, at, name_of(*arn));
    if (type_of(*arn) == "group") return on_group(action, at, name_of(*arn));
    if (type_of(*arn) == "role") return on_role(action, at, name_of(*arn));
  }
  return on_arn(action, std::string(text));
}

std::vector<BoundPolicy> policies_of(const At& at, const AccessSubject& subject) {
  std::vector<BoundPolicy> out;
  if (subject.user != nullptr) {
    add_policies(at, *subject.user, "USER", out);
    for (const UniqueId& id : subject.user->groups) {
      if (const Group* group = account_of(at).groups_by_id.get(id.str())) add_policies(at, *group, "GROUP", out);
    }
  }
  if (subject.group != nullptr) add_policies(at, *subject.group, "GROUP", out);
  if (subject.role != nullptr) add_policies(at, *subject.role, "ROLE", out);
  if (subject.policy != nullptr) {
    const ManagedPolicy& policy = *subject.policy;
    out.push_back({policy.name, policy.current().document.text(), policy.arn(), {}, {}});
  }
  return out;
}

std::span<const Binding> service_access_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {bind<ListPoliciesGrantingServiceAccess>()};
  return kBindings;
}

}  // namespace deputy::iam
