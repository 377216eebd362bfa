// Every paginated operation of IAM, one row each: pages of any size give every item once and in the order of the whole
// list, say truthfully whether there are more, and take nobody else's Marker (docs/wire.md, 5.6).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "base/encoding.h"
#include "protocol/iam/generate_organizations_access_report.h"
#include "protocol/iam/generate_service_last_accessed_details.h"
#include "protocol/iam/get_account_authorization_details.h"
#include "protocol/iam/get_group.h"
#include "protocol/iam/get_organizations_access_report.h"
#include "protocol/iam/get_service_last_accessed_details.h"
#include "protocol/iam/get_service_last_accessed_details_with_entities.h"
#include "protocol/iam/list_access_keys.h"
#include "protocol/iam/list_account_aliases.h"
#include "protocol/iam/list_attached_group_policies.h"
#include "protocol/iam/list_attached_role_policies.h"
#include "protocol/iam/list_attached_user_policies.h"
#include "protocol/iam/list_entities_for_policy.h"
#include "protocol/iam/list_group_policies.h"
#include "protocol/iam/list_groups.h"
#include "protocol/iam/list_groups_for_user.h"
#include "protocol/iam/list_instance_profile_tags.h"
#include "protocol/iam/list_instance_profiles.h"
#include "protocol/iam/list_instance_profiles_for_role.h"
#include "protocol/iam/list_mfa_device_tags.h"
#include "protocol/iam/list_mfa_devices.h"
#include "protocol/iam/list_open_id_connect_provider_tags.h"
#include "protocol/iam/list_policies.h"
#include "protocol/iam/list_policy_tags.h"
#include "protocol/iam/list_policy_versions.h"
#include "protocol/iam/list_role_policies.h"
#include "protocol/iam/list_role_tags.h"
#include "protocol/iam/list_roles.h"
#include "protocol/iam/list_saml_provider_tags.h"
#include "protocol/iam/list_server_certificate_tags.h"
#include "protocol/iam/list_server_certificates.h"
#include "protocol/iam/list_service_specific_credentials.h"
#include "protocol/iam/list_signing_certificates.h"
#include "protocol/iam/list_ssh_public_keys.h"
#include "protocol/iam/list_user_policies.h"
#include "protocol/iam/list_user_tags.h"
#include "protocol/iam/list_users.h"
#include "protocol/iam/list_virtual_mfa_devices.h"
#include "services/iam/lookup.h"
#include "services/iam/paging.h"
#include "services/iam/table.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

constexpr int kMany = 7;  // of everything

/// "x0", "x1", …: each of 64 characters, the longest that most names may be.
std::string numbered(char first, int i) { return first + std::string(62, 'n') + std::to_string(i); }

const AccountId& owner() {
  static const AccountId kId = *AccountId::parse(kA);
  return kId;
}

template <class Entity>
Entity made(std::string name, const std::string& id) {
  Entity entity;
  entity.account = owner();
  entity.name = std::move(name);
  if constexpr (requires { entity.path; }) entity.path = "/";
  if constexpr (requires { entity.id; }) entity.id = UniqueId(id);
  return entity;
}

directory::Tags many_tags() {
  directory::Tags tags;
  // The longest keys: 128 characters of three bytes, of which only the last ones differ.
  std::string stem;
  for (int i = 0; i < 127; ++i) stem += "\u30c7";
  for (int i = 0; i < kMany; ++i) tags.push_back({stem + std::to_string(i), "v"});
  return tags;
}

template <class Entity>
void give_policies(Entity& entity) {
  for (int i = 0; i < kMany; ++i) {
    entity.inline_policies.push_back({numbered('i', i), directory::PolicyText(kAllowAll)});
    entity.attached_policies.push_back(arn("policy/" + numbered('p', i)));
  }
}

