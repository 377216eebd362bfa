// Condition keys by number and by name: the table of keys.cpp agrees with the enumeration of keys.h.
#include "policy/keys.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/encoding.h"

namespace deputy::policy {
namespace {

constexpr auto kCount = static_cast<unsigned>(Key::kCount);

TEST(KeysTest, EveryKeyFindsItself) {
  std::set<std::string> names;
  for (unsigned i = 0; i < kCount; ++i) {
    const Key key = static_cast<Key>(i);
    const std::string called(name(key));
    EXPECT_NE(called.find(':'), std::string::npos) << "key " << i << " has no name";
    EXPECT_TRUE(names.insert(ascii_lower(called)).second) << called << " stands there twice";
    EXPECT_EQ(find_key(called), key) << called;
    EXPECT_EQ(find_key(ascii_lower(called)), key) << called;
    EXPECT_FALSE(find_key(called + "x")) << called;
  }
}

/// Names beside their numbers, from every group: a line that slipped in the table would shift all that follow.
TEST(KeysTest, TheTableIsInTheOrderOfTheNumbers) {
  const struct {
    Key key;
    const char* name;
    bool multivalued;
  } cases[] = {
      {Key::kPrincipalArn, "aws:PrincipalArn", false},
      {Key::kUserId, "aws:userid", false},
      {Key::kPrincipalOrgPaths, "aws:PrincipalOrgPaths", true},
      {Key::kPrincipalServiceNamesList, "aws:PrincipalServiceNamesList", true},
      {Key::kMultiFactorAuthAge, "aws:MultiFactorAuthAge", false},
      {Key::kAssumedRoot, "aws:AssumedRoot", false},
      {Key::kCurrentTime, "aws:CurrentTime", false},
      {Key::kSourceIp, "aws:SourceIp", false},
      {Key::kCalledVia, "aws:CalledVia", true},
      {Key::kSourceArn, "aws:SourceArn", false},
      {Key::kSourceOrgPaths, "aws:SourceOrgPaths", true},
      {Key::kResourceAccount, "aws:ResourceAccount", false},
      {Key::kTagKeys, "aws:TagKeys", true},
      {Key::kExternalId, "sts:ExternalId", false},
      {Key::kTransitiveTagKeys, "sts:TransitiveTagKeys", true},
      {Key::kIdentityTokenAudience, "sts:IdentityTokenAudience", true},
      {Key::kPassedToService, "iam:PassedToService", false},
      {Key::kPolicyArn, "iam:PolicyARN", false},
      {Key::kOrganizationsServicePrincipal, "organizations:ServicePrincipal", false},
      {Key::kOrganizationsPolicyType, "organizations:PolicyType", false},
      {Key::kS3Prefix, "s3:prefix", false},
      {Key::kS3TlsVersion, "s3:TlsVersion", false},
      {Key::kS3XAmzGrantFullControl, "s3:x-amz-grant-full-control", false},
      {Key::kS3XAmzStorageClass, "s3:x-amz-storage-class", false},
      {Key::kS3ObjectCreationOperation, "s3:ObjectCreationOperation", false},
      {Key::kS3RequestObjectTagKeys, "s3:RequestObjectTagKeys", true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(name(c.key), c.name);
    EXPECT_EQ(is_multivalued(c.key), c.multivalued) << c.name;
  }
}

TEST(KeysTest, WhatIsNoKeyIsNone) {
  for (const char* other : {"", "aws:", "aws:SourceI", "SourceIp", "aws:PrincipalTag/team", "aws:SourceIp "}) {
    EXPECT_FALSE(find_key(other)) << other;
  }
}

TEST(KeysTest, ATagKeyIsAFamilyAndAName) {
  const struct {
    const char* name;
    TagFamily family;
    const char* tag_key;
  } cases[] = {
      {"aws:PrincipalTag/team", TagFamily::kPrincipalTag, "team"},
      {"AWS:requesttag/Team", TagFamily::kRequestTag, "Team"},
      {"aws:ResourceTag/a/b", TagFamily::kResourceTag, "a/b"},
      {"iam:ResourceTag/", TagFamily::kIamResourceTag, ""},
      {"s3:ExistingObjectTag/team", TagFamily::kS3ExistingObjectTag, "team"},
      {"S3:requestobjecttag/team", TagFamily::kS3RequestObjectTag, "team"},
  };
  for (const auto& c : cases) {
    const auto found = find_tag(c.name);
    ASSERT_TRUE(found) << c.name;
    EXPECT_EQ(found->family, c.family) << c.name;
    EXPECT_EQ(found->tag_key, c.tag_key) << c.name;
    EXPECT_TRUE(find_tag(std::string(prefix(c.family)) + "x")) << c.name;
  }
  EXPECT_FALSE(find_tag("aws:PrincipalTag"));
  EXPECT_FALSE(find_tag("aws:TagKeys"));
}

TEST(KeysTest, KeysOfProvidersHaveSeveralValuesWhereTheirsHave) {
  const struct {
    const char* name;
    bool multivalued;
  } cases[] = {
      {"saml:aud", false},
      {"SAML:Sub_Type", false},
      {"saml:edupersonaffiliation", true},
      {"saml:", false},
      {"accounts.google.com:amr", true},
      {"accounts.google.com:sub", false},
      {":amr", false},
      {"x:AMR", true},
      {"aws:VpceOrgPaths", true},
      {"aws:vpceorgpaths", true},
      {"aws:VpceOrgID", false},
      {"aws:SourceVpcArn", false},
  };
  for (const auto& c : cases) EXPECT_EQ(is_multivalued_name(c.name), c.multivalued) << c.name;
}

}  // namespace
}  // namespace deputy::policy
