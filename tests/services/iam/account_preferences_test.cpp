// What an account prefers, what a provider tells Identity Center, sign-in durations, and what AWS keeps to its partners:
// docs/wire.md, 5.8.
#include "protocol/iam/acquire_role.h"
#include "protocol/iam/create_delegation_request.h"
#include "protocol/iam/create_open_id_connect_provider.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_saml_provider.h"
#include "protocol/iam/get_account_properties.h"
#include "protocol/iam/get_account_summary.h"
#include "protocol/iam/get_delegation_request.h"
#include "protocol/iam/get_open_id_connect_provider.h"
#include "protocol/iam/get_role.h"
#include "protocol/iam/list_delegation_requests.h"
#include "protocol/iam/put_account_properties.h"
#include "protocol/iam/set_security_token_service_preferences.h"
#include "protocol/iam/update_open_id_connect_provider.h"
#include "protocol/iam/update_role.h"
#include "services/iam/quotas.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

using Properties = std::vector<std::pair<std::string, std::string>>;

class AccountPreferencesTest : public testing::Test {
 protected:
  std::int32_t token_version() {
    const auto summary = *world.must<shapes::GetAccountSummary>({}).summary_map;
    return std::ranges::find(summary, "GlobalEndpointTokenVersion", [](const auto& row) { return row.first; })->second;
  }
  Properties properties() { return *world.must<shapes::GetAccountProperties>({}).properties; }
  auto put(Properties what) { return world.call<shapes::PutAccountProperties>({.properties = std::move(what)}); }

  World world;
};

TEST_F(AccountPreferencesTest, TheTokenVersionIsKeptAndShown) {
  EXPECT_EQ(token_version(), 1);
  world.must<shapes::SetSecurityTokenServicePreferences>({.global_endpoint_token_version = "v2Token"});
  EXPECT_EQ(token_version(), 2);
  world.must<shapes::SetSecurityTokenServicePreferences>({.global_endpoint_token_version = "v1Token"});
  EXPECT_EQ(token_version(), 1);
}

TEST_F(AccountPreferencesTest, PropertiesAreOfOneNamespaceAtATime) {
  EXPECT_TRUE(properties().empty());
  EXPECT_TRUE(put({{"RoleManager/b", "2"}, {"RoleManager/a", "1"}}).ok());
  EXPECT_TRUE(put({{"Other/c", "3"}}).ok());
  EXPECT_TRUE(put({{"RoleManager/b", "two"}}).ok());
  EXPECT_EQ(properties(), (Properties{{"Other/c", "3"}, {"RoleManager/a", "1"}, {"RoleManager/b", "two"}}));
  EXPECT_TRUE(refused(put({{"A/a", "1"}, {"B/a", "1"}}), "InvalidInput", 400,
                      "All properties of a request must be of one namespace."));
  EXPECT_TRUE(refused(put({}), "InvalidInput", 400, "Properties must contain at least one property."));
  for (const std::string bad : {"A", "A/", "A/b/c", "A//b"}) {
    EXPECT_TRUE(refused(put({{bad, "1"}}), "InvalidInput", 400,
                        bad + " is not a property's name. It must be of the form Namespace/PropertyName."));
  }
  Properties many;
  for (std::size_t i = 0; i <= quotas::kAccountProperties; ++i) many.emplace_back("M/p" + std::to_string(i), "v");
  EXPECT_TRUE(refused(put(many), "InvalidInput", 400, "Deputy keeps at most 100 properties of an account."));
}

TEST_F(AccountPreferencesTest, AProviderKeepsItsContextProvider) {
  const std::string provider = *world
                                    .must<shapes::CreateOpenIDConnectProvider>(
                                        {.url = "https://ci.example.com", .client_id_list = {"sts.amazonaws.com"}})
                                    .open_id_connect_provider_arn;
  const auto get = [&] {
    return world.must<shapes::GetOpenIDConnectProvider>({.open_id_connect_provider_arn = provider}).context_provider;
  };
  using In = shapes::UpdateOpenIDConnectProvider::Input;
  const auto update = [&](In in) {
    in.open_id_connect_provider_arn = provider;
    return world.call<shapes::UpdateOpenIDConnectProvider>(in);
  };
  EXPECT_FALSE(get());
  shapes::ContextProvider context{.subject_source_key = "email", .subject_type_value = "EMAIL"};
  context.key_definition_list.emplace().push_back({.source_key = "dept", .target_key = {}});
  ASSERT_TRUE(update({.context_provider = context}).ok());
  ASSERT_TRUE(get());
  EXPECT_EQ(get()->subject_source_key, "email");
  EXPECT_EQ(get()->subject_type_value, "EMAIL");
  EXPECT_FALSE(get()->subject_type_source_key);
  EXPECT_EQ(get()->key_definition_list->at(0).source_key, "dept");
  EXPECT_TRUE(refused(update({}), "InvalidInput", 400, "Exactly one change must be specified."));
  EXPECT_TRUE(refused(update({.context_provider = context, .remove_identity_center_instance = true}), "InvalidInput",
                      400, "The context provider and the Identity Center instance cannot be changed in one request."));
  EXPECT_TRUE(refused(update({.identity_center_instance_arn = "arn:aws:sso:::instance/x"}), "NotImplemented", 501,
                      "Deputy does not implement IdentityCenterInstanceArn of iam:UpdateOpenIDConnectProvider."));
  ASSERT_TRUE(update({.remove_context_provider = true}).ok());
  EXPECT_FALSE(get());
}

TEST_F(AccountPreferencesTest, SignInDurationsAreShownWhereTheyWereSet) {
  world.must<shapes::CreateRole>({.role_name = "r", .assume_role_policy_document = kTrustsA});
  const auto duration = [&] {
    return world.must<shapes::GetRole>({.role_name = "r"}).role.max_signin_session_duration;
  };
  EXPECT_FALSE(duration());
  world.must<shapes::UpdateRole>({.role_name = "r", .max_signin_session_duration = 7200});
  EXPECT_EQ(duration(), 7200);
  EXPECT_TRUE(refused(
      world.call<shapes::UpdateRole>(
          {.role_name = "r", .max_signin_session_duration = 7200, .reset_max_signin_session_duration = true}),
      "InvalidInput", 400, "MaxSigninSessionDuration and ResetMaxSigninSessionDuration cannot be used together."));
  world.must<shapes::UpdateRole>({.role_name = "r", .reset_max_signin_session_duration = true});
  EXPECT_FALSE(duration());
}

TEST_F(AccountPreferencesTest, WhatPartnersDoNobodyDoesHere) {
  const auto list = world.must<shapes::ListDelegationRequests>({});
  EXPECT_TRUE(list.delegation_requests->empty());
  EXPECT_EQ(list.is_truncated, false);
  EXPECT_TRUE(missing(world.call<shapes::GetDelegationRequest>({.delegation_request_id = "dr-0123456789abcdef"}),
                      "The Delegation Request with id dr-0123456789abcdef cannot be found."));
  EXPECT_TRUE(refused(world.call<shapes::CreateDelegationRequest>({}), "AccessDenied", 403,
                      "Only product providers that AWS has onboarded can create delegation requests."));
  EXPECT_TRUE(missing(world.call<shapes::AcquireRole>({.template_arn = "arn:aws:iam::aws:role-template/x"}),
                      "The Role Template with ARN arn:aws:iam::aws:role-template/x cannot be found."));
}

}  // namespace
}  // namespace deputy::iam
