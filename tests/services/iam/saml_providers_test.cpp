// SAML providers of an account: what is kept of a metadata document, and in which words they are refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "authn/federation/saml_metadata.h"
#include "authn/federation/saml_provider.h"
#include "protocol/iam/create_saml_provider.h"
#include "protocol/iam/delete_saml_provider.h"
#include "protocol/iam/get_saml_provider.h"
#include "protocol/iam/list_saml_provider_tags.h"
#include "protocol/iam/list_saml_providers.h"
#include "protocol/iam/tag_saml_provider.h"
#include "protocol/iam/untag_saml_provider.h"
#include "protocol/iam/update_saml_provider.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

const authn::test::SamlProviderUnderTest& idp() {
  static const authn::test::SamlProviderUnderTest kIdp;
  return kIdp;
}

class SamlProvidersTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto read = authn::SamlMetadata::parse(idp().metadata());
    if (!read && read.error().code() == "NotImplemented") GTEST_SKIP() << "libxmlsec1-openssl is not installed here";
  }
  static shapes::CreateSAMLProvider::Input input(const std::string& name) {
    return {.saml_metadata_document = idp().metadata(), .name = name};
  }
  std::string created(const std::string& name) {
    return world.must<shapes::CreateSAMLProvider>(input(name)).saml_provider_arn.value_or("");
  }
  [[nodiscard]] const directory::SamlProvider* stored(const std::string& arn) const {
    return world.snapshot().saml_provider_by_arn(arn);
  }
  static std::string with_end(const char* end) {
    std::string document = idp().metadata();
    return document.insert(document.find("entityID="), std::string("validUntil=\"") + end + "\" ");
  }
  static std::string unknown(const std::string& arn) { return "Manifest not found for arn " + arn; }

  World world;
  const std::string arn_ = arn("saml-provider/corp");
};

TEST_F(SamlProvidersTest, OneIsKeptWithWhatItsMetadataSays) {
  auto in = input("corp");
  in.tags = {{"team", "red"}, {"Team", "blue"}};
  const auto made = world.must<shapes::CreateSAMLProvider>(in);
  EXPECT_EQ(made.saml_provider_arn, arn_);
  EXPECT_EQ(made.tags->size(), 2U);
  EXPECT_EQ(stored(arn_)->entity_id, "https://idp.example.com/");
  EXPECT_THAT(stored(arn_)->certificates, testing::ElementsAre(idp().certificate()));
  const auto got = world.must<shapes::GetSAMLProvider>({arn_});
  EXPECT_EQ(got.saml_metadata_document, idp().metadata());
  EXPECT_EQ(got.create_date, world.now);
  EXPECT_EQ(got.valid_until, *parse_iso8601("2126-07-25T10:11:12Z")) << "a hundred years, as AWS has it";
  EXPECT_EQ(got.tags->at(1).key, "Team");
}

TEST_F(SamlProvidersTest, ItEndsWhenItsMetadataSays) {
  auto in = input("corp");
  in.saml_metadata_document = with_end("2027-01-01T00:00:00Z");
  world.must<shapes::CreateSAMLProvider>(in);
  EXPECT_EQ(world.must<shapes::GetSAMLProvider>({arn_}).valid_until, *parse_iso8601("2027-01-01T00:00:00Z"));
  // It may have ended already: then no response of it is taken.
  in.name = "old";
  in.saml_metadata_document = with_end("2020-01-01T00:00:00Z");
  EXPECT_TRUE(world.call<shapes::CreateSAMLProvider>(in).ok());
}

TEST_F(SamlProvidersTest, TheyAreListedByName) {
  for (const char* name : {"corp", "Alpha", "beta"}) created(name);
  std::vector<std::string> arns;
  const auto list = world.must<shapes::ListSAMLProviders>({}).saml_provider_list.value();
  for (const auto& entry : list) arns.push_back(entry.arn.value());
  EXPECT_THAT(arns, testing::ElementsAre(arn("saml-provider/Alpha"), arn("saml-provider/beta"), arn_));
  EXPECT_EQ(list.front().create_date, world.now);
  EXPECT_TRUE(world.must<shapes::ListSAMLProviders>({}, root(kB)).saml_provider_list->empty());
}

TEST_F(SamlProvidersTest, ANameIsTakenInEverySpelling) {
  created("corp");
  EXPECT_TRUE(refused(world.call<shapes::CreateSAMLProvider>(input("CORP")), "EntityAlreadyExists", 409,
                      "Provider with name CORP already exists."));
  EXPECT_TRUE(world.call<shapes::CreateSAMLProvider>(input("corp"), root(kB)).ok());
}

TEST_F(SamlProvidersTest, AnAccountHasAHundred) {
  directory::Changes all;
  for (int i = 0; i < 99; ++i) {
    directory::SamlProvider provider;
    provider.account = *AccountId::parse(kA);
    provider.name = "p" + std::to_string(i);
    all.create(provider);
  }
  ASSERT_TRUE(world.commit(all));
  created("corp");
  EXPECT_TRUE(refused(world.call<shapes::CreateSAMLProvider>(input("more")), "LimitExceeded", 409,
                      "Cannot exceed quota for SAMLProvidersPerAccount: 100"));
}

