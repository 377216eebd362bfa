// docs/wire.md, 9.2.
#include "workload/container.h"

#include <gtest/gtest.h>

#include "workload/world.h"

namespace deputy::workload {
namespace {

class ContainerTest : public testing::Test {
 protected:
  http::Response send(std::string_view method, std::string_view target, std::vector<http::Header> headers = {}) {
    http::Request request;
    request.method = method;
    request.target = target;
    request.headers = std::move(headers);
    return container.answer(request);
  }
  http::Response get() { return send("GET", "/v1/credentials", {{"Authorization", "the token"}}); }

  FakeSource source;
  ContainerEndpoint container{"/v1/credentials", crypto::Secret(std::string("the token")), source};
};

TEST_F(ContainerTest, ShowsCredentialsToWhoHasTheToken) {
  const auto answer = get();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(*header(answer, "content-type"), "application/json");
  EXPECT_EQ(answer.body,
            R"({"RoleArn":"arn:aws:iam::111111111111:role/app/web","AccessKeyId":"ASIA1","SecretAccessKey":"secret1",)"
            R"("Token":"token1","Expiration":"2026-07-24T16:00:00Z","AccountId":"111111111111"})");
}

TEST_F(ContainerTest, ShowsNobodyElseAnything) {
  EXPECT_EQ(send("GET", "/v1/credentials").status, 401);
  for (const char* wrong : {"", "the toke", "the token ", "The token", "Bearer the token"}) {
    EXPECT_EQ(send("GET", "/v1/credentials", {{"Authorization", wrong}}).status, 401) << wrong;
  }
  EXPECT_EQ(send("GET", "/v2/credentials", {{"Authorization", "the token"}}).status, 404);
  EXPECT_EQ(send("PUT", "/v1/credentials", {{"Authorization", "the token"}}).status, 405);
  EXPECT_EQ(source.sessions, 0);
}

TEST_F(ContainerTest, SaysWhyThereAreNone) {
  source.refusal = Refusal{"AccessDenied", "User: ecs-tasks.amazonaws.com is not authorized"};
  const auto answer = get();
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.body, R"({"code":"AccessDenied","message":"User: ecs-tasks.amazonaws.com is not authorized"})");
}

}  // namespace
}  // namespace deputy::workload
