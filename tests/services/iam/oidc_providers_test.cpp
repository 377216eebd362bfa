// OpenID Connect providers: docs/wire.md, 5.2, 5.4 and 5.5.
#include "protocol/iam/add_client_id_to_open_id_connect_provider.h"
#include "protocol/iam/create_open_id_connect_provider.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/delete_open_id_connect_provider.h"
#include "protocol/iam/get_open_id_connect_provider.h"
#include "protocol/iam/list_open_id_connect_provider_tags.h"
#include "protocol/iam/list_open_id_connect_providers.h"
#include "protocol/iam/remove_client_id_from_open_id_connect_provider.h"
#include "protocol/iam/tag_open_id_connect_provider.h"
#include "protocol/iam/untag_open_id_connect_provider.h"
#include "protocol/iam/update_open_id_connect_provider_thumbprint.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

constexpr const char* kUrl = "https://token.actions.githubusercontent.com";
constexpr const char* kPrint = "6938fd4d98bab03faadb97b34396831e3780aea1";

class OidcProvidersTest : public testing::Test {
 protected:
  auto get() { return world.must<shapes::GetOpenIDConnectProvider>({.open_id_connect_provider_arn = provider}); }
  void create() {
    world.must<shapes::CreateOpenIDConnectProvider>(
        {.url = kUrl, .client_id_list = {"sts.amazonaws.com"}, .thumbprint_list = {kPrint}});
  }
  auto create_at(const std::string& url) { return world.call<shapes::CreateOpenIDConnectProvider>({.url = url}); }

  World world;
  const std::string provider = arn("oidc-provider/token.actions.githubusercontent.com");
};

TEST_F(OidcProvidersTest, AProviderIsShownAsItWasMade) {
  const auto made = world.must<shapes::CreateOpenIDConnectProvider>({.url = kUrl,
                                                                     .client_id_list = {"sts.amazonaws.com", "b", "b"},
                                                                     .thumbprint_list = {kPrint},
                                                                     .tags = {{"team", "ci"}}});
  EXPECT_EQ(made.open_id_connect_provider_arn, provider);
  EXPECT_EQ(made.tags->size(), 1U);
  const auto got = get();
  EXPECT_EQ(got.url, "token.actions.githubusercontent.com");
  EXPECT_EQ(got.client_id_list, (std::vector<std::string>{"sts.amazonaws.com", "b"}));
  EXPECT_EQ(got.thumbprint_list, std::vector<std::string>{kPrint});
  EXPECT_EQ(got.create_date, world.now);
  EXPECT_EQ(got.tags->front().value, "ci");
  const auto list = world.must<shapes::ListOpenIDConnectProviders>({}).open_id_connect_provider_list;
  ASSERT_EQ(list->size(), 1U);
  EXPECT_EQ(list->front().arn, provider);
}

TEST_F(OidcProvidersTest, AUrlIsAnHttpsHostAndPathAndNothingElse) {
  for (const char* url :
       {"http://a.example", "a.example", "https://", "https://a.example:8443", "https://a.example?x=1",
        "https://a.example/#x", "https://user@a.example", "https://a.example/ b", "HTTPS://a.example",
        "https://a.exam\tple", "https://[::1", "https://a.example:"}) {
    EXPECT_TRUE(refused(create_at(url), "ValidationError", 400, "Invalid Open ID Connect Provider URL")) << url;
  }
  for (const char* url : {"https://a.example", "https://a.example/", "https://a.example/realms/x"}) {
    EXPECT_TRUE(create_at(url).ok()) << url;
  }
}

TEST_F(OidcProvidersTest, OneProviderAUrlAndAHundredAnAccount) {
  create();
  EXPECT_TRUE(refused(create_at(kUrl), "EntityAlreadyExists", 409,
                      "Provider with url https://token.actions.githubusercontent.com already exists."));
  world.must<shapes::CreateOpenIDConnectProvider>({.url = kUrl}, root(kB));  // another account has its own
  for (int i = 1; i < 100; ++i) {
    world.must<shapes::CreateOpenIDConnectProvider>({.url = "https://idp.example/" + std::to_string(i)});
  }
  EXPECT_TRUE(refused(create_at("https://idp.example/x"), "LimitExceeded", 409,
                      "Cannot exceed quota for OpenIDConnectProvidersPerAccount: 100"));
}

TEST_F(OidcProvidersTest, ClientIdsAreAddedAndRemovedWithoutComplaint) {
  create();
  using Add = shapes::AddClientIDToOpenIDConnectProvider;
  using Remove = shapes::RemoveClientIDFromOpenIDConnectProvider;
  world.must<Add>({.open_id_connect_provider_arn = provider, .client_id = "app"});
  world.must<Add>({.open_id_connect_provider_arn = provider, .client_id = "app"});
  EXPECT_EQ(get().client_id_list, (std::vector<std::string>{"sts.amazonaws.com", "app"}));
  world.must<Remove>({.open_id_connect_provider_arn = provider, .client_id = "sts.amazonaws.com"});
  world.must<Remove>({.open_id_connect_provider_arn = provider, .client_id = "nobody"});
  EXPECT_EQ(get().client_id_list, std::vector<std::string>{"app"});
  for (int i = 1; i < 100; ++i) {
    world.must<Add>({.open_id_connect_provider_arn = provider, .client_id = std::to_string(i)});
  }
  EXPECT_TRUE(refused(world.call<Add>({.open_id_connect_provider_arn = provider, .client_id = "x"}), "LimitExceeded",
                      409, "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100"));
}

