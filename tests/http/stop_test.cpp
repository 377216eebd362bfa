// The end.
#include <gtest/gtest.h>
#include <atomic>
#include <future>
#include <thread>

#include "http/running.h"

namespace deputy::http::testing {
namespace {

TEST(StopTest, StopFinishesWhatIsInFlight) {
  Later later;
  Running running(any_port(2), later.handler());
  Client busy(running.where), idle(running.where), half(running.where);
  busy.send(get("/1") + get("/2"));
  half.send("POST /half HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n");
  later.wait_for(2);
  auto stopped = std::async(std::launch::async, [&] { running.server.stop(); });
  EXPECT_TRUE(idle.at_end());
  EXPECT_FALSE(Client(running.where).connected());
  half.send("body");
  later.wait_for(3);
  later.take(2).second(text("half"));
  later.take(1).second(text("two"));
  later.take(0).second(text("one"));
  EXPECT_EQ(busy.read_answer().header("Connection"), "");
  const Answer last = busy.read_answer();
  EXPECT_EQ(last.body, "two");
  EXPECT_EQ(last.header("Connection"), "close");
  EXPECT_TRUE(busy.at_end());
  EXPECT_EQ(half.read_answer().header("Connection"), "close");
  stopped.wait();
}

TEST(StopTest, StopDoesNotWaitForEver) {
  Later later;
  Running running(any_port(), later.handler());
  Client client(running.where);
  client.send(get("/"));
  later.wait_for(1);
  running.server.stop(10ms);
  running.server.stop();  // again
  EXPECT_EQ(client.read_answer().status, 0);
  later.take(0).second(text("too late"));
}

TEST(StopTest, StopUnderLoadLosesNoAnswerThatWasBegun) {
  Running running(any_port(2), echo_target);
  std::atomic<int> answered = 0;
  std::vector<std::jthread> clients;
  for (int c = 0; c < 4; ++c) {
    clients.emplace_back([&] {
      Client client(running.where);
      for (;;) {
        if (!client.send(get("/x"))) return;
        const Answer answer = client.read_answer();
        if (answer.status == 0) {
          EXPECT_EQ(client.rest(), "");  // nothing, rather than half an answer
          return;
        }
        ++answered;
        if (answer.header("Connection") == "close") return;
      }
    });
  }
  while (answered < 200) std::this_thread::yield();
  running.server.stop();
}

/// The clock of a loop may strike at the very moment at which the loop is told to finish.

TEST(StopTest, StopAtTheStrokeOfTheClockEnds) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([i] {
      Running running(any_port());
      std::this_thread::sleep_for(std::chrono::microseconds(499'900 + i * 20));
      running.server.stop();
    });
  }
}

TEST(StopTest, AServerThatNeverStartedStops) {
  Server server(any_port(), echo_target);
  server.stop();
}

}  // namespace
}  // namespace deputy::http::testing
