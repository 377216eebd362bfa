// The door for those who watch: what it answers, and what it counts of what there is.
#include "server/metrics_door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "server/site.h"

namespace deputy::server {
namespace {

using testing::HasSubstr;

class MetricsDoorTest : public testing::Test {
 protected:
  [[nodiscard]] http::Response get(const std::string& target, const std::string& method = "GET") const {
    const auto inbox = std::make_shared<Inbox>();
    http::Request request;
    request.method = method;
    request.target = target;
    door.handle(request, http::Responder(inbox, 1));
    return inbox->wait();
  }
  /// Whether the text has this line.
  [[nodiscard]] testing::AssertionResult says(const std::string& line) const {
    const std::string text = "\n" + door.text();
    if (text.find("\n" + line + "\n") != std::string::npos) return testing::AssertionSuccess();
    return testing::AssertionFailure() << line << " is not in\n" << text;
  }

  Site site;
  const MetricsDoor door{site.rooms};
};

TEST_F(MetricsDoorTest, OnePathIsRead) {
  const auto good = get("/metrics");
  EXPECT_EQ(good.status, 200);
  EXPECT_THAT(good.body, HasSubstr("deputy_build_info"));
  EXPECT_EQ(get("/metrics", "HEAD").status, 200);
  EXPECT_EQ(get("/metrics?format=x").status, 200);
  for (const char* path : {"/", "/metrics/", "/metric", "/../metrics", "/METRICS"}) EXPECT_EQ(get(path).status, 404);
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    EXPECT_EQ(get("/metrics", method).status, 405) << method;
  }
}

TEST_F(MetricsDoorTest, WhatThereIsIsCounted) {
  EXPECT_TRUE(says("deputy_accounts 1"));
  EXPECT_TRUE(says(R"(deputy_entities{kind="user"} 1)"));
  EXPECT_TRUE(says(R"(deputy_entities{kind="role"} 1)"));
  EXPECT_TRUE(says(R"(deputy_entities{kind="bucket"} 0)"));
  EXPECT_TRUE(says("deputy_unreadable_entries 0"));
  site.write([&](directory::Changes& changes) {
    directory::Bucket bucket;
    bucket.account = site.people.account.id;
    bucket.name = "logs";
    changes.create(bucket);
  });
  EXPECT_TRUE(says(R"(deputy_entities{kind="bucket"} 1)"));
  EXPECT_TRUE(says("deputy_snapshot_revision " + std::to_string(site.snapshot()->revision())));
}

TEST_F(MetricsDoorTest, TheTrailCountsItsLines) {
  site.rooms.audit.append(audit::Share::kKnown, "{}\n{}");
  site.rooms.audit.append(audit::Share::kStrangers, "{}");
  EXPECT_TRUE(says(R"(deputy_audit_lines_total{share="known"} 2)"));
  EXPECT_TRUE(says(R"(deputy_audit_lines_total{share="strangers"} 1)"));
  EXPECT_TRUE(says(R"(deputy_audit_lost_lines_total{share="known"} 0)"));
}

/// As scrapers read it: each family is announced once, before its samples, and each sample is a name, labels, a number.
TEST_F(MetricsDoorTest, ItReadsAsPrometheusHasIt) {
  std::istringstream lines(door.text());
  std::set<std::string> families;
  std::string family;
  std::size_t samples = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first, second, third;
    words >> first >> second >> third;
    if (first == "#" && second == "HELP") {
      EXPECT_TRUE(families.insert(third).second) << third << " is announced twice";
      family = third;
    } else if (first == "#") {
      EXPECT_EQ(second, "TYPE") << line;
      EXPECT_EQ(third, family) << line;
    } else {
      ++samples;
      EXPECT_TRUE(line.starts_with(family)) << line;
      const std::string number = line.substr(line.rfind(' ') + 1);
      std::size_t read = 0;
      EXPECT_NO_THROW((void)std::stod(number, &read)) << line;
      EXPECT_EQ(read, number.size()) << line;
    }
  }
  EXPECT_GT(families.size(), 10U);
  EXPECT_GT(samples, families.size());
  EXPECT_TRUE(families.contains("process_resident_memory_bytes"));
}

}  // namespace
}  // namespace deputy::server
