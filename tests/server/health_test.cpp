#include "server/health.h"

#include <gtest/gtest.h>

namespace deputy::server {
namespace {

http::Request request(const char* method, const char* target) {
  http::Request request;
  request.method = method;
  request.target = target;
  return request;
}

TEST(HealthTest, SaysWhatIsThereAndWhetherItIsReady) {
  Readiness readiness;
  const struct {
    const char *target, *before, *after;
  } cases[] = {
      {"/_deputy/health", R"({"live": true, "ready": false, "version": ")" DEPUTY_VERSION R"(", "revision": 7})",
       R"({"live": true, "ready": true, "version": ")" DEPUTY_VERSION R"(", "revision": 7})"},
      {"/_localstack/health",
       R"({"services": {"iam": "starting", "organizations": "starting", "s3": "starting", "sts": "starting"}, )"
       R"("edition": "deputy", "version": ")" DEPUTY_VERSION R"("})",
       R"({"services": {"iam": "running", "organizations": "running", "s3": "running", "sts": "running"}, )"
       R"("edition": "deputy", "version": ")" DEPUTY_VERSION R"("})"},
  };
  for (const auto& c : cases) {
    readiness.clear();
    const auto before = answer_health(request("GET", c.target), readiness, 7);
    ASSERT_TRUE(before);
    EXPECT_EQ(before->status, 503);
    EXPECT_EQ(before->body, std::string(c.before) + "\n");
    readiness.set();
    const auto after = answer_health(request("HEAD", c.target), readiness, 7);
    ASSERT_TRUE(after);
    EXPECT_EQ(after->status, 200);
    EXPECT_EQ(after->body, std::string(c.after) + "\n");
  }
}

TEST(HealthTest, IsAskedForByThesePathsAndMethodsAlone) {
  const Readiness readiness;
  for (const char* target : {"/", "/_deputy", "/_deputy/health/", "/health", "/_localstack"}) {
    EXPECT_FALSE(answer_health(request("GET", target), readiness, 0)) << target;
  }
  EXPECT_FALSE(answer_health(request("POST", "/_deputy/health"), readiness, 0));
}

}  // namespace
}  // namespace deputy::server
