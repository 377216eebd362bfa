#include "server/fair_thread.h"

#include <gtest/gtest.h>

#include <future>

namespace deputy::server {
namespace {

const AccountId kA = *AccountId::parse("111111111111"), kB = *AccountId::parse("222222222222");

TEST(FairThreadTest, OneAfterTheOtherAndAccountsInTurns) {
  FairThread thread("test", {.waiting = 8, .waiting_of_account = 3});
  std::promise<void> begun, go, done;
  thread.run(*AccountId::parse("999999999999"), [&](bool) {
    begun.set_value();
    go.get_future().wait();
  });
  begun.get_future().wait();
  std::string order;  // of the thread
  for (const char job : {'a', 'b', 'c'}) thread.run(kA, [&, job](bool my_turn) { order += my_turn ? job : '?'; });
  bool refused = false;
  thread.run(kA, [&](bool my_turn) { refused = !my_turn; });
  EXPECT_TRUE(refused) << "at once, and on this thread";
  thread.run(kB, [&](bool my_turn) { order += my_turn ? 'x' : '?'; });
  thread.run(kB, [&](bool my_turn) { order += my_turn ? 'y' : '?'; });
  thread.run(kB, [&](bool) { done.set_value(); });
  go.set_value();
  done.get_future().wait();
  thread.stop();
  EXPECT_EQ(order, "axbyc");
}

TEST(FairThreadTest, WhoComesAfterTheEndHasNoTurn) {
  FairThread thread("test", {});
  thread.stop();
  bool refused = false;
  thread.run(kA, [&](bool my_turn) { refused = !my_turn; });
  EXPECT_TRUE(refused);
  EXPECT_TRUE(thread.is_stopping());
}

}  // namespace
}  // namespace deputy::server