/// An account in which everything is there seven times, whatever its quota is: an operator's data may be older.
struct Populated : World {
  Populated() {
    directory::Changes all;
    directory::Account account = snapshot().account(owner())->account;
    account.alias = "acme";
    all.update(account);
    for (int i = 0; i < kMany; ++i) {
      const std::string digit = std::to_string(i);
      User user = made<User>(numbered('u', i), "AIDA" + digit);
      for (int g = 0; g < kMany; ++g) user.groups.push_back(UniqueId("AGPA" + std::to_string(g)));
      give_policies(user);
      if (i == 0) fill(user);
      all.create(user);
      Group group = made<Group>(numbered('g', i), "AGPA" + digit);
      group.members = kMany;
      give_policies(group);
      all.create(group);
      Role role = made<Role>(numbered('r', i), "AROA" + digit);
      role.trust = directory::PolicyText(kTrustsA);
      role.instance_profiles = kMany;
      role.tags = many_tags();
      give_policies(role);
      all.create(role);
      ManagedPolicy policy = made<ManagedPolicy>(numbered('p', i), "ANPA" + digit);
      policy.versions.clear();
      for (std::uint32_t v = 1; v <= kMany; ++v) policy.versions.push_back({v, directory::PolicyText(kAllowAll), now});
      policy.attachments = 3 * kMany;
      policy.tags = many_tags();
      all.create(policy);
      auto profile = made<directory::InstanceProfile>(numbered('w', i), "AIPA" + digit);
      profile.role = numbered('r', 0);
      profile.tags = many_tags();
      all.create(profile);
      auto certificate = made<directory::ServerCertificate>(numbered('c', i), "ASCA" + digit);
      certificate.tags = many_tags();
      all.create(certificate);
      MfaDevice device = made<MfaDevice>(numbered('m', i), {});
      device.path = device_path();
      device.user = UniqueId("AIDA0");
      device.tags = many_tags();
      all.create(device);
    }
    directory::OidcProvider oidc;
    oidc.account = owner();
    oidc.url = "token.example.com";
    oidc.tags = many_tags();
    all.create(oidc);
    auto saml = made<directory::SamlProvider>("corp", {});
    saml.tags = many_tags();
    all.create(saml);
    directory::Organization organization;
    organization.id = "o-abcdefghij";
    organization.root = "r-ab12";
    organization.management = owner();
    organization.trusted_services = {{"iam.amazonaws.com", now}};
    all.create(organization);
    directory::Membership member;
    member.account = owner();
    member.organization = organization.id;
    all.create(member);
    EXPECT_TRUE(commit(all));
    of_user = must<shapes::GenerateServiceLastAccessedDetails>({.arn = arn("user/" + numbered('u', 0))}).job_id.value();
    of_policy =
        must<shapes::GenerateServiceLastAccessedDetails>({.arn = arn("policy/" + numbered('p', 0))}).job_id.value();
    of_root = must<shapes::GenerateOrganizationsAccessReport>({.entity_path = "o-abcdefghij/r-ab12"}).job_id.value();
  }

  /// Makes a serial number of 256 characters, the longest.
  static std::string device_path() { return "/" + std::string(160, 'd') + "/"; }

  static void fill(User& user) {
    user.tags = many_tags();
    for (int i = 0; i < kMany; ++i) {
      const std::string digit = std::to_string(i);
      user.access_keys.push_back({"AKIA" + digit, "sealed", true, {}});
      user.ssh_public_keys.push_back({"APKA" + digit, "\x01", "\x03", true, {}});
      user.signing_certificates.push_back({"CERT" + digit, "body", true, {}});
      user.service_credentials.push_back(
          {"ACCA" + digit, "codecommit.amazonaws.com", "n" + digit, "sealed", true, {}, false, {}});
      user.mfa_devices.push_back(arn("mfa" + device_path() + numbered('m', i)));
    }
  }

  std::string of_user, of_policy, of_root;  // reports
};

/// One page, as all operations give it.
struct Cut {
  std::vector<std::string> items;
  bool truncated = false;
  std::optional<std::string> marker;
};

struct Row {
  std::string name;
  std::size_t total;
  std::function<Result<Cut>(World&, std::optional<std::string> marker, std::optional<std::int32_t> max_items)> page;
};

template <class Op>
Row row(typename Op::Input in, std::size_t total,
        std::function<std::vector<std::string>(const typename Op::Output&)> items) {
  return {std::string(Op::model.name), total, [=](World& world, auto marker, auto max_items) -> Result<Cut> {
            auto with = in;
            with.marker = std::move(marker);
            with.max_items = max_items;
            TRY(const auto out, world.call<Op>(with));
            return Cut{items(out), out.is_truncated.value_or(false), out.marker};
          }};
}

std::string text(std::string of) { return of; }
std::string text(std::optional<std::string> of) { return of.value_or(""); }

