// All of an account at once, as audits ask for it: who is there, with all policies and what hangs on whom.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
#include <array>

#include "protocol/iam/get_account_authorization_details.h"
#include "services/iam/answers.h"
#include "services/iam/arns.h"
#include "services/iam/boundary.h"
#include "services/iam/paging.h"
#include "services/iam/policy_uses.h"
#include "services/iam/table.h"
#include "services/iam/tags.h"
#include "services/iam/trust.h"

namespace deputy::iam {
namespace {

/// A page ends early once it shows this much of policy documents: percent-encoded, they triple.
constexpr std::size_t kMostDocumentBytes = 1 << 20;

/// The documents of what a page shows, counted.
class Documents {
 public:
  std::string operator()(std::string text) {
    bytes_ += text.size();
    return text;
  }
  std::vector<shapes::PolicyDetail> operator()(const std::vector<directory::InlinePolicy>& policies) {
    std::vector<shapes::PolicyDetail> out;
    for (const directory::InlinePolicy& policy : policies) {
      shapes::PolicyDetail& detail = out.emplace_back();
      detail.policy_name = policy.name;
      detail.policy_document = (*this)(policy.document.text());
    }
    return out;
  }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::size_t bytes_ = 0;
};

/// Cuts one page out of several lists that follow each other. A Marker names the list as well as the item.
class Walk {
 public:
  explicit Walk(const Page& page) : page_(page) {}

  /// `section` is one character; sections come in their order.
  template <class Map, class Keep, class Give>
  void over(char section, const Map& all, Keep keep, Give give) {
    if (more_ || (!page_.after.empty() && section < page_.after.front())) return;
    const bool inside = !page_.after.empty() && section == page_.after.front();
    all.scan(inside ? page_.after.substr(1) + '\0' : std::string(), [&](std::string_view key, const auto& value) {
      if (!keep(value)) return true;
      more_ = given_ == page_.limit || documents_.bytes() >= kMostDocumentBytes;
      if (more_) return false;
      give(value, documents_);
      ++given_;
      last_ = section;
      last_ += key;
      return true;
    });
  }
  template <class Output>
  void finish(Output& out) const {
    finish_page(out, page_, more_, last_);
  }

 private:
  const Page& page_;
  Documents documents_;
  std::size_t given_ = 0;
  bool more_ = false;
  std::string last_;
};

std::vector<shapes::AttachedPolicy> shown_attached(const At& at, const std::vector<std::string>& arns) {
  std::vector<shapes::AttachedPolicy> out;
  for (const std::string& arn : arns) {
    if (const ManagedPolicy* policy = visible_policy(at, arn)) out.push_back({policy->name, arn});
  }
  return out;
}

shapes::UserDetail detail(const At& at, const User& user, Documents& documents) {
  shapes::UserDetail out;
  out.path = user.path;
  out.user_name = user.name;
  out.user_id = user.id.str();
  out.arn = user.arn();
  out.create_date = user.created;
  if (!user.inline_policies.empty()) out.user_policy_list = documents(user.inline_policies);  // users alone: left out
  auto& groups = out.group_list.emplace();
  for (const UniqueId& id : user.groups) {
    if (const Group* group = account_of(at).groups_by_id.get(id.str())) groups.push_back(group->name);
  }
  out.attached_managed_policies = shown_attached(at, user.attached_policies);
  out.permissions_boundary = shown_boundary(user.boundary);
  out.tags = shown_tags(user.tags).value_or(GivenTags());
  return out;
}

shapes::GroupDetail detail(const At& at, const Group& group, Documents& documents) {
  shapes::GroupDetail out;
  out.path = group.path;
  out.group_name = group.name;
  out.group_id = group.id.str();
  out.arn = group.arn();
  out.create_date = group.created;
  out.group_policy_list = documents(group.inline_policies);
  out.attached_managed_policies = shown_attached(at, group.attached_policies);
  return out;
}

shapes::RoleDetail detail(const At& at, const Role& role, Documents& documents) {
  shapes::RoleDetail out;
  out.path = role.path;
  out.role_name = role.name;
  out.role_id = role.id.str();
  out.arn = role.arn();
  out.create_date = role.created;
  out.assume_role_policy_document = documents(shown_trust(at.snapshot, role));
  out.instance_profile_list = shown_instance_profiles(at, role);
  out.role_policy_list = documents(role.inline_policies);
  out.attached_managed_policies = shown_attached(at, role.attached_policies);
  out.permissions_boundary = shown_boundary(role.boundary);
  out.tags = shown_tags(role.tags).value_or(GivenTags());
  out.role_last_used = shown_last_use(at, role);
  return out;
}

shapes::ManagedPolicyDetail detail(const ManagedPolicy& policy, const Uses& uses, Documents& documents) {
  shapes::ManagedPolicyDetail out;
  out.policy_name = policy.name;
  out.policy_id = policy.id.str();
  out.arn = policy.arn();
  out.path = policy.path;
  out.default_version_id = version_id(policy.default_version);
  out.attachment_count = uses.attachments;
  out.permissions_boundary_usage_count = uses.boundaries;
  out.is_attachable = true;
  if (!policy.description.empty()) out.description = policy.description;
  out.create_date = policy.created;
  out.update_date = policy.updated;
  auto& versions = out.policy_version_list.emplace();
  for (auto version = policy.versions.rbegin(); version != policy.versions.rend(); ++version) {  // newest first
    shapes::PolicyVersion shown = listed_version(policy, *version);
    shown.document = documents(version->document.text());
    versions.push_back(std::move(shown));
  }
  return out;
}

struct GetAccountAuthorizationDetails : shapes::GetAccountAuthorizationDetails {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:GetAccountAuthorizationDetails">())};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Page page, page_of(in, "Details"));
    const auto wants = [&](std::string_view kind) {
      return in.filter.empty() || std::find(in.filter.begin(), in.filter.end(), kind) != in.filter.end();
    };
    const AccountState& account = account_of(at);
    PolicyUses uses(account);
    Outcome<Output> out;
    auto& users = out.output.user_detail_list.emplace();
    auto& groups = out.output.group_detail_list.emplace();
    auto& roles = out.output.role_detail_list.emplace();
    auto& policies = out.output.policies.emplace();

    Walk walk(page);
    const auto each_of = [&](char section, const auto& all, auto& list) {
      walk.over(section, all, kEvery,
                [&](const auto& entity, Documents& documents) { list.push_back(detail(at, entity, documents)); });
    };
    const auto policies_of = [&](char section, const auto& all, auto keep) {
      walk.over(section, all, keep, [&](const ManagedPolicy& policy, Documents& documents) {
        policies.push_back(detail(policy, uses.of(policy), documents));
      });
    };
    if (wants("User")) each_of('1', account.users, users);
    if (wants("Group")) each_of('2', account.groups, groups);
    if (wants("Role")) each_of('3', account.roles, roles);
    if (wants("LocalManagedPolicy")) policies_of('4', account.policies, kEvery);
    if (wants("AWSManagedPolicy")) {  // those in use: the account has nothing to do with the others
      policies_of('5', at.snapshot.aws_policies(), [&](const ManagedPolicy& policy) {
        const Uses used = uses.of(policy);
        return used.attachments > 0 || used.boundaries > 0;
      });
    }
    walk.finish(out.output);
    return out;
  }
};

}  // namespace

std::span<const Binding> authorization_details_bindings() {
  static constexpr Binding kBindings[] = {services::bind<GetAccountAuthorizationDetails>()};
  return kBindings;
}

}  // namespace deputy::iam
