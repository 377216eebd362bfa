// Centralized root access, the report over an organization, and outbound federation: who may switch what, and what is
// shown of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/iam/disable_organizations_root_credentials_management.h"
#include "protocol/iam/disable_organizations_root_sessions.h"
#include "protocol/iam/disable_outbound_web_identity_federation.h"
#include "protocol/iam/enable_organizations_root_credentials_management.h"
#include "protocol/iam/enable_organizations_root_sessions.h"
#include "protocol/iam/enable_outbound_web_identity_federation.h"
#include "protocol/iam/generate_organizations_access_report.h"
#include "protocol/iam/get_organizations_access_report.h"
#include "protocol/iam/get_outbound_web_identity_federation_info.h"
#include "protocol/iam/list_organizations_features.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char *kC = "333333333333", *kPath = "o-abcdefghij/r-ab12/";

/// A manages an organization with B in it; C is in none.
class OrganizationTest : public testing::Test {
 protected:
  OrganizationTest() {
    world.create_account(kC);
    organization.id = "o-abcdefghij";
    organization.root = "r-ab12";
    organization.management = *AccountId::parse(kA);
    organization.trusted_services = {{"iam.amazonaws.com", world.now}};
    organization.accounts = 2;
    directory::Changes all;
    all.create(organization);
    for (const char* account : {kA, kB}) {
      directory::Membership member;
      member.account = *AccountId::parse(account);
      member.organization = organization.id;
      all.create(member);
    }
    EXPECT_TRUE(world.commit(all));
  }
  /// The organization as `change` makes it.
  template <class Change>
  void set(Change&& change) {
    directory::Organization after = world.snapshot().organization(organization.id)->organization;
    change(after);
    directory::Changes changes;
    changes.update(after);
    ASSERT_TRUE(world.commit(changes));
  }
  void delegate(const char* account) {
    directory::Membership member = *world.snapshot().organization(organization.id)->members.get(account);
    member.delegations = {{"iam.amazonaws.com", world.now}};
    directory::Changes changes;
    changes.update(member);
    ASSERT_TRUE(world.commit(changes));
  }
  /// The code of the refusal; empty: it was done.
  template <class Op>
  std::string refusal(const char* account) {
    const auto result = world.call<Op>({}, root(account));
    return result ? "" : result.error().code();
  }
  std::vector<std::string> features(const char* account = kA) {
    return world.must<shapes::ListOrganizationsFeatures>({}, root(account)).enabled_features.value();
  }

  World world;
  directory::Organization organization;
};

// ---- centralized root access

TEST_F(OrganizationTest, FeaturesAreSwitchedOneByOne) {
  EXPECT_THAT(features(), IsEmpty());
  const auto on = world.must<shapes::EnableOrganizationsRootSessions>({});
  EXPECT_EQ(on.organization_id, "o-abcdefghij");
  EXPECT_THAT(*on.enabled_features, ElementsAre("RootSessions"));
  world.must<shapes::EnableOrganizationsRootCredentialsManagement>({});
  EXPECT_THAT(features(), ElementsAre("RootCredentialsManagement", "RootSessions"));
  EXPECT_THAT(*world.must<shapes::DisableOrganizationsRootSessions>({}).enabled_features,
              ElementsAre("RootCredentialsManagement"));
  world.must<shapes::DisableOrganizationsRootCredentialsManagement>({});
  EXPECT_THAT(features(), IsEmpty());
}

TEST_F(OrganizationTest, WhatIsSoAlreadyIsNotWritten) {
  world.must<shapes::EnableOrganizationsRootSessions>({});
  EXPECT_TRUE(world.prepare<shapes::EnableOrganizationsRootSessions>({}).empty());
  EXPECT_TRUE(world.prepare<shapes::DisableOrganizationsRootCredentialsManagement>({}).empty());
}

TEST_F(OrganizationTest, WhoAdministersItMaySwitchOffAndTheManagementAccountOn) {
  world.must<shapes::EnableOrganizationsRootSessions>({});
  const char *other = "AccountNotManagementOrDelegatedAdministratorException",
             *management = "CallerIsNotManagementAccountException";
  EXPECT_EQ(refusal<shapes::ListOrganizationsFeatures>(kB), other);
  EXPECT_EQ(refusal<shapes::DisableOrganizationsRootSessions>(kB), other);
  EXPECT_EQ(refusal<shapes::EnableOrganizationsRootSessions>(kB), management);
  EXPECT_EQ(refusal<shapes::EnableOrganizationsRootCredentialsManagement>(kB), management);
  delegate(kB);
  EXPECT_THAT(features(kB), ElementsAre("RootSessions"));
  EXPECT_EQ(refusal<shapes::EnableOrganizationsRootCredentialsManagement>(kB), management);
  EXPECT_EQ(refusal<shapes::DisableOrganizationsRootSessions>(kB), "");
  EXPECT_THAT(features(), IsEmpty());
}