/// What `name` makes of each item of a list, which may be left out.
template <class List, class Name>
std::vector<std::string> each(const List& list, Name name) {
  std::vector<std::string> out;
  for (const auto& item : list) out.push_back(text(std::invoke(name, item)));
  return out;
}
template <class Item, class Name>
std::vector<std::string> each(const std::optional<std::vector<Item>>& list, Name name) {
  return list ? each(*list, name) : std::vector<std::string>();
}
std::vector<std::string> all_of(std::initializer_list<std::vector<std::string>> lists) {
  std::vector<std::string> out;
  for (const auto& list : lists) out.insert(out.end(), list.begin(), list.end());
  return out;
}

template <class Op>
Row tag_row(typename Op::Input in) {
  return row<Op>(std::move(in), kMany, [](const auto& out) { return each(out.tags, &shapes::Tag::key); });
}
template <class Op>
Row inline_row(typename Op::Input in) {
  return row<Op>(std::move(in), kMany, [](const auto& out) { return out.policy_names; });
}
template <class Op>
Row attached_row(typename Op::Input in) {
  return row<Op>(std::move(in), kMany, [](const auto& out) {
    return each(out.attached_policies, [](const auto& p) { return p.policy_name.value(); });
  });
}
/// The report tells of four services.
constexpr std::size_t kServices = 4;

