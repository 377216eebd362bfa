#include "base/fair_queue.h"

#include <gtest/gtest.h>

#include <string>

namespace deputy {
namespace {

AccountId account(std::uint64_t number) { return *AccountId::from_number(number); }

class FairQueueTest : public testing::Test {
 protected:
  /// Which jobs begin one after the other, each done before the next.
  std::string order() {
    std::string jobs;
    while (auto turn = queue.next()) {
      jobs += turn->job;
      queue.done(turn->account);
    }
    return jobs;
  }
  void add(int of, const char* jobs) {
    for (; *jobs != '\0'; ++jobs) EXPECT_FALSE(queue.add(account(of), *jobs)) << *jobs;
  }

  FairQueue<char> queue{FairLimits{.at_once = 3, .at_once_of_account = 2, .waiting = 8, .waiting_of_account = 5}};
};

TEST_F(FairQueueTest, AccountsTakeTurns) {
  add(1, "abcd");
  add(2, "xy");
  EXPECT_EQ(order(), "axbycd");
}

TEST_F(FairQueueTest, AnAccountHasNoMoreThanItsShareAtOnce) {
  add(1, "abc");
  add(2, "x");
  EXPECT_EQ(queue.next()->job, 'a');
  EXPECT_EQ(queue.next()->job, 'x');
  EXPECT_EQ(queue.next()->job, 'b');
  EXPECT_FALSE(queue.next()) << "all places are taken";
  queue.done(account(2));
  EXPECT_FALSE(queue.next()) << "those of its account are";
  queue.done(account(1));
  EXPECT_EQ(queue.next()->job, 'c');
}

TEST_F(FairQueueTest, AnAccountHasNoMoreThanItsShareWaiting) {
  add(1, "abcde");
  EXPECT_EQ(queue.add(account(1), 'f'), 'f');
  add(2, "x");
  EXPECT_EQ(order(), "axbcde");
}

TEST_F(FairQueueTest, WhoHasTheMostMakesRoomForWhoHasLess) {
  add(1, "abcde");
  add(2, "xyz");
  EXPECT_EQ(queue.add(account(3), 'o'), 'e');
  EXPECT_EQ(queue.add(account(3), 'p'), 'd');
  EXPECT_EQ(queue.add(account(3), 'q'), 'q') << "as many as the others";
  EXPECT_EQ(queue.waiting(), 8U);
  EXPECT_EQ(order(), "axobypcz");
}

TEST_F(FairQueueTest, ManyAccountsWithOneEachAreServedInTheirOrder) {
  for (int i = 0; i < 8; ++i) EXPECT_FALSE(queue.add(account(i + 1), static_cast<char>('a' + i)));
  EXPECT_EQ(queue.add(account(9), 'i'), 'i');
  EXPECT_EQ(order(), "abcdefgh");
  EXPECT_EQ(queue.waiting() + queue.in_work(), 0U);
}

}  // namespace
}  // namespace deputy