TEST_F(SamlProvidersTest, AnotherDocumentTakesThePlaceOfTheFirst) {
  created("corp");
  const authn::test::SamlProviderUnderTest next;
  const auto updated =
      world.must<shapes::UpdateSAMLProvider>({.saml_metadata_document = next.metadata(), .saml_provider_arn = arn_});
  EXPECT_EQ(updated.saml_provider_arn, arn_);
  EXPECT_THAT(stored(arn_)->certificates, testing::ElementsAre(next.certificate()));
  EXPECT_EQ(world.must<shapes::GetSAMLProvider>({arn_}).saml_metadata_document, next.metadata());
  world.must<shapes::UpdateSAMLProvider>({.saml_provider_arn = arn_});  // without one nothing changes
  EXPECT_THAT(stored(arn_)->certificates, testing::ElementsAre(next.certificate()));
}

TEST_F(SamlProvidersTest, ADocumentThatSaysNothingIsRefused) {
  auto in = input("corp");
  for (const std::string& document : {std::string("metadata"), with_end("never"), std::string("<EntityDescriptor/>")}) {
    in.saml_metadata_document = document;
    EXPECT_TRUE(refused(world.call<shapes::CreateSAMLProvider>(in), "InvalidInput", 400, "Could not parse metadata"));
  }
  created("corp");
  EXPECT_TRUE(
      refused(world.call<shapes::UpdateSAMLProvider>({.saml_metadata_document = "metadata", .saml_provider_arn = arn_}),
              "InvalidInput", 400, "Could not parse metadata"));
  EXPECT_EQ(stored(arn_)->metadata, idp().metadata());
}

TEST_F(SamlProvidersTest, WhatIsNotBuiltSaysSo) {
  auto in = input("corp");
  in.assertion_encryption_mode = "Required";
  EXPECT_EQ(world.call<shapes::CreateSAMLProvider>(in).error().status(), 501);
  in = input("corp");
  in.identity_center_instance_arn = "arn:aws:sso:::instance/ssoins-1234567890abcdef";
  EXPECT_EQ(world.call<shapes::CreateSAMLProvider>(in).error().code(), "NotImplemented");
  EXPECT_EQ(stored(arn_), nullptr);
  created("corp");
  EXPECT_EQ(
      world.call<shapes::UpdateSAMLProvider>({.saml_provider_arn = arn_, .add_private_key = "key"}).error().status(),
      501);
}

TEST_F(SamlProvidersTest, WhatIsNotThereOrOfAnotherAccountIsNotFound) {
  created("corp");
  for (const std::string& other : {arn("saml-provider/Corp"), arn("saml-provider/other"), arn("oidc-provider/corp")}) {
    EXPECT_TRUE(missing(world.call<shapes::GetSAMLProvider>({other}), unknown(other)));
    EXPECT_TRUE(missing(world.call<shapes::DeleteSAMLProvider>({other}), unknown(other)));
    EXPECT_TRUE(missing(world.call<shapes::TagSAMLProvider>({other, {{"a", "b"}}}), unknown(other)));
    EXPECT_TRUE(missing(world.call<shapes::UpdateSAMLProvider>({.saml_provider_arn = other}), unknown(other)));
  }
  EXPECT_FALSE(world.call<shapes::GetSAMLProvider>({arn_}, root(kB)).ok());
  EXPECT_FALSE(world.call<shapes::DeleteSAMLProvider>({arn_}, root(kB)).ok());
  EXPECT_NE(stored(arn_), nullptr);
}

TEST_F(SamlProvidersTest, TagsKnowUpperFromLowerCase) {
  created("corp");
  world.must<shapes::TagSAMLProvider>({arn_, {{"a", "1"}, {"A", "2"}}});
  world.must<shapes::UntagSAMLProvider>({arn_, {"a"}});
  const auto tags = world.must<shapes::ListSAMLProviderTags>({.saml_provider_arn = arn_}).tags;
  ASSERT_EQ(tags.size(), 1U);
  EXPECT_EQ(tags[0].key, "A");
}

TEST_F(SamlProvidersTest, OneThatIsDeletedIsGone) {
  created("corp");
  world.must<shapes::DeleteSAMLProvider>({arn_});
  EXPECT_TRUE(missing(world.call<shapes::GetSAMLProvider>({arn_}), unknown(arn_)));
  created("corp");
}

TEST_F(SamlProvidersTest, TagsAreAPermissionOfTheirOwn) {
  auto in = input("corp");
  EXPECT_EQ(world.accesses<shapes::CreateSAMLProvider>(in).size(), 1U);
  in.tags = {{"team", "red"}};
  const auto both = world.accesses<shapes::CreateSAMLProvider>(in);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].action.name, "iam:CreateSAMLProvider");
  EXPECT_EQ(both[1].action.name, "iam:TagSAMLProvider");
  for (const auto& access : both) EXPECT_EQ(access.resource, arn_);
  EXPECT_EQ(world.accesses<shapes::ListSAMLProviders>({}).at(0).resource, arn("saml-provider/*"));
}

}  // namespace
}  // namespace deputy::iam