TEST_F(OidcProvidersTest, ClientIdsAreCountedBeforeTheyAreCompared) {
  const std::vector<std::string> alike(101, "app");  // one, if they were compared first
  EXPECT_TRUE(refused(world.call<shapes::CreateOpenIDConnectProvider>({.url = kUrl, .client_id_list = alike}),
                      "LimitExceeded", 409, "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100"));
}

TEST_F(OidcProvidersTest, ThumbprintsAreReplacedAsAWhole) {
  create();
  using Update = shapes::UpdateOpenIDConnectProviderThumbprint;
  const std::vector<std::string> others{std::string(40, 'a'), std::string(40, 'b')};
  world.must<Update>({.open_id_connect_provider_arn = provider, .thumbprint_list = others});
  EXPECT_EQ(get().thumbprint_list, others);
  std::vector<std::string> six;
  for (char c = 'a'; c < 'g'; ++c) six.emplace_back(40, c);
  EXPECT_TRUE(refused(world.call<Update>({.open_id_connect_provider_arn = provider, .thumbprint_list = six}),
                      "InvalidInput", 400, "Thumbprint list must contain fewer than 5 entries."));
}

TEST_F(OidcProvidersTest, TagsAreSetAndTakenAway) {
  create();
  world.must<shapes::TagOpenIDConnectProvider>(
      {.open_id_connect_provider_arn = provider, .tags = {{"A", "1"}, {"a", "2"}, {"b", "3"}}});
  world.must<shapes::UntagOpenIDConnectProvider>({.open_id_connect_provider_arn = provider, .tag_keys = {"A", "B"}});
  EXPECT_EQ(
      world.must<shapes::ListOpenIDConnectProviderTags>({.open_id_connect_provider_arn = provider}).tags.front().key,
      "a");
  world.must<shapes::UntagOpenIDConnectProvider>({.open_id_connect_provider_arn = provider, .tag_keys = {"a"}});
  const auto tags = world.must<shapes::ListOpenIDConnectProviderTags>({.open_id_connect_provider_arn = provider}).tags;
  ASSERT_EQ(tags.size(), 1U);
  EXPECT_EQ(tags.front().key, "b");
  EXPECT_TRUE(refused(world.call<shapes::TagOpenIDConnectProvider>(
                          {.open_id_connect_provider_arn = provider, .tags = {{"aws:x", "1"}}}),
                      "InvalidInput", 400, "Tags with the aws: prefix cannot be added or removed"));
  const auto asked = world.accesses<shapes::TagOpenIDConnectProvider>(
      {.open_id_connect_provider_arn = provider, .tags = {{"c", "3"}}});
  EXPECT_EQ(asked.front().resource, provider);
  EXPECT_EQ(asked.front().resource_tags->front().key, "b");
}

TEST_F(OidcProvidersTest, WhatIsMissingOrAnothersIsNotFound) {
  create();
  const std::string theirs = arn("oidc-provider/token.actions.githubusercontent.com");
  const std::string words = "OpenId connect Provider " + theirs + " cannot be found.";
  const Who other = root(kB);
  EXPECT_TRUE(missing(world.call<shapes::GetOpenIDConnectProvider>({.open_id_connect_provider_arn = theirs}, other),
                      "OpenIDConnect Provider not found for arn " + theirs));
  EXPECT_TRUE(
      missing(world.call<shapes::DeleteOpenIDConnectProvider>({.open_id_connect_provider_arn = theirs}, other), words));
  EXPECT_TRUE(missing(world.call<shapes::AddClientIDToOpenIDConnectProvider>(
                          {.open_id_connect_provider_arn = theirs, .client_id = "x"}, other),
                      words));
  EXPECT_TRUE(missing(
      world.call<shapes::ListOpenIDConnectProviderTags>({.open_id_connect_provider_arn = theirs}, other), words));
  world.must<shapes::DeleteOpenIDConnectProvider>({.open_id_connect_provider_arn = provider});
  EXPECT_TRUE(
      missing(world.call<shapes::DeleteOpenIDConnectProvider>({.open_id_connect_provider_arn = provider}), words));
}

TEST_F(OidcProvidersTest, ARoleTrustsOnlyAProviderThatExists) {
  const std::string trust = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":")" +
                            provider + R"("},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":)" +
                            R"({"token.actions.githubusercontent.com:sub":"repo:x/y:ref:refs/heads/main"}}}]})";
  const shapes::CreateRole::Input role{.role_name = "ci", .assume_role_policy_document = trust};
  EXPECT_TRUE(refused(world.call<shapes::CreateRole>(role), "MalformedPolicyDocument", 400,
                      "Invalid principal in policy: \"FEDERATED\":\"" + provider + "\""));
  create();
  EXPECT_TRUE(world.call<shapes::CreateRole>(role).ok());
}

}  // namespace
}  // namespace deputy::iam