std::vector<Row> rows(const Populated& world) {
  const std::string u = numbered('u', 0), g = numbered('g', 0), r = numbered('r', 0),
                    p = arn("policy/" + numbered('p', 0));
  return {
      row<shapes::ListUsers>({}, kMany, [](const auto& out) { return each(out.users, &shapes::User::user_name); }),
      row<shapes::ListGroups>({}, kMany, [](const auto& out) { return each(out.groups, &shapes::Group::group_name); }),
      row<shapes::ListRoles>({}, kMany, [](const auto& out) { return each(out.roles, &shapes::Role::role_name); }),
      row<shapes::ListPolicies>(
          {.scope = "Local"}, kMany,
          [](const auto& out) { return each(out.policies, [](const auto& one) { return one.policy_name.value(); }); }),
      row<shapes::ListPolicyVersions>(
          {.policy_arn = p}, kMany,
          [](const auto& out) { return each(out.versions, [](const auto& v) { return v.version_id.value(); }); }),
      row<shapes::ListEntitiesForPolicy>(
          {.policy_arn = p}, 3 * kMany,
          [](const auto& out) {
            return all_of({each(out.policy_groups, [](const auto& e) { return e.group_name.value(); }),
                           each(out.policy_users, [](const auto& e) { return e.user_name.value(); }),
                           each(out.policy_roles, [](const auto& e) { return e.role_name.value(); })});
          }),
      row<shapes::ListInstanceProfiles>(
          {}, kMany,
          [](const auto& out) { return each(out.instance_profiles, &shapes::InstanceProfile::instance_profile_name); }),
      row<shapes::ListInstanceProfilesForRole>(
          {.role_name = r}, kMany,
          [](const auto& out) { return each(out.instance_profiles, &shapes::InstanceProfile::instance_profile_name); }),
      row<shapes::ListMFADevices>(
          {.user_name = u}, kMany,
          [](const auto& out) { return each(out.mfa_devices, &shapes::MFADevice::serial_number); }),
      row<shapes::ListVirtualMFADevices>(
          {}, kMany,
          [](const auto& out) { return each(out.virtual_mfa_devices, &shapes::VirtualMFADevice::serial_number); }),
      row<shapes::ListAccessKeys>({.user_name = u}, kMany,
                                  [](const auto& out) {
                                    return each(out.access_key_metadata,
                                                [](const auto& key) { return key.access_key_id.value(); });
                                  }),
      row<shapes::ListSSHPublicKeys>({.user_name = u}, kMany,
                                     [](const auto& out) {
                                       return each(out.ssh_public_keys,
                                                   [](const auto& key) { return key.ssh_public_key_id; });
                                     }),
      row<shapes::ListSigningCertificates>(
          {.user_name = u}, kMany,
          [](const auto& out) { return each(out.certificates, [](const auto& one) { return one.certificate_id; }); }),
      row<shapes::ListServiceSpecificCredentials>({.user_name = u}, kMany,
                                                  [](const auto& out) {
                                                    return each(out.service_specific_credentials, [](const auto& one) {
                                                      return one.service_specific_credential_id;
                                                    });
                                                  }),
      row<shapes::ListServerCertificates>({}, kMany,
                                          [](const auto& out) {
                                            return each(out.server_certificate_metadata_list,
                                                        [](const auto& one) { return one.server_certificate_name; });
                                          }),
      row<shapes::ListAccountAliases>({}, 1, [](const auto& out) { return out.account_aliases; }),
      row<shapes::GetGroup>({.group_name = g}, kMany,
                            [](const auto& out) { return each(out.users, &shapes::User::user_name); }),
      row<shapes::ListGroupsForUser>({.user_name = u}, kMany,
                                     [](const auto& out) { return each(out.groups, &shapes::Group::group_name); }),
      inline_row<shapes::ListUserPolicies>({.user_name = u}),
      inline_row<shapes::ListGroupPolicies>({.group_name = g}),
      inline_row<shapes::ListRolePolicies>({.role_name = r}),
      attached_row<shapes::ListAttachedUserPolicies>({.user_name = u}),
      attached_row<shapes::ListAttachedGroupPolicies>({.group_name = g}),
      attached_row<shapes::ListAttachedRolePolicies>({.role_name = r}),
      tag_row<shapes::ListUserTags>({.user_name = u}),
      tag_row<shapes::ListRoleTags>({.role_name = r}),
      tag_row<shapes::ListPolicyTags>({.policy_arn = p}),
      tag_row<shapes::ListInstanceProfileTags>({.instance_profile_name = numbered('w', 0)}),
      tag_row<shapes::ListMFADeviceTags>({.serial_number = arn("mfa" + Populated::device_path() + numbered('m', 0))}),
      tag_row<shapes::ListServerCertificateTags>({.server_certificate_name = numbered('c', 0)}),
      tag_row<shapes::ListOpenIDConnectProviderTags>(
          {.open_id_connect_provider_arn = arn("oidc-provider/token.example.com")}),
      tag_row<shapes::ListSAMLProviderTags>({.saml_provider_arn = arn("saml-provider/corp")}),
      row<shapes::GetAccountAuthorizationDetails>(
          {.filter = {"User", "Group", "Role", "LocalManagedPolicy"}}, 4 * kMany,
          [](const auto& out) {
            return all_of({each(out.user_detail_list, [](const auto& e) { return e.user_name.value(); }),
                           each(out.group_detail_list, [](const auto& e) { return e.group_name.value(); }),
                           each(out.role_detail_list, [](const auto& e) { return e.role_name.value(); }),
                           each(out.policies, [](const auto& e) { return e.policy_name.value(); })});
          }),
      row<shapes::GetServiceLastAccessedDetails>({.job_id = world.of_user}, kServices,
                                                 [](const auto& out) {
                                                   return each(out.services_last_accessed,
                                                               [](const auto& s) { return s.service_namespace; });
                                                 }),
      row<shapes::GetServiceLastAccessedDetailsWithEntities>(
          {.job_id = world.of_policy, .service_namespace = "iam"}, 2 * kMany,
          [](const auto& out) {
            return each(out.entity_details_list, [](const auto& e) { return e.entity_info.name; });
          }),
      row<shapes::GetOrganizationsAccessReport>({.job_id = world.of_root}, kServices,
                                                [](const auto& out) {
                                                  return each(out.access_details,
                                                              [](const auto& one) { return one.service_namespace; });
                                                }),
  };
}

class PagesTest : public testing::Test {
 protected:
  Cut must(const Row& row, std::optional<std::string> marker = {}, std::optional<std::int32_t> max_items = {}) {
    auto cut = row.page(world, std::move(marker), max_items);
    EXPECT_TRUE(cut.ok()) << row.name << ": " << cut.error().message();
    return cut ? *cut : Cut{};
  }

  Populated world;
  const std::vector<Row> all = rows(world);
};

TEST_F(PagesTest, EveryOperationThatTakesAMarkerIsHere) {
  std::set<std::string> here, there;
  for (const Row& row : all) EXPECT_TRUE(here.insert(row.name).second) << row.name;
  for (const Binding& binding : iam_bindings()) {
    const auto& members = binding.model->input->members;
    for (const auto& member : members) {
      if (member.name == "Marker") there.insert(std::string(binding.model->name));
    }
  }
  // Without MaxItems: a service's policies are one page, and nobody asked this account for a delegation.
  for (const char* whole : {"ListPoliciesGrantingServiceAccess", "ListDelegationRequests"}) there.erase(whole);
  EXPECT_EQ(here, there);
}

