// An audit event as `deputy events` shows it: each case is a line of the trail and the line for people.
#include "cli/event_line.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <string>

namespace deputy::cli {
namespace {

struct Case {
  const char *name, *event, *shown;  // columns are told apart by two spaces or more; "": no event
};

constexpr Case kCases[] = {
    {"a user",
     R"({"eventTime":"2026-07-24T10:11:12Z","eventSource":"iam.amazonaws.com","eventName":"CreateRole",)"
     R"("userIdentity":{"arn":"arn:aws:iam::111111111111:user/team/alice"},"recipientAccountId":"111111111111",)"
     R"("resources":[{"ARN":"arn:aws:iam::111111111111:role/Deploy"}]})",
     "2026-07-24T10:11:12Z|111111111111|user/team/alice|iam:CreateRole|ok|role/Deploy"},
    {"a refusal",
     R"({"eventTime":"2026-07-24T10:11:12Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole",)"
     R"("userIdentity":{"arn":"arn:aws:iam::111111111111:root"},"errorCode":"AccessDenied",)"
     R"("recipientAccountId":"222222222222"})",
     "2026-07-24T10:11:12Z|222222222222|root|sts:AssumeRole|AccessDenied"},
    {"a session's name may hold colons",
     R"({"eventTime":"t","eventSource":"s3.amazonaws.com","eventName":"ListBuckets",)"
     R"("userIdentity":{"arn":"arn:aws:sts::111111111111:assumed-role/R/a:b"},"recipientAccountId":"111111111111"})",
     "t|111111111111|assumed-role/R/a:b|s3:ListBuckets|ok"},
    {"a service",
     R"({"eventTime":"t","eventSource":"sts.amazonaws.com","eventName":"AssumeRole",)"
     R"("userIdentity":{"invokedBy":"lambda.amazonaws.com"},"recipientAccountId":"111111111111"})",
     "t|111111111111|lambda.amazonaws.com|sts:AssumeRole|ok"},
    {"a principal without an ARN",
     R"({"eventTime":"t","eventSource":"sts.amazonaws.com","eventName":"X",)"
     R"("userIdentity":{"principalId":"issuer:aud:sub"}})",
     "t|-|issuer:aud:sub|sts:X|ok"},
    {"nobody, nothing", R"({"eventTime":"t","eventSource":"s3.amazonaws.com"})", "t|-|(unknown)|s3:?|ok"},
    {"a request without a signature",
     R"({"eventTime":"t","eventSource":"s3.amazonaws.com","eventName":"ListBuckets",)"
     R"("userIdentity":{"type":"AWSAccount","principalId":"","accountId":"anonymous"}})",
     "t|-|(unsigned)|s3:ListBuckets|ok"},
    {"an operator",
     R"({"eventTime":"t","eventSource":"deputy","eventName":"CreateRootAccessKey","userIdentity":{"type":"Operator"},)"
     R"("requestParameters":{"accountId":"111111111111"}})",
     "t|111111111111|operator|deputy:CreateRootAccessKey|ok"},
    {"what is no ARN is shown whole", R"({"eventTime":"t","userIdentity":{"arn":"a:b"}})", "t|-|a:b|:?|ok"},
    {"lost events", R"({"eventTime":"t","eventSource":"deputy","eventName":"Lost","lostEvents":7})",
     "t|-|(unknown)|deputy:Lost|7 events are lost"},
    {"a name that would move a terminal",
     R"({"eventTime":"t","eventSource":"iam.amazonaws.com","eventName":"X","userIdentity":{"arn":"\u001b[2J"}})",
     R"(t|-|?[2J|iam:X|ok)"},
    {"no time", R"({"eventName":"X"})", ""},
    {"a list", "[]", ""},
    {"cut off", R"({"eventTime":"t")", ""},
    {"nothing", "", ""},
};

/// Columns by bars.
std::string columns(const std::string& line) {
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t gap = line.find("  ", at);
    out += line.substr(at, gap - at);
    if (gap == std::string::npos) break;
    out += '|';
    at = line.find_first_not_of(' ', gap);
  }
  return out;
}

TEST(EventLineTest, EveryCaseIsShownAsItStands) {
  for (const Case& c : kCases) {
    const auto line = read_event(c.event);
    EXPECT_EQ(line ? columns(line->text) : "", c.shown) << c.name;
  }
}

TEST(EventLineTest, TheReasonAndTheNamesOfTheCallerAreKept) {
  const auto line = read_event(
      R"({"eventTime":"t","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","errorCode":"AccessDenied",)"
      R"("errorMessage":"User: x is not\nauthorized","userIdentity":{"arn":"arn:aws:sts::111111111111:assumed-role/R/work",)"
      R"("accessKeyId":"ASIAX","sessionContext":{"sessionIssuer":{"userName":"R"}}}})");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->why, "User: x is not?authorized");
  EXPECT_EQ(line->action, "sts:AssumeRole");
  for (const char* name :
       {"assumed-role/R/work", "work", "R", "ASIAX", "arn:aws:sts::111111111111:assumed-role/R/work"}) {
    EXPECT_NE(std::find(line->who.begin(), line->who.end(), name), line->who.end()) << name;
  }
}

TEST(EventLineTest, AFailureIsOneAndItsAccountIsToldApart) {
  const auto refused =
      read_event(R"({"eventTime":"t","errorCode":"AccessDenied","recipientAccountId":"111111111111"})");
  ASSERT_TRUE(refused);
  EXPECT_TRUE(refused->failed);
  EXPECT_EQ(refused->recipient, "111111111111");
  const auto lost = read_event(R"({"eventTime":"t","lostEvents":1})");
  ASSERT_TRUE(lost);
  EXPECT_TRUE(lost->failed);
  EXPECT_EQ(lost->recipient, "");
  EXPECT_FALSE(read_event(R"({"eventTime":"t"})")->failed);
}

}  // namespace
}  // namespace deputy::cli
