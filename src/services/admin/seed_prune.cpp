// What the accounts of a seed hold and the seed does not name: everything that hangs on it goes first, as IAM wants it.
#include <algorithm>

#include "protocol/iam/deactivate_mfa_device.h"
#include "protocol/iam/delete_access_key.h"
#include "protocol/iam/delete_group.h"
#include "protocol/iam/delete_group_policy.h"
#include "protocol/iam/delete_instance_profile.h"
#include "protocol/iam/delete_login_profile.h"
#include "protocol/iam/delete_open_id_connect_provider.h"
#include "protocol/iam/delete_policy.h"
#include "protocol/iam/delete_policy_version.h"
#include "protocol/iam/delete_role.h"
#include "protocol/iam/delete_role_policy.h"
#include "protocol/iam/delete_saml_provider.h"
#include "protocol/iam/delete_service_specific_credential.h"
#include "protocol/iam/delete_signing_certificate.h"
#include "protocol/iam/delete_ssh_public_key.h"
#include "protocol/iam/delete_user.h"
#include "protocol/iam/delete_user_policy.h"
#include "protocol/iam/detach_group_policy.h"
#include "protocol/iam/detach_role_policy.h"
#include "protocol/iam/detach_user_policy.h"
#include "protocol/iam/remove_role_from_instance_profile.h"
#include "protocol/iam/remove_user_from_group.h"
#include "protocol/s3/delete_bucket.h"
#include "services/admin/seeding.h"

namespace deputy::admin {

namespace api = iam::shapes;

namespace {

/// One entity that goes.
struct Going {
  Seeding& seeding;
  const Spot spot;
  const AccountId& account;
  std::string_view member;  // "UserName"
  const std::string& name;
  std::string word;  // "user"

  void run(const protocol::Operation& operation, std::string_view with = {}, const std::string& value = {}) const {
    Request request;
    request.with(member, name);
    if (!with.empty()) request.with(with, value);
    seeding.run(spot, account, operation, request, {word + "/" + name, value});
  }
};

template <class Entity>
void strip(const Going& going, const Entity& entity, const protocol::Operation& detach,
           const protocol::Operation& remove) {
  for (const std::string& arn : entity.attached_policies) going.run(detach, "PolicyArn", arn);
  for (const auto& policy : entity.inline_policies) going.run(remove, "PolicyName", policy.name);
}

void delete_user(Seeding& seeding, const Spot& spot, const AccountId& account, const std::string& name) {
  const directory::AccountState& of = *seeding.account(account);
  const directory::User user = *of.users.get(ascii_lower(name));
  std::vector<std::string> groups;
  for (const UniqueId& id : user.groups) {
    if (const auto* group = of.groups_by_id.get(id.str())) groups.push_back(group->name);
  }
  const Going going{seeding, spot, account, "UserName", user.name, "user"};
  for (const std::string& group : groups) going.run(api::RemoveUserFromGroup::model, "GroupName", group);
  strip(going, user, api::DetachUserPolicy::model, api::DeleteUserPolicy::model);
  for (const auto& key : user.access_keys) going.run(api::DeleteAccessKey::model, "AccessKeyId", key.id);
  for (const auto& device : user.mfa_devices) going.run(api::DeactivateMFADevice::model, "SerialNumber", device);
  for (const auto& key : user.ssh_public_keys) going.run(api::DeleteSSHPublicKey::model, "SSHPublicKeyId", key.id);
  for (const auto& certificate : user.signing_certificates) {
    going.run(api::DeleteSigningCertificate::model, "CertificateId", certificate.id);
  }
  for (const auto& credential : user.service_credentials) {
    going.run(api::DeleteServiceSpecificCredential::model, "ServiceSpecificCredentialId", credential.id);
  }
  if (user.login_profile) going.run(api::DeleteLoginProfile::model);
  going.run(api::DeleteUser::model);
}

void delete_group(Seeding& seeding, const Spot& spot, const AccountId& account, const std::string& name) {
  const directory::AccountState& of = *seeding.account(account);
  const directory::Group group = *of.groups.get(ascii_lower(name));
  const Going going{seeding, spot, account, "GroupName", group.name, "group"};
  std::vector<std::string> members;
  of.users.each([&](const directory::User& user) {
    if (std::find(user.groups.begin(), user.groups.end(), group.id) != user.groups.end()) members.push_back(user.name);
  });
  for (const std::string& user : members) going.run(api::RemoveUserFromGroup::model, "UserName", user);
  strip(going, group, api::DetachGroupPolicy::model, api::DeleteGroupPolicy::model);
  going.run(api::DeleteGroup::model);
}

void delete_role(Seeding& seeding, const Spot& spot, const AccountId& account, const std::string& name) {
  const directory::Role role = *seeding.account(account)->roles.get(ascii_lower(name));
  const Going going{seeding, spot, account, "RoleName", role.name, "role"};
  std::vector<std::string> profiles;
  seeding.account(account)->instance_profiles.each([&](const directory::InstanceProfile& profile) {
    if (profile.role == role.name) profiles.push_back(profile.name);
  });
  for (const std::string& profile : profiles) {
    going.run(api::RemoveRoleFromInstanceProfile::model, "InstanceProfileName", profile);
  }
  strip(going, role, api::DetachRolePolicy::model, api::DeleteRolePolicy::model);
  going.run(api::DeleteRole::model);
}

void delete_profile(Seeding& seeding, const Spot& spot, const AccountId& account, const std::string& name) {
  const directory::InstanceProfile profile = *seeding.account(account)->instance_profiles.get(ascii_lower(name));
  const Going going{seeding, spot, account, "InstanceProfileName", profile.name, "instance-profile"};
  if (!profile.role.empty()) going.run(api::RemoveRoleFromInstanceProfile::model, "RoleName", profile.role);
  going.run(api::DeleteInstanceProfile::model);
}

void delete_policy(Seeding& seeding, const Spot& spot, const AccountId& account, const std::string& name) {
  const directory::ManagedPolicy policy = *seeding.account(account)->policies.get(ascii_lower(name));
  const std::string arn = policy.arn();
  const auto run = [&](const protocol::Operation& operation, const std::string& version) {
    Request request;
    request.with("PolicyArn", arn);
    if (!version.empty()) request.with("VersionId", std::string_view(version));
    seeding.run(spot, account, operation, request, {"policy/" + policy.name, version});
  };
  for (const auto& version : policy.versions) {
    if (version.number != policy.default_version) {
      run(api::DeletePolicyVersion::model, "v" + std::to_string(version.number));
    }
  }
  run(api::DeletePolicy::model, "");
}

/// Roles that AWS's services and organizations keep in an account: theirs, whatever a seed says.
bool is_kept(const directory::Role& role) {
  return role.path.starts_with("/aws-service-role/") || role.path.starts_with("/aws-reserved/") ||
         role.name == "OrganizationAccountAccessRole";
}

/// The names of a map that the seed does not name.
template <class Entity, class Named, class NameOf, class Keep>
std::vector<std::string> others(const directory::SortedMap<Entity>& there, const std::vector<Named>& named,
                                NameOf name_of, Keep keep) {
  std::vector<std::string> keys;
  for (const Named& each : named) keys.push_back(name_of(each));
  std::sort(keys.begin(), keys.end());
  std::vector<std::string> gone;
  there.scan("", [&](std::string_view key, const Entity& entity) {
    if (!std::binary_search(keys.begin(), keys.end(), key, std::less<>()) && !keep(entity)) gone.emplace_back(key);
    return true;
  });
  return gone;
}
constexpr auto kNothing = [](const auto&) { return false; };

/// As IAM keeps a provider's URL.
std::string key_of_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url);
}

}  // namespace