TEST_F(OrganizationTest, WithoutWhatItNeedsNothingIsSwitched) {
  const auto every = [&](const char* account) {
    return std::vector<std::string>{refusal<shapes::EnableOrganizationsRootSessions>(account),
                                    refusal<shapes::EnableOrganizationsRootCredentialsManagement>(account),
                                    refusal<shapes::DisableOrganizationsRootSessions>(account),
                                    refusal<shapes::DisableOrganizationsRootCredentialsManagement>(account),
                                    refusal<shapes::ListOrganizationsFeatures>(account)};
  };
  EXPECT_THAT(every(kC), testing::Each("OrganizationNotFoundException"));
  set([](directory::Organization& o) { o.trusted_services.clear(); });
  EXPECT_THAT(every(kA), testing::Each("ServiceAccessNotEnabledException"));
  set([](directory::Organization& o) { o.all_features = false; });
  EXPECT_THAT(every(kA), testing::Each("OrganizationNotInAllFeaturesModeException"));
}

// ---- the report of last accesses

class AccessReportTest : public OrganizationTest {
 protected:
  AccessReportTest() {
    directory::Changes all;
    all.create(user_of(kA, "AIDAALICE"));
    all.create(user_of(kB, "AIDABOB"));
    EXPECT_TRUE(world.commit(all));
    world.usage.called("AIDAALICE", world.now - std::chrono::hours(5), "us-east-1", "iam", "GetUser");
    world.usage.called("AIDABOB", world.now - std::chrono::hours(2), "eu-west-1", "iam", "GetUser");
    world.usage.called("AIDABOB", world.now - std::chrono::hours(3), "eu-west-1", "sts", "GetCallerIdentity");
  }
  static directory::User user_of(const char* account, const char* id) {
    directory::User user;
    user.account = *AccountId::parse(account);
    user.id = UniqueId(id);
    user.path = "/";
    user.name = "somebody";
    return user;
  }
  shapes::GetOrganizationsAccessReport::Output report(const std::string& path,
                                                      std::optional<std::string> sort_key = {}) {
    const auto job = world.must<shapes::GenerateOrganizationsAccessReport>({.entity_path = path});
    return world.must<shapes::GetOrganizationsAccessReport>(
        {.job_id = job.job_id.value(), .sort_key = std::move(sort_key)});
  }
  static std::vector<std::string> spaces(const shapes::GetOrganizationsAccessReport::Output& report) {
    std::vector<std::string> out;
    for (const auto& row : *report.access_details) out.push_back(row.service_namespace);
    return out;
  }
  static const shapes::AccessDetail& row(const shapes::GetOrganizationsAccessReport::Output& report,
                                         std::string_view space) {
    static const shapes::AccessDetail kNone;
    for (const auto& one : *report.access_details) {
      if (one.service_namespace == space) return one;
    }
    ADD_FAILURE() << "no row for " << space;
    return kNone;
  }
};

TEST_F(AccessReportTest, TheRootsReportIsOfAllAccounts) {
  const auto all = report("o-abcdefghij/r-ab12");
  EXPECT_EQ(all.job_status, "COMPLETED");
  EXPECT_EQ(all.job_creation_date, world.now);
  EXPECT_THAT(spaces(all), ElementsAre("iam", "organizations", "s3", "sts"));
  EXPECT_EQ(all.number_of_services_accessible, 4);
  EXPECT_EQ(all.number_of_services_not_accessed, 2);
  EXPECT_EQ(row(all, "iam").total_authenticated_entities, 2);  // accounts
  EXPECT_EQ(row(all, "iam").last_authenticated_time, world.now - std::chrono::hours(2));
  EXPECT_EQ(row(all, "iam").region, "eu-west-1");
  EXPECT_EQ(row(all, "iam").entity_path, std::string(kPath) + kB);
  EXPECT_EQ(row(all, "sts").total_authenticated_entities, 1);
  EXPECT_EQ(row(all, "s3").total_authenticated_entities, 0);
  EXPECT_FALSE(row(all, "s3").last_authenticated_time);
}

TEST_F(AccessReportTest, AnAccountsReportIsOfItAlone) {
  for (const std::string& path : {std::string(kPath) + kA, std::string(kPath) + kA + "/"}) {
    const auto one = report(path);
    EXPECT_EQ(row(one, "iam").total_authenticated_entities, 1) << path;
    EXPECT_EQ(row(one, "iam").region, "us-east-1") << path;
    EXPECT_EQ(one.number_of_services_not_accessed, 3) << path;
  }
}

