#include "services/iam/answers.h"

#include "base/arn.h"
#include "services/iam/boundary.h"
#include "services/iam/tags.h"
#include "services/iam/trust.h"

namespace deputy::iam {

shapes::User listed(const directory::User& user) {
  shapes::User out;
  out.path = user.path;
  out.user_name = user.name;
  out.user_id = user.id.str();
  out.arn = user.arn();
  out.create_date = user.created;
  return out;
}

shapes::User shown(const directory::User& user) {
  shapes::User out = listed(user);
  out.permissions_boundary = shown_boundary(user.boundary);
  out.tags = shown_tags(user.tags);
  return out;
}

shapes::User shown_root(const directory::Account& account) {
  shapes::User out;
  if (!account.alias.empty()) out.user_name = account.alias;
  out.user_id = account.id.str();
  out.arn = root_arn(account.id);
  out.create_date = account.created;
  return out;
}

shapes::Group shown(const directory::Group& group) {
  return {group.path, group.name, group.id.str(), group.arn(), group.created};
}

shapes::Role identity_and_trust(const At& at, const Role& role) {
  shapes::Role out;
  out.path = role.path;
  out.role_name = role.name;
  out.role_id = role.id.str();
  out.arn = role.arn();
  out.create_date = role.created;
  out.assume_role_policy_document = shown_trust(at.snapshot, role);
  return out;
}

shapes::RoleLastUsed shown_last_use(const At& at, const Role& role) {
  shapes::RoleLastUsed out;
  if (const auto use = at.usage.last(role.id.str())) {
    out.last_used_date = use->when;
    out.region = use->region;
  }
  return out;
}

shapes::InstanceProfile listed(const At& at, const directory::InstanceProfile& profile) {
  shapes::InstanceProfile out;
  out.path = profile.path;
  out.instance_profile_name = profile.name;
  out.instance_profile_id = profile.id.str();
  out.arn = profile.arn();
  out.create_date = profile.created;
  if (const Role* role = at.snapshot.role(profile.account, profile.role))
    out.roles.push_back(identity_and_trust(at, *role));
  return out;
}

std::vector<shapes::InstanceProfile> shown_instance_profiles(const At& at, const Role& role) {
  std::vector<shapes::InstanceProfile> out;
  if (role.instance_profiles == 0) return out;
  account_of(at).instance_profiles.each([&](const directory::InstanceProfile& profile) {
    if (profile.role == role.name) out.push_back(listed(at, profile));
  });
  return out;
}

std::string version_id(std::uint32_t number) { return "v" + std::to_string(number); }

shapes::PolicyVersion listed_version(const ManagedPolicy& policy, const directory::PolicyVersion& version) {
  shapes::PolicyVersion out;
  out.version_id = version_id(version.number);
  out.is_default_version = version.number == policy.default_version;
  out.create_date = version.created;
  return out;
}

}  // namespace deputy::iam
