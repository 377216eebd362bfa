// The operator's door: what it answers on its socket, what of it the trail tells, and the services that the operator speaks
// for.
#include "server/operator_door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "server/site.h"

namespace deputy::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kRole = "arn:aws:iam::111111111111:role/Lambda";

class OperatorDoorTest : public testing::Test {
 protected:
  OperatorDoorTest() {
    site.write([&](directory::Changes& changes) {
      directory::Role role;
      role.account = site.people.account.id;
      role.id = UniqueId("AROALAMBDAAAAAAAAAAAA");
      role.path = "/";
      role.name = "Lambda";
      role.trust = directory::PolicyText(
          R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},)"
          R"("Action":"sts:AssumeRole"}]})");
      changes.create(role);
    });
  }
  http::Response send(const http::Request& request) const {
    const auto inbox = std::make_shared<Inbox>();
    door.handle(request, http::Responder(inbox, 0));
    return inbox->wait();
  }
  http::Response ask(const std::string& operation, const std::string& json = "{}", const char* method = "POST") const {
    const std::string target =
        std::string(protocol::service(protocol::ServiceId::kAdmin).target_prefix) + "." + operation;
    http::Request request;
    request.method = method;
    request.target = "/";
    request.headers = {{"X-Amz-Target", target}};
    request.body = json;
    return send(request);
  }
  http::Response get(const std::string& target) const {
    http::Request request;
    request.method = "GET";
    request.target = target;
    return send(request);
  }
  /// AssumeRoleAsService of the role, with more members.
  http::Response assume(const std::string& more = "", const std::string& service = "lambda.amazonaws.com") const {
    return ask("AssumeRoleAsService", R"({"ServicePrincipal":")" + service + R"(","RoleArn":")" + kRole +
                                          R"(","RoleSessionName":"function")" + more + "}");
  }
  static void expect(const http::Response& response, int status, const testing::Matcher<std::string>& body) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_THAT(response.body, body);
  }

  Site site;
  MovableClock clock{site.clock};
  const Doors doors{};
  OperatorDoor door{site.rooms, &clock, doors};
};

// ---- what the door does itself

TEST_F(OperatorDoorTest, TheStatusIsThatOfTheServer) {
  site.clock.move(std::chrono::seconds(90));
  expect(ask("GetStatus"), 200,
         AllOf(HasSubstr(R"("Accounts":1)"), HasSubstr(R"("UptimeSeconds":90)"), Not(HasSubstr("SeedDone"))));
}

TEST_F(OperatorDoorTest, WhatItDoesNotKnowIsUnknown) {
  for (const char* operation : {"", "Nothing", "CreateUser", "getstatus"}) {
    expect(ask(operation), 400, HasSubstr("UnknownOperationException"));
  }
  expect(ask("GetStatus", "{}", "PUT"), 400, HasSubstr("UnknownOperationException"));
  http::Request request;
  request.method = "POST";
  request.target = "/";
  expect(send(request), 400, HasSubstr("UnknownOperationException"));
  for (const char* target : {"GetStatus", "AWSOrganizationsV20161128.GetStatus", ".GetStatus"}) {
    request.headers = {{"x-amz-target", target}};
    expect(send(request), 400, HasSubstr("UnknownOperationException"));
  }
}

TEST_F(OperatorDoorTest, ABodyIsWhatTheOperationTakes) {
  for (const char* body : {"", "[]", "{", R"({"Seconds":"soon"})", "null"}) {
    EXPECT_EQ(ask("MoveClock", body).status, 400) << body;
  }
}