TEST_F(PagesTest, WithoutMaxItemsAllIsOnePage) {
  for (const Row& row : all) {
    const Cut whole = must(row);
    EXPECT_EQ(whole.items.size(), row.total) << row.name;
    EXPECT_FALSE(whole.truncated) << row.name;
    EXPECT_FALSE(whole.marker) << row.name;
    EXPECT_EQ(std::set(whole.items.begin(), whole.items.end()).size(), row.total) << row.name;
  }
}

TEST_F(PagesTest, PagesOfAnySizeAreThePiecesOfTheWhole) {
  for (const Row& row : all) {
    const std::vector<std::string> whole = must(row).items;
    const auto total = static_cast<std::int32_t>(row.total);
    for (const std::int32_t size : {1, 2, total - 1, total, total + 1, 1000}) {
      if (size < 1) continue;
      std::vector<std::string> seen;
      Cut cut;
      for (int pages = 0; pages == 0 || cut.truncated; ++pages) {
        ASSERT_LE(pages, total) << row.name << " does not end";
        cut = must(row, cut.marker, size);
        seen.insert(seen.end(), cut.items.begin(), cut.items.end());
        EXPECT_EQ(cut.truncated, cut.marker.has_value()) << row.name;
        EXPECT_EQ(cut.truncated, seen.size() < row.total) << row.name << " by " << size;
        if (cut.truncated) {
          EXPECT_EQ(cut.items.size(), static_cast<std::size_t>(size)) << row.name;
        }
      }
      EXPECT_THAT(seen, testing::UnorderedElementsAreArray(whole)) << row.name << " by " << size;
      if (row.name != "ListEntitiesForPolicy" && row.name != "GetAccountAuthorizationDetails") {
        EXPECT_EQ(seen, whole) << row.name << " by " << size;
      }
    }
  }
}

/// The longest names are there: what an answer gives must be what the next request may send.
TEST_F(PagesTest, AMarkerMayBeSentBack) {
  for (const Row& row : all) {
    if (row.total < 2) continue;
    const Cut first = must(row, {}, 1);
    ASSERT_TRUE(first.marker) << row.name;
    EXPECT_LE(first.marker->size(), 320U) << row.name;
    EXPECT_TRUE(std::ranges::all_of(*first.marker, [](char c) { return c > ' ' && c < 0x7f; })) << row.name;
  }
}

TEST_F(PagesTest, AMarkerIsOfOneOperation) {
  for (const Row& from : all) {
    if (from.total < 2) continue;
    const auto marker = must(from, {}, 1).marker;
    for (const Row& to : all) {
      if (from.name == to.name) continue;
      EXPECT_TRUE(refused(to.page(world, marker, 1), "ValidationError", 400, "Invalid Marker."))
          << from.name << " to " << to.name;
    }
  }
}

TEST_F(PagesTest, NoMarkerIsMadeUp) {
  for (const Row& row : all) {
    for (const char* marker : {"x", "AAAA", "////", "TGlzdFVzZXJz", "\xc3\xa9"}) {
      EXPECT_TRUE(refused(row.page(world, marker, {}), "ValidationError", 400, "Invalid Marker.")) << row.name;
    }
  }
}

TEST_F(PagesTest, BehindTheLastItemThereIsNothing) {
  for (const Row& row : all) {
    if (row.total < 2) continue;
    Cut cut = must(row, {}, static_cast<std::int32_t>(row.total - 1));
    ASSERT_TRUE(cut.marker) << row.name;
    cut = must(row, cut.marker, 1);
    EXPECT_EQ(cut.items.size(), 1U) << row.name;
    EXPECT_FALSE(cut.truncated) << row.name;
  }
}

TEST(ShortKeyTest, OnlyLongKeysAreCutAndStayApart) {
  const std::string most(200, 'k');
  EXPECT_EQ(short_key("Team"), "Team");
  EXPECT_EQ(short_key(most), most);
  const std::string longer = short_key(most + "a");
  EXPECT_EQ(longer.size(), 200U);
  EXPECT_EQ(longer.substr(0, 100), most.substr(0, 100));
  EXPECT_NE(longer, short_key(most + "b"));
  EXPECT_EQ(longer, short_key(most + "a"));
}

}  // namespace
}  // namespace deputy::iam