TEST_F(AccessReportTest, ItIsSortedAsAsked) {
  const std::pair<const char*, std::vector<std::string>> cases[] = {
      {"SERVICE_NAMESPACE_ASCENDING", {"iam", "organizations", "s3", "sts"}},
      {"SERVICE_NAMESPACE_DESCENDING", {"sts", "s3", "organizations", "iam"}},
      {"LAST_AUTHENTICATED_TIME_ASCENDING", {"organizations", "s3", "sts", "iam"}},
      {"LAST_AUTHENTICATED_TIME_DESCENDING", {"iam", "sts", "s3", "organizations"}},
  };
  for (const auto& [key, order] : cases) EXPECT_EQ(spaces(report(kPath, key)), order) << key;
}

TEST_F(AccessReportTest, OnlyTheManagementAccountMayAskAndOnlyForItsOwn) {
  const auto refusal_of = [&](const char* account, const std::string& path) {
    return world.call<shapes::GenerateOrganizationsAccessReport>({.entity_path = path}, root(account));
  };
  const char* words = "You don't have permissions to access this resource.";
  for (const char* account : {kB, kC}) {
    EXPECT_TRUE(refused(refusal_of(account, kPath), "AccessDenied", 403, words)) << account;
  }
  for (const std::string& path : {std::string("o-abcdefghij"), std::string("o-abcdefghij/r-ab13"),
                                  std::string("o-other/r-ab12"), std::string(kPath) + kC, std::string()}) {
    EXPECT_TRUE(refused(refusal_of(kA, path), "AccessDenied", 403, words)) << path;
  }
  EXPECT_EQ(world
                .call<shapes::GenerateOrganizationsAccessReport>(
                    {.entity_path = kPath, .organizations_policy_id = "p-12345678"})
                .error()
                .status(),
            501);
}

TEST_F(AccessReportTest, AJobIsOfWhoeverStartedItAndOfItsKind) {
  const auto asked = world.accesses<shapes::GenerateOrganizationsAccessReport>({.entity_path = kPath});
  EXPECT_EQ(asked.at(0).resource, arn("access-report/o-abcdefghij/r-ab12/"));
  EXPECT_FALSE(world.call<shapes::GetOrganizationsAccessReport>({.job_id = "nobody's"}).ok());
  const auto job = world.must<shapes::GenerateOrganizationsAccessReport>({.entity_path = kPath}).job_id.value();
  EXPECT_FALSE(world.call<shapes::GetOrganizationsAccessReport>({.job_id = job}, root(kB)).ok());
  EXPECT_TRUE(world.call<shapes::GetOrganizationsAccessReport>({.job_id = job}).ok());
}

// ---- outbound federation

TEST(OutboundFederationTest, ItIsOffUntilItIsSwitchedOn) {
  World world;
  EXPECT_TRUE(refused(world.call<shapes::GetOutboundWebIdentityFederationInfo>({}), "FeatureDisabled", 404,
                      "Outbound identity federation is disabled for account 111111111111"));
  EXPECT_TRUE(refused(world.call<shapes::DisableOutboundWebIdentityFederation>({}), "FeatureDisabled", 404,
                      "Outbound identity federation is already disabled for account 111111111111"));
  const auto on = world.must<shapes::EnableOutboundWebIdentityFederation>({});
  EXPECT_TRUE(on.issuer_identifier->starts_with("https://deputy.example.com/")) << *on.issuer_identifier;
  EXPECT_TRUE(refused(world.call<shapes::EnableOutboundWebIdentityFederation>({}), "FeatureEnabled", 409,
                      "Outbound identity federation is already enabled for account 111111111111"));
  const auto info = world.must<shapes::GetOutboundWebIdentityFederationInfo>({});
  EXPECT_EQ(info.issuer_identifier, on.issuer_identifier);
  EXPECT_EQ(info.jwt_vending_enabled, true);
}

TEST(OutboundFederationTest, AnIssuerStaysAnAccountsOwn) {
  World world;
  const auto of = [&](const char* account) {
    return world.must<shapes::EnableOutboundWebIdentityFederation>({}, root(account)).issuer_identifier.value();
  };
  const std::string first = of(kA), second = of(kB);
  EXPECT_NE(first, second);
  const auto keys = world.snapshot().account(*AccountId::parse(kA))->account.signing_keys.size();
  EXPECT_GT(keys, 0U);
  world.must<shapes::DisableOutboundWebIdentityFederation>({});
  EXPECT_EQ(of(kA), first) << "whoever trusts it trusts it again";
  EXPECT_EQ(world.snapshot().account(*AccountId::parse(kA))->account.signing_keys.size(), keys);
}

}  // namespace
}  // namespace deputy::iam
