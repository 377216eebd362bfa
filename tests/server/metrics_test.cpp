// What a server counts, and how it reads.
#include "server/metrics.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace deputy::server {
namespace {

using namespace std::chrono_literals;

class MetricsTest : public ::testing::Test {
 protected:
  static const protocol::Service& iam() { return protocol::service(protocol::ServiceId::kIam); }
  static const protocol::Operation* create_role() { return iam().find("CreateRole"); }

  /// Whether the text has this line.
  ::testing::AssertionResult says(const std::string& line) const {
    const std::string text = metrics_.text();
    if (("\n" + text).find("\n" + line + "\n") != std::string::npos) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << line << " is not in\n" << text;
  }

  Metrics metrics_;
};

TEST_F(MetricsTest, CallsAreCountedByWhatBecameOfThem) {
  for (int i = 0; i < 3; ++i) metrics_.called(iam(), create_role(), "", 300us);
  metrics_.called(iam(), create_role(), "AccessDenied", 2s);
  metrics_.called(iam(), nullptr, "InvalidAction", 1us);
  EXPECT_TRUE(says(R"(deputy_requests_total{service="iam",operation="CreateRole",code=""} 3)"));
  EXPECT_TRUE(says(R"(deputy_requests_total{service="iam",operation="CreateRole",code="AccessDenied"} 1)"));
  EXPECT_TRUE(says(R"(deputy_requests_total{service="iam",operation="",code="InvalidAction"} 1)"));
  EXPECT_TRUE(says(R"(deputy_request_duration_seconds_bucket{service="iam",le="0.0001"} 1)"));
  EXPECT_TRUE(says(R"(deputy_request_duration_seconds_bucket{service="iam",le="0.0005"} 4)"));
  EXPECT_TRUE(says(R"(deputy_request_duration_seconds_bucket{service="iam",le="1"} 4)"));
  EXPECT_TRUE(says(R"(deputy_request_duration_seconds_bucket{service="iam",le="5"} 5)"));
  EXPECT_TRUE(says(R"(deputy_request_duration_seconds_bucket{service="iam",le="+Inf"} 5)"));
  EXPECT_TRUE(says(R"(deputy_request_duration_seconds_count{service="iam"} 5)"));
}

TEST_F(MetricsTest, DecisionsAreCountedByLayer) {
  metrics_.decided({.effect = policy::Effect::kAllow});
  metrics_.decided({.explicit_deny = true, .layer = policy::Layer::kScp});
  metrics_.decided({.layer = policy::Layer::kSession});
  EXPECT_TRUE(says(R"(deputy_decisions_total{effect="allow",layer=""} 1)"));
  EXPECT_TRUE(says(R"(deputy_decisions_total{effect="explicit_deny",layer="scp"} 1)"));
  EXPECT_TRUE(says(R"(deputy_decisions_total{effect="implicit_deny",layer="session"} 1)"));
  EXPECT_TRUE(says(R"(deputy_decisions_total{effect="implicit_deny",layer="scp"} 0)"));
}

TEST_F(MetricsTest, CommitsAndFetchesAreCountedByOutcome) {
  for (int i = 0; i < 4; ++i) metrics_.submitted();
  metrics_.committed(store::Revision{7});
  metrics_.committed(store::Error{store::Error::Code::kConflict, ""});
  metrics_.committed(store::Error{store::Error::Code::kFull, ""});
  metrics_.fetched(false);
  EXPECT_TRUE(says(R"(deputy_store_commits_total{outcome="durable"} 1)"));
  EXPECT_TRUE(says(R"(deputy_store_commits_total{outcome="conflict"} 1)"));
  EXPECT_TRUE(says(R"(deputy_store_commits_total{outcome="failed"} 1)"));
  EXPECT_TRUE(says("deputy_store_commits_waiting 1"));
  EXPECT_TRUE(says(R"(deputy_issuer_fetches_total{outcome="failed"} 1)"));
}

TEST_F(MetricsTest, WhatThreadsCountComesTogether) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 20; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) metrics_.called(iam(), create_role(), "", 1ms);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(says(R"(deputy_requests_total{service="iam",operation="CreateRole",code=""} 2000)"));
}

TEST_F(MetricsTest, SeriesAreBounded) {
  for (std::size_t i = 0; i < 2 * Metrics::kMostSeries; ++i) {
    metrics_.called(iam(), create_role(), "Code" + std::to_string(i), 1us);
  }
  EXPECT_TRUE(says(R"(deputy_requests_total{service="iam",operation="",code="other"} )" +
                   std::to_string(Metrics::kMostSeries)));
}

}  // namespace
}  // namespace deputy::server
