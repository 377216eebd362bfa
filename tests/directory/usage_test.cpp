// When keys, users and roles were last used: what is remembered, for how long, and what is written down.
#include "directory/usage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "directory/codec.h"

namespace deputy::directory {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

const Time kNow = *parse_iso8601("2026-07-24T10:11:12Z");

std::vector<std::string> taken(Usage& usage, std::size_t most = 100) {
  std::vector<std::string> ids;
  for (const auto& [id, use] : usage.take_changed(most)) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

TEST(UsageTest, WhatWasNeverUsedHasNoLastUse) {
  const Usage usage;
  EXPECT_FALSE(usage.last("AKIAX"));
  EXPECT_FALSE(usage.last(""));
}

/// A busy key costs a look-up: within a minute nothing is noted again, unless it is used elsewhere or for something else.
TEST(UsageTest, AUseIsNotedOnceAMinute) {
  struct Case {
    int seconds_later;
    const char *region, *service;
    bool noted;
  };
  const Case cases[] = {{0, "us-east-1", "iam", false},  {59, "us-east-1", "iam", false},
                        {60, "us-east-1", "iam", true},  {1, "eu-west-1", "iam", true},
                        {1, "us-east-1", "sts", true},   {3600, "us-east-1", "iam", true},
                        {-30, "us-east-1", "iam", false}};
  for (const Case& each : cases) {
    Usage usage;
    usage.used("AKIAX", kNow, "us-east-1", "iam");
    EXPECT_THAT(taken(usage), ElementsAre("AKIAX"));
    usage.used("AKIAX", kNow + seconds(each.seconds_later), each.region, each.service);
    EXPECT_EQ(!taken(usage).empty(), each.noted) << each.seconds_later << each.region << each.service;
    const auto last = usage.last("AKIAX");
    ASSERT_TRUE(last);
    EXPECT_EQ(last->when, each.noted ? kNow + seconds(each.seconds_later) : kNow);
    EXPECT_EQ(last->region, each.noted ? each.region : "us-east-1");
    EXPECT_EQ(last->service, each.noted ? each.service : "iam");
  }
}

TEST(UsageTest, ACallIsNotedByServiceAndByAction) {
  Usage usage;
  usage.called("AIDAX", kNow, "us-east-1", "sts", "GetCallerIdentity");
  usage.called("AIDAX", kNow + seconds(5), "us-east-1", "iam", "ListUsers");
  usage.called("AIDAX", kNow + seconds(9), "eu-west-1", "iam", "GetUser");
  const auto use = usage.last("AIDAX");
  ASSERT_TRUE(use);
  EXPECT_EQ(use->when, kNow + seconds(9));
  EXPECT_EQ(use->region, "eu-west-1");
  EXPECT_EQ(use->service, "");
  ASSERT_EQ(use->services.size(), 2U);  // by name
  EXPECT_EQ(use->services[0].name, "iam");
  EXPECT_EQ(use->services[0].when, kNow + seconds(9));
  ASSERT_EQ(use->services[0].actions.size(), 2U);
  EXPECT_EQ(use->services[0].actions[0].name, "GetUser");
  EXPECT_EQ(use->services[0].actions[0].region, "eu-west-1");
  EXPECT_EQ(use->services[0].actions[1].name, "ListUsers");
  EXPECT_EQ(use->services[0].actions[1].when, kNow + seconds(5));
  EXPECT_EQ(use->services[1].name, "sts");
  EXPECT_EQ(use->services[1].region, "us-east-1");
}

TEST(UsageTest, TheSameCallWithinAMinuteIsNotNotedAgain) {
  Usage usage;
  usage.called("AIDAX", kNow, "us-east-1", "iam", "GetUser");
  taken(usage);
  usage.called("AIDAX", kNow + seconds(59), "us-east-1", "iam", "GetUser");
  EXPECT_THAT(taken(usage), IsEmpty());
  EXPECT_EQ(usage.last("AIDAX")->when, kNow);
  usage.called("AIDAX", kNow + seconds(60), "us-east-1", "iam", "GetUser");
  EXPECT_THAT(taken(usage), ElementsAre("AIDAX"));
  // Another action is, and from another region the service's region is the newest.
  usage.called("AIDAX", kNow + seconds(61), "eu-west-1", "iam", "ListUsers");
  usage.called("AIDAX", kNow + seconds(62), "us-east-1", "iam", "GetUser");
  EXPECT_EQ(usage.last("AIDAX")->services[0].region, "us-east-1");
}

TEST(UsageTest, OfACallersWordsNoMoreIsKeptThanARegionHas) {
  Usage usage;
  usage.called("AIDAX", kNow, std::string(5000, 'r'), "iam", "GetUser");
  EXPECT_EQ(usage.last("AIDAX")->region.size(), Usage::kLongestRegion);
  EXPECT_EQ(usage.last("AIDAX")->services[0].actions[0].region.size(), Usage::kLongestRegion);
  taken(usage);
  usage.called("AIDAX", kNow + seconds(1), std::string(5000, 'r'), "iam", "GetUser");
  EXPECT_THAT(taken(usage), IsEmpty());  // it is still the same region
}

TEST(UsageTest, WhatChangedIsTakenOnceAndAFewAtATime) {
  Usage usage;
  for (int i = 0; i < 250; ++i) usage.used("AKIA" + std::to_string(i), kNow, "us-east-1", "iam");
  std::vector<std::string> all;
  for (const std::size_t expected : {100U, 100U, 50U, 0U}) {
    const auto some = taken(usage);
    EXPECT_EQ(some.size(), expected);
    all.insert(all.end(), some.begin(), some.end());
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::unique(all.begin(), all.end()) - all.begin(), 250);
  usage.used("AKIA7", kNow + seconds(90), "us-east-1", "iam");
  usage.used("AKIA7", kNow + seconds(180), "us-east-1", "iam");
  const auto again = usage.take_changed(100);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].second.when, kNow + seconds(180));
  EXPECT_THAT(taken(usage, 0), IsEmpty());
}

