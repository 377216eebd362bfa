// Which lines a call leaves, for whom, and what they name.
#include "server/trail.h"

#include <gtest/gtest.h>

#include "protocol/s3/create_bucket.h"
#include "protocol/sts/assume_role.h"
#include "server/site.h"

namespace deputy::server {
namespace {

using directory::Caller;

const AccountId kB = *AccountId::parse("222222222222");

class TrailTest : public testing::Test {
 protected:
  [[nodiscard]] Caller alice() const {
    const directory::SnapshotPtr& snapshot = site_.people.snapshot;
    Caller caller;
    caller.kind = Caller::Kind::kUser;
    caller.account = snapshot->account(site_.people.account.id);
    caller.user = snapshot->user(site_.people.account.id, "alice");
    caller.arn = caller.user->arn();
    caller.user_id = caller.user->id.str();
    return caller;
  }
  static Caller service() {
    auto call = std::make_shared<directory::ServiceCall>();
    call->name = "lambda.amazonaws.com";
    Caller caller;
    caller.kind = Caller::Kind::kService;
    caller.service = std::move(call);
    return caller;
  }
  static services::Access access(std::string resource, AccountId owner) {
    return {.action = policy::Action("sts:AssumeRole"), .resource = std::move(resource), .owner = owner};
  }
  /// An AssumeRole by `caller` of a role of B, and what is told of it.
  std::string assume(const Caller* caller, const Error* error = nullptr) {
    const sts::shapes::AssumeRole::Input input{};
    Trail(site_.rooms.audit, site_.rooms.entropy)
        .tell({.when = site_.people.now,
               .service = protocol::ServiceId::kSts,
               .operation = &sts::shapes::AssumeRole::model,
               .caller = caller,
               .input = &input,
               .error = error},
              {access("arn:aws:iam::222222222222:role/Reader", kB)});
    return site_.told(caller != nullptr ? audit::Share::kKnown : audit::Share::kStrangers);
  }
  static std::size_t lines(const std::string& told) {
    return static_cast<std::size_t>(std::count(told.begin(), told.end(), '\n'));
  }
  static bool has(const std::string& told, std::string_view what) { return told.find(what) != std::string::npos; }

  Site site_;
};

TEST_F(TrailTest, ACallAcrossAccountsIsToldToBoth) {
  const Caller caller = alice();
  const std::string told = assume(&caller);
  ASSERT_EQ(lines(told), 2U);
  const std::string first = told.substr(0, told.find('\n')), second = told.substr(told.find('\n'));
  EXPECT_TRUE(has(first, R"("recipientAccountId":"111111111111")")) << first;
  EXPECT_TRUE(has(second, R"("recipientAccountId":"222222222222")")) << second;
  EXPECT_TRUE(has(second, R"("type":"AWSAccount")")) << second;
  const auto shared = [](const std::string& line) { return line.substr(line.find("sharedEventID"), 54); };
  EXPECT_TRUE(has(first, "sharedEventID"));
  EXPECT_EQ(shared(first), shared(second));
}

TEST_F(TrailTest, ARefusalIsTheCallersAlone) {
  const Caller caller = alice();
  const Error error("AccessDenied", 403, "no");
  const std::string told = assume(&caller, &error);
  EXPECT_EQ(lines(told), 1U);
  EXPECT_FALSE(has(told, "sharedEventID"));
  EXPECT_FALSE(has(told, R"("resources")"));
}

TEST_F(TrailTest, AServicesCallIsSharedAndToldOnce) {
  const Caller caller = service();
  const std::string told = assume(&caller);
  EXPECT_EQ(lines(told), 1U);
  EXPECT_TRUE(has(told, R"("type":"AWSService")"));
  EXPECT_TRUE(has(told, "sharedEventID"));
  EXPECT_TRUE(has(told, R"("recipientAccountId":"222222222222")"));
}

TEST_F(TrailTest, StrangersTakeNoRoomFromOthers) {
  EXPECT_EQ(lines(assume(nullptr)), 1U);
  EXPECT_EQ(site_.told(audit::Share::kKnown), "");
}

TEST_F(TrailTest, NamesTheResourceOfServicesThatHaveATypeForIt) {
  struct Case {
    protocol::ServiceId service;
    AccountId owner;
    std::string_view type;  // empty: none is named
  };
  const AccountId own = site_.people.account.id;
  const Case cases[] = {{protocol::ServiceId::kS3, own, "AWS::S3::Bucket"},
                        {protocol::ServiceId::kS3, {}, ""},  // nobody's yet: it is being made
                        {protocol::ServiceId::kSts, own, "AWS::IAM::Role"},
                        {protocol::ServiceId::kIam, own, ""},
                        {protocol::ServiceId::kOrganizations, own, ""}};
  const Caller caller = alice();
  for (const Case& c : cases) {
    Trail(site_.rooms.audit, site_.rooms.entropy)
        .tell({.when = site_.people.now, .service = c.service, .caller = &caller}, {access("arn:aws:x", c.owner)});
  }
  std::istringstream told(site_.told());
  for (const Case& c : cases) {
    std::string line;
    ASSERT_TRUE(std::getline(told, line));
    EXPECT_EQ(has(line, R"("resources")"), !c.type.empty()) << line;
    EXPECT_TRUE(has(line, std::string(R"("type":")") + std::string(c.type))) << line;
  }
}

}  // namespace
}  // namespace deputy::server
