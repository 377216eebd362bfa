#include "directory/aws_policies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace deputy::directory {
namespace {

using testing::ElementsAre;

class AwsPoliciesTest : public testing::Test {
 protected:
  static constexpr std::string_view kNames[] = {"/Administrator", "/ReadOnly", "/job-function/Billing",
                                                "/job-function/Support", "/service-role/Support"};
  std::atomic<int> made_ = 0;
  AwsPolicies policies_{{.count = std::size(kNames),
                         .path_and_name = [](std::size_t index) { return kNames[index]; },
                         .make =
                             [this](std::size_t index) {
                               ++made_;
                               const std::size_t path = kNames[index].rfind('/') + 1;
                               ManagedPolicy policy;
                               policy.aws = true;
                               policy.path = kNames[index].substr(0, path);
                               policy.name = kNames[index].substr(path);
                               return policy;
                             }}};

  [[nodiscard]] std::vector<std::string> from(std::string_view arn, std::size_t most = 9) const {
    std::vector<std::string> arns;
    policies_.scan(arn, [&](std::string_view at, const ManagedPolicy& policy) {
      EXPECT_EQ(policy.arn(), at);
      arns.push_back(policy.path + policy.name);
      return arns.size() < most;
    });
    return arns;
  }
};

TEST_F(AwsPoliciesTest, OneIsMadeWhenItIsAskedForAndKept) {
  EXPECT_EQ(policies_.size(), 5U);
  EXPECT_EQ(made_, 0);
  const ManagedPolicy* billing = policies_.get("arn:aws:iam::aws:policy/job-function/Billing");
  ASSERT_NE(billing, nullptr);
  EXPECT_EQ(billing->arn(), "arn:aws:iam::aws:policy/job-function/Billing");
  EXPECT_EQ(policies_.get("arn:aws:iam::aws:policy/job-function/Billing"), billing);
  EXPECT_EQ(made_, 1);
  policies_.each([](const ManagedPolicy&) {});
  EXPECT_EQ(made_, 5);
}

TEST_F(AwsPoliciesTest, OtherArnsNameNone) {
  for (const char* other :
       {"", "arn", "arn:aws:iam::aws:policy", "arn:aws:iam::aws:policy/", "arn:aws:iam::aws:policy/Billing",
        "arn:aws:iam::aws:policy/job-function/", "arn:aws:iam::aws:policy/job-function/Billing2",
        "arn:aws:iam::aws:policy/job-function/billing", "arn:aws:iam::aws:policy/service-role/Billing",
        "arn:aws:iam::aws:policy/zzz", "arn:aws:iam::111111111111:policy/ReadOnly",
        "arn:aws-cn:iam::aws:policy/ReadOnly", "/ReadOnly", "zzz"}) {
    EXPECT_EQ(policies_.get(other), nullptr) << other;
  }
  EXPECT_EQ(made_, 0);
}

TEST_F(AwsPoliciesTest, AScanBeginsAnywhereAndEndsWhenItIsTold) {
  EXPECT_EQ(from("").size(), 5U);
  EXPECT_EQ(from("arn:aws:iam::aws:policy").size(), 5U);
  EXPECT_THAT(from("arn:aws:iam::aws:policy/job-function/Billing", 2),
              ElementsAre("/job-function/Billing", "/job-function/Support"));
  EXPECT_THAT(from("arn:aws:iam::aws:policy/job-function/Billing2"),
              ElementsAre("/job-function/Support", "/service-role/Support"));
  EXPECT_TRUE(from("arn:aws:iam::aws:policy/zzz").empty());
  EXPECT_TRUE(from("arn:aws:iam::b").empty());
}

TEST_F(AwsPoliciesTest, ThreadsShareOneEntity) {
  std::atomic<int> waiting = 4;
  std::vector<const ManagedPolicy*> seen(4);
  std::vector<std::thread> threads;
  for (const ManagedPolicy*& mine : seen) {
    threads.emplace_back([&] {
      for (--waiting; waiting > 0;) std::this_thread::yield();
      mine = policies_.get("arn:aws:iam::aws:policy/ReadOnly");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_NE(seen.front(), nullptr);
  EXPECT_EQ(std::set<const ManagedPolicy*>(seen.begin(), seen.end()).size(), 1U);
  EXPECT_GE(made_, 1);
}

TEST(NoAwsPoliciesTest, AreNone) {
  const AwsPolicies none({});
  EXPECT_EQ(none.size(), 0U);
  EXPECT_EQ(none.get("arn:aws:iam::aws:policy/ReadOnly"), nullptr);
  none.each([](const ManagedPolicy&) { ADD_FAILURE(); });
}

}  // namespace
}  // namespace deputy::directory