TEST_F(OperatorDoorTest, TheClockIsMovedIfItIsMovable) {
  const Time before = clock.now();
  expect(ask("MoveClock", R"({"Seconds":3600})"), 200, HasSubstr("Time"));
  EXPECT_EQ(clock.now(), before + std::chrono::hours(1));
  expect(ask("MoveClock", R"({"Seconds":-3600})"), 200, HasSubstr("Time"));
  for (const char* seconds : {"9223372036854775807", "-9223372036854775808", "1000000000000"}) {
    expect(ask("MoveClock", std::string(R"({"Seconds":)") + seconds + "}"), 400,
           AllOf(HasSubstr("ValidationException"), HasSubstr("The clock can stand between")));
  }
  EXPECT_EQ(clock.now(), before);
  const OperatorDoor fixed(site.rooms, nullptr, doors);
  const auto inbox = std::make_shared<Inbox>();
  const std::string target = std::string(protocol::service(protocol::ServiceId::kAdmin).target_prefix) + ".MoveClock";
  http::Request request;
  request.method = "POST";
  request.target = "/";
  request.headers = {{"X-Amz-Target", target}};
  request.body = R"({"Seconds":1})";
  fixed.handle(request, http::Responder(inbox, 0));
  expect(inbox->wait(), 400, AllOf(HasSubstr("ClockNotMovableException"), HasSubstr("--movable-clock")));
}

TEST_F(OperatorDoorTest, OperationsAreListedByService) {
  expect(ask("ListOperations", R"({"Service":"sts"})"), 200,
         AllOf(HasSubstr("AssumeRole"), Not(HasSubstr("CreateUser"))));
  expect(ask("ListOperations"), 200, AllOf(HasSubstr("AssumeRole"), HasSubstr("CreateUser")));
}

TEST_F(OperatorDoorTest, SnapshotsAreSavedRestoredListedAndDeleted) {
  expect(ask("SaveSnapshot", R"({"Name":"clean"})"), 200, HasSubstr(R"("Name":"clean")"));
  expect(ask("ListSnapshots"), 200, HasSubstr(R"("Name":"clean")"));
  expect(ask("CreateAccount", R"({"AccountId":"222222222222","Name":"B"})"), 200, HasSubstr("222222222222"));
  ASSERT_NE(site.snapshot()->account(*AccountId::parse("222222222222")), nullptr);
  expect(ask("RestoreSnapshot", R"({"Name":"clean"})"), 200, HasSubstr(R"("Changed":2)"));
  EXPECT_EQ(site.snapshot()->account(*AccountId::parse("222222222222")), nullptr);
  expect(ask("DeleteSnapshot", R"({"Name":"clean"})"), 200, testing::_);
  expect(ask("RestoreSnapshot", R"({"Name":"clean"})"), 400, HasSubstr("SnapshotNotFoundException"));
  expect(ask("Reset"), 200, HasSubstr("Changed"));
  EXPECT_EQ(site.snapshot()->accounts().size(), 0U);
}

TEST_F(OperatorDoorTest, LinesOfATrailInFilesAreNotItsOwn) {
  for (const char* target : {"/events/known?0", "/events/strangers?0", "/events/known", "/events/known?x", "/"}) {
    EXPECT_EQ(get(target).status, 404) << target;
  }
}

// ---- what the services do, and what the trail tells

TEST_F(OperatorDoorTest, WhatChangesSomethingIsTold) {
  expect(ask("CreateAccount", R"({"AccountId":"222222222222","Name":"B"})"), 200, HasSubstr("SecretAccessKey"));
  expect(ask("CreateAccount", R"({"AccountId":"222222222222","Name":"B"})"), 400, HasSubstr("222222222222"));
  expect(ask("GetAccount", R"({"AccountId":"222222222222"})"), 200, HasSubstr("222222222222"));
  expect(ask("ListAccounts"), 200, HasSubstr("222222222222"));
  ask("GetStatus");
  const std::string told = site.told();
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 2) << told;
  EXPECT_THAT(told,
              AllOf(HasSubstr(R"("eventName":"CreateAccount")"), HasSubstr("admin.sock"), HasSubstr("errorCode")));
  EXPECT_THAT(told, AllOf(Not(HasSubstr("GetAccount")), Not(HasSubstr("ListAccounts")), Not(HasSubstr("GetStatus"))));
}