void prune_account(Seeding& seeding, const shapes::SeedAccount& wanted) {
  const AccountId id = *AccountId::parse(wanted.account_id);
  const Spot spot{wanted.place};
  const auto there = [&]() -> const directory::AccountState& { return *seeding.account(id); };
  const auto profiles = others(
      there().instance_profiles, all(wanted.instance_profiles),
      [](const auto& each) { return ascii_lower(each.instance_profile_name); }, kNothing);
  for (const std::string& name : profiles) delete_profile(seeding, spot, id, name);
  const auto users = others(
      there().users, all(wanted.users), [](const auto& each) { return ascii_lower(each.user_name); }, kNothing);
  for (const std::string& name : users) delete_user(seeding, spot, id, name);
  const auto roles = others(
      there().roles, all(wanted.roles), [](const auto& each) { return ascii_lower(each.role_name); }, is_kept);
  for (const std::string& name : roles) delete_role(seeding, spot, id, name);
  const auto groups = others(
      there().groups, all(wanted.groups), [](const auto& each) { return ascii_lower(each.group_name); }, kNothing);
  for (const std::string& name : groups) delete_group(seeding, spot, id, name);
  const auto policies = others(
      there().policies, all(wanted.managed_policies), [](const auto& each) { return ascii_lower(each.policy_name); },
      kNothing);
  for (const std::string& name : policies) delete_policy(seeding, spot, id, name);

  const auto remove = [&](const protocol::Operation& operation, std::string_view member, const std::string& arn,
                          About about) {
    Request request;
    request.with(member, arn);
    seeding.run(spot, id, operation, request, about);
  };
  const auto oidc = others(
      there().oidc_providers, all(wanted.open_id_connect_providers),
      [](const auto& each) { return key_of_url(each.url); }, kNothing);
  for (const std::string& url : oidc) {
    remove(api::DeleteOpenIDConnectProvider::model, "OpenIDConnectProviderArn", there().oidc_providers.get(url)->arn(),
           {"oidc-provider/" + url});
  }
  const auto saml = others(
      there().saml_providers, all(wanted.saml_providers), [](const auto& each) { return ascii_lower(each.name); },
      kNothing);
  for (const std::string& name : saml) {
    const directory::SamlProvider& provider = *there().saml_providers.get(name);
    remove(api::DeleteSAMLProvider::model, "SAMLProviderArn", provider.arn(), {"saml-provider/" + provider.name});
  }
  const auto buckets = others(
      there().buckets, all(wanted.buckets), [](const auto& each) { return each.bucket; }, kNothing);
  for (const std::string& name : buckets) {
    s3::shapes::DeleteBucket::Input input;
    input.bucket = name;
    seeding.run_typed(spot, id, s3::shapes::DeleteBucket::model, &input, {"bucket/" + name});
  }
}

}  // namespace deputy::admin
