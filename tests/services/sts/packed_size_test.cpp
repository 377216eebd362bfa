// How full a session token is, against what was measured on AWS (docs/wire.md, 6.1).
#include "services/sts/packed_size.h"

#include <gtest/gtest.h>

#include <string>

namespace deputy::sts {
namespace {

directory::Session with_tags(std::size_t count, std::size_t key, std::size_t value) {
  directory::Session session;
  for (std::size_t i = 0; i < count; ++i) session.tags.push_back({std::string(key, 'k'), std::string(value, 'v')});
  return session;
}
directory::Session with_policy(std::string policy) {
  directory::Session session;
  session.policy = std::move(policy);
  return session;
}

TEST(PackedSizeTest, TagsTakeTheirBytes) {
  EXPECT_EQ(packed_size_percent({}), 0);
  EXPECT_EQ(packed_size_percent(with_tags(9, 2, 250)), 498);  // measured
  EXPECT_EQ(packed_size_percent(with_tags(1, 128, 256)), 84);
  EXPECT_EQ(packed_size_percent(with_tags(5, 41, 50)), 100);
  EXPECT_EQ(packed_size_percent(with_tags(50, 8, 8)), 175);
}

TEST(PackedSizeTest, APolicyIsPacked) {
  const std::string one =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],)"
      R"("Resource":["arn:aws:s3:::my-bucket/prefix-of-mine/*"]}]})";
  ASSERT_EQ(one.size(), 153U);
  const int percent = packed_size_percent(with_policy(one));
  EXPECT_GE(percent, 12);  // 16 was measured for another policy of this length
  EXPECT_LE(percent, 18);

  const std::string everything =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})";
  EXPECT_LE(packed_size_percent(with_policy(everything)), 6);
}

TEST(PackedSizeTest, WhatIsSaidOftenIsSaidOnce) {
  std::string many = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[)";
  for (int i = 0; i < 90; ++i) many += R"("s3:GetObject",)";
  many += R"("s3:GetObject"],"Resource":"*"}]})";
  EXPECT_LE(packed_size_percent(with_policy(many)), 20);
}

TEST(PackedSizeTest, PoliciesAndTagsShareTheSpace) {
  directory::Session both = with_tags(1, 100, 128);
  both.policy_arns = {"arn:aws:iam::aws:policy/AdministratorAccess"};
  directory::Session policies;
  policies.policy_arns = both.policy_arns;
  EXPECT_GT(packed_size_percent(policies), 0);
  EXPECT_GE(packed_size_percent(both), 50 + packed_size_percent(policies));
}

TEST(PackedSizeTest, TenManagedPoliciesFit) {
  directory::Session session;
  for (char c = 'a'; c < 'k'; ++c) {
    session.policy_arns.push_back(std::string("arn:aws:iam::111111111111:policy/team/Permissions-of-") + c);
  }
  EXPECT_LE(packed_size_percent(session), 100);
}

}  // namespace
}  // namespace deputy::sts
