// How full a session token is, against what was measured on AWS (docs/wire.md, 6.1).
#include "services/sts/packed_size.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

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

TEST(PackedSizeTest, EachSessionHasItsOwnSizeHoweverManyWereAskedForBefore) {
  // The same letters in other places, and more of each than a thread remembers; each is asked for twice.
  std::vector<directory::Session> sessions;
  for (int i = 0; i < 200; ++i) {
    std::string differs;
    for (int letter = 0; letter <= i; ++letter) differs += static_cast<char>('a' + (letter * letter + i) % 26);
    const std::string text = "arn:aws:iam::aws:policy/" + differs;
    sessions.push_back(with_policy(text));
    sessions.emplace_back().policy_arns = {text};
    sessions.emplace_back().policy_arns = {text.substr(0, 5), text.substr(5)};
    sessions.emplace_back().scoped_policies = {text};
    sessions.emplace_back(with_policy(text)).policy_arns = {text};
  }
  const auto sizes = [&] {
    std::vector<std::int32_t> all;
    for (const directory::Session& session : sessions) all.push_back(packed_size_percent(session));
    return all;
  };
  const std::vector<std::int32_t> first = sizes();
  EXPECT_EQ(sizes(), first);
  for (std::size_t i = 0; i < sessions.size(); ++i) {  // a thread that knows nothing
    std::int32_t alone = 0;
    std::thread([&] { alone = packed_size_percent(sessions[i]); }).join();
    EXPECT_EQ(alone, first[i]) << i;
  }
}

TEST(PackedSizeTest, WhatIsTooLongToBeRememberedIsPackedAgain) {
  std::string noise;  // too long to be remembered, and nothing in it comes twice
  for (unsigned i = 1; i < 2000; ++i) noise += std::to_string(i * 2654435761U);
  const directory::Session session = with_policy(noise);
  const std::int32_t percent = packed_size_percent(session);
  EXPECT_GT(percent, 100);
  EXPECT_EQ(packed_size_percent(session), percent);
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