TEST(UsageTest, WhatIsWrittenDownIsRestored) {
  Usage before, after;
  before.used("AKIAX", kNow, "us-east-1", "s3");
  before.called("AIDAX", kNow, "us-east-1", "iam", "GetUser");
  before.called("AIDAX", kNow, "us-east-1", "sts", "GetCallerIdentity");
  Changes changes;
  for (const auto& [id, use] : before.take_changed(10)) changes.remember_use(id, use);
  for (const auto& write : changes.writes()) after.restore(write.key.substr(kLastUses.size()), *write.value);
  EXPECT_EQ(after.last("AKIAX"), before.last("AKIAX"));
  EXPECT_EQ(after.last("AIDAX"), before.last("AIDAX"));
  EXPECT_THAT(taken(after), IsEmpty());  // it is written down already
  after.restore("AKIABAD", "?");
  EXPECT_FALSE(after.last("AKIABAD"));
  after.used("AKIAX", kNow + seconds(30), "us-east-1", "s3");  // a minute counts over a restart, too
  EXPECT_THAT(taken(after), IsEmpty());
}

TEST(UsageTest, WhatWasDeletedIsForgotten) {
  Usage usage;
  usage.used("AKIAX", kNow, "us-east-1", "iam");
  usage.called("AIDAX", kNow, "us-east-1", "iam", "GetUser");
  usage.called("AIDAY", kNow, "us-east-1", "iam", "GetUser");
  User user;
  user.account = *AccountId::parse("111111111111");
  user.id = UniqueId("AIDAX");
  Changes changes;
  changes.erase(user);
  changes.release_access_key("AKIAX");
  changes.remember_use("AIDAY", {});  // written, not deleted
  usage.forget_deleted(changes);
  EXPECT_FALSE(usage.last("AKIAX"));
  EXPECT_FALSE(usage.last("AIDAX"));
  EXPECT_TRUE(usage.last("AIDAY"));
  EXPECT_THAT(taken(usage), ElementsAre("AIDAY"));
}

TEST(UsageTest, ManyMayUseItAtOnce) {
  Usage usage;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&usage, t] {
      for (int i = 0; i < 500; ++i) {
        const std::string id = "AIDA" + std::to_string(i % 50);
        usage.called(id, kNow + seconds(60 * i), "us-east-1", "iam", "Action" + std::to_string(t));
        usage.take_changed(3);
        EXPECT_TRUE(usage.last(id));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(usage.last("AIDA" + std::to_string(i))->services.at(0).actions.size(), 4U);
}

}  // namespace
}  // namespace deputy::directory