TEST_F(OperatorDoorTest, ASecretIsNotTold) {
  const std::string body = ask("CreateAccount", R"({"AccountId":"222222222222","Name":"B"})").body;
  const std::string member = R"("SecretAccessKey":")";
  const std::size_t at = body.find(member);
  ASSERT_NE(at, std::string::npos);
  const std::string secret = body.substr(at + member.size(), 40);
  EXPECT_THAT(site.told(), Not(HasSubstr(secret)));
}

TEST_F(OperatorDoorTest, AtTheStartItIsAskedWithoutASocket) {
  const auto made = door.ask_alone("CreateAccount", R"({"AccountId":"222222222222","Name":"B"})");
  ASSERT_TRUE(made.ok()) << made.error().message();
  EXPECT_THAT(*made, HasSubstr("222222222222"));
  EXPECT_NE(site.snapshot()->account(*AccountId::parse("222222222222")), nullptr);
  EXPECT_FALSE(door.ask_alone("CreateAccount", R"({"AccountId":"222222222222","Name":"B"})").ok());
  EXPECT_FALSE(door.ask_alone("CreateAccount", "[]").ok());
  for (const char* operation : {"Nothing", "", "GetStatus", "AssumeRoleAsService"}) {
    EXPECT_EQ(door.ask_alone(operation, "{}").error().code(), "UnknownOperationException") << operation;
  }
}

// ---- AWS's services, spoken for

TEST_F(OperatorDoorTest, AServiceBecomesARoleThatTrustsIt) {
  expect(assume(), 200, AllOf(HasSubstr("ASIA"), HasSubstr("assumed-role/Lambda/function"), HasSubstr("SessionToken")));
  const std::string told = site.told();
  EXPECT_THAT(told, AllOf(HasSubstr(R"("eventName":"AssumeRole")"), HasSubstr("lambda.amazonaws.com"),
                          Not(HasSubstr("admin.sock"))));
}

TEST_F(OperatorDoorTest, OneThatIsNotTrustedIsRefusedAsEverywhere) {
  expect(assume("", "ec2.amazonaws.com"), 400, AllOf(HasSubstr("AccessDenied"), HasSubstr("sts:AssumeRole")));
  EXPECT_THAT(site.told(), HasSubstr(R"("errorCode":"AccessDenied")"));
}

TEST_F(OperatorDoorTest, OnlyAServicePrincipalIsOne) {
  for (const char* service : {"lambda", "lambda.example.com", "arn:aws:iam::111111111111:root", ""}) {
    EXPECT_EQ(assume("", service).status, 400) << service;
  }
}

TEST_F(OperatorDoorTest, WhoPassesARoleMustBeAllowedTo) {
  const std::string alice = R"(,"PassedBy":"arn:aws:iam::111111111111:user/team/alice")";
  expect(assume(alice), 400, HasSubstr("iam:PassRole"));
  expect(assume(R"(,"PassedBy":"arn:aws:iam::111111111111:root")"), 200, HasSubstr("SessionToken"));
  expect(assume(R"(,"PassedBy":"arn:aws:iam::111111111111:user/nobody")"), 400,
         HasSubstr("is no user, role session or root user that exists."));
  site.write([&](directory::Changes& changes) {
    directory::Account other;
    other.id = *AccountId::parse("222222222222");
    changes.create(other);
  });
  expect(assume(R"(,"PassedBy":"arn:aws:iam::222222222222:root")"), 400,
         HasSubstr("Cross-account pass role is not allowed."));
}

TEST_F(OperatorDoorTest, WhereAServicesAccountIsKnownItsOrganizationIs) {
  const std::string source = R"(,"SourceAccount":"111111111111")";
  expect(assume(source), 200, HasSubstr("SessionToken"));
  expect(assume(source + R"(,"SourceOrgId":"o-abcdefghij")"), 400,
         HasSubstr("Account 111111111111 is in no organization."));
  expect(assume(R"(,"SourceAccount":"999999999999","SourceOrgId":"o-abcdefghij")"), 200, HasSubstr("SessionToken"));
}

}  // namespace
}  // namespace deputy::server
