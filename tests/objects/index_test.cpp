#include "objects/index.h"

#include <fmt/format.h>

#include <atomic>
#include <future>
#include <thread>

#include "objects/bucket.h"

namespace deputy::objects {
namespace {

const AccountId kOne = *AccountId::parse("111111111111"), kTwo = *AccountId::parse("222222222222");

Result<Seen> ask(Index& index, Looks looks) {
  std::promise<Result<Seen>> answer;
  index.read(kOne, std::move(looks), [&](Result<Seen> seen) { answer.set_value(std::move(seen)); });
  return answer.get_future().get();
}

TEST(IndexTest, AnswersEveryQuestionAndRemembersVersions) {
  const auto store = store::open_memory();
  Writes().newest(version_of("k", "1")).upload(upload_of("k", "u")).commit(*store);
  Index index(pages_of(*store));
  const Looks looks{OfKey{kBucket, "k", ""}, OfKey{kBucket, "none", ""},
                    Listing{.what = Listing::What::kObjects,
                            .bucket = kBucket,
                            .prefix = {},
                            .delimiter = {},
                            .after_key = {},
                            .after_id = {}},
                    OfUpload{.bucket = kBucket, .key = "k", .upload = "u"}, Emptiness{kBucket}};
  EXPECT_FALSE(index.remembered(looks));
  EXPECT_FALSE(index.remembered({looks[0]}));
  const auto seen = ask(index, looks);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->asked, looks);
  EXPECT_EQ(seen->versions(0).newest->version, "1");
  EXPECT_EQ(seen->versions(1).newest, nullptr);
  EXPECT_EQ(seen->listed(2).items.size(), 1U);
  EXPECT_EQ(seen->upload(3).upload->id, "u");
  EXPECT_FALSE(seen->empty(4));
  const auto remembered = index.remembered({looks[1], looks[0]});
  ASSERT_TRUE(remembered);
  EXPECT_EQ(remembered->versions(1).newest, seen->versions(0).newest) << "it is decoded once";
  EXPECT_FALSE(index.remembered(looks)) << "listings are read";
  EXPECT_TRUE(index.remembered({})) << "who asks nothing knows all";
}

TEST(IndexTest, WhatCannotBeReadIsToldAsThat) {
  Index index([](std::span<const Range>) -> Result<Moment> { return Fault{Fault::Kind::kUnavailable, "no"}; });
  const auto seen = ask(index, {Emptiness{kBucket}});
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().kind, Fault::Kind::kUnavailable);
}

TEST(IndexTest, WhoAsksTooMuchIsRefusedAndOthersAreNot) {
  const auto store = store::open_memory();
  std::promise<void> go;
  std::shared_future<void> gone = go.get_future().share();
  const Read pages = pages_of(*store);
  Index index([&](std::span<const Range> ranges) { return gone.wait(), pages(ranges); },
              {.reads = {.at_once = 1, .at_once_of_account = 1, .waiting = 8, .waiting_of_account = 4}});
  std::atomic<int> answered = 0, busy = 0;
  const auto count = [&](const Result<Seen>& seen) {
    ++answered;
    if (!seen && seen.error().kind == Fault::Kind::kBusy) ++busy;
  };
  for (int i = 0; i < 20; ++i) index.read(kOne, {Emptiness{kBucket}}, count);
  EXPECT_GE(busy, 15);
  const int refused = busy;
  std::promise<void> other;
  index.read(kTwo, {Emptiness{kBucket}}, [&](const Result<Seen>& seen) {
    EXPECT_TRUE(seen);
    other.set_value();
  });
  go.set_value();
  other.get_future().get();
  EXPECT_EQ(busy, refused);
}

TEST(IndexTest, StopsWhileQuestionsWait) {
  const auto store = store::open_memory();
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> answered = 0;
    Index index(pages_of(*store));
    for (int i = 0; i < 50; ++i) index.read(kOne, {Emptiness{kBucket}}, [&](const Result<Seen>&) { ++answered; });
    index.stop();
    EXPECT_LE(answered, 50);
    index.read(kOne, {Emptiness{kBucket}}, [](const Result<Seen>&) { FAIL() << "it was stopped"; });
  }
}

TEST(IndexTest, EveryQuestionOfManyThreadsIsAnswered) {
  const auto store = store::open_memory();
  Writes writes;
  for (int i = 0; i < 100; ++i) writes.newest(version_of(fmt::format("k{}", i), "1"));
  writes.commit(*store);
  Index index(pages_of(*store));
  std::atomic<int> right = 0;
  constexpr int kThreads = 4, kAsked = 500;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kAsked; ++i) {
          const std::string key = fmt::format("k{}", (i * 7 + t) % 120);
          const Looks looks{OfKey{kBucket, key, ""}};
          auto seen = index.remembered(looks);
          if (!seen) seen = *ask(index, looks);
          const VersionPtr& newest = seen->versions(0).newest;
          const bool exists = std::stoi(key.substr(1)) < 100;
          right += exists ? newest != nullptr && newest->key == key : newest == nullptr;
        }
      });
    }
  }
  EXPECT_EQ(right, kThreads * kAsked);
}

}  // namespace
}  // namespace deputy::objects
