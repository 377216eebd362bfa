// What `as-service` and `workload` make of names and refusals, and how a server's answer is read.
#include "cli/service_call.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace deputy::cli {
namespace {

TEST(ServiceCallTest, AnyTextBecomesASessionName) {
  const struct {
    std::string text, name;
  } cases[] = {
      {"my-function", "my-function"},
      {"a b/c:d", "a-b-c-d"},
      {"", "--"},
      {"x", "x-"},
      {"_+=,.@-", "_+=,.@-"},
      {"\xc3\xa9", "--"},
      {"a\nb", "a-b"},
      {std::string(70, 'a'), std::string(64, 'a')},
  };
  for (const auto& c : cases) EXPECT_EQ(as_session_name(c.text), c.name) << c.text;
}

TEST(ServiceCallTest, ARefusalReadsAsAwsClientsShowIt) {
  const struct {
    AdminError error;
    std::string shown;
  } cases[] = {
      {{"", "no server is running"}, "no server is running"},
      {{"ValidationException", "a value is wrong"}, "a value is wrong"},
      {{"AccessDenied", "x is not authorized to perform: sts:AssumeRole on y"},
       "An error occurred (AccessDenied) when calling the AssumeRole operation: x is not authorized to perform: "
       "sts:AssumeRole on y"},
      {{"AccessDenied", "x is not authorized to perform: iam:PassRole on y"},
       "An error occurred (AccessDenied): x is not authorized to perform: iam:PassRole on y"},
  };
  for (const auto& c : cases) EXPECT_EQ(worded(c.error), c.shown);
}

TEST(AdminClientTest, AnAnswerIsWholeOrNone) {
  const struct {
    const char *name, *bytes;
    int status;  // 0: none
    const char* body;
  } cases[] = {
      {"one", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, "{}"},
      {"a refusal", "HTTP/1.1 400 Bad Request\r\ncontent-length: 3\r\n\r\nabc", 400, "abc"},
      {"an empty one", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204, ""},
      {"nothing", "", 0, ""},
      {"no head", "HTTP/1.1 200 OK\r\n", 0, ""},
      {"no length", "HTTP/1.1 200 OK\r\n\r\n{}", 0, ""},
      {"cut off", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", 0, ""},
      {"no status", "HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\n{}", 0, ""},
      {"another protocol", "SSH-2.0-x\r\n\r\n", 0, ""},
  };
  for (const auto& c : cases) {
    const auto answer = parse_answer(c.bytes);
    EXPECT_EQ(answer ? answer->status : 0, c.status) << c.name;
    EXPECT_EQ(answer ? answer->body : "", c.body) << c.name;
  }
}

TEST(AdminClientTest, WithoutAServerThereIsNoEndpoint) {
  wait_for_server(std::chrono::milliseconds(0));
  const std::string folder = testing::TempDir() + "/deputy_no_server";
  std::filesystem::create_directories(folder);
  EXPECT_EQ(endpoint_of(folder), "");
  EXPECT_EQ(ca_bundle_of(folder), "");
  const auto answer = call_admin(folder, "GetStatus", "{}");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "");
  EXPECT_NE(answer.error().message.find("no server is running on " + folder), std::string::npos);
}

}  // namespace
}  // namespace deputy::cli
