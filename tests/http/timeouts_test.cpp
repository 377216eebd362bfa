// Silence: short limits, and no assertion on how long anything took.
#include <gtest/gtest.h>
#include <atomic>
#include <thread>

#include "http/running.h"

namespace deputy::http::testing {
namespace {

Options impatient() {
  Options options = any_port();
  options.limits.head_timeout = 1s;
  options.limits.body_timeout = 1s;
  options.limits.idle_timeout = 1s;
  return options;
}

TEST(TimeoutTest, AHeadThatNeverEndsTimesOut) {
  const Running running(impatient());
  Client client(running.where);
  client.send("GET / HTTP/1.1\r\n");
  std::atomic<bool> over = false;
  std::thread drip([&] {  // each byte is progress, and earns no time
    while (!over && client.send("X")) std::this_thread::sleep_for(50ms);
  });
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 408);
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(client.at_end());
  over = true;
  drip.join();
}

TEST(TimeoutTest, ABodyThatStopsTimesOut) {
  const Running running(impatient());
  Client client(running.where);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na");
  EXPECT_EQ(client.read_answer().status, 408);
  EXPECT_TRUE(client.at_end());
}

TEST(TimeoutTest, AnIdleConnectionIsClosedWithoutAWord) {
  const Running running(impatient());
  Client fresh(running.where), used(running.where);
  used.send(get("/"));
  EXPECT_EQ(used.read_answer().status, 200);
  EXPECT_TRUE(fresh.at_end());
  EXPECT_TRUE(used.at_end());
}

TEST(TimeoutTest, AClientThatNeverReadsIsCutOff) {
  const std::string large(8'000'000, 'x');
  Running running(impatient(), [&](const Request&, Responder respond) { respond(text(large)); });
  Client client(running.where);
  client.send(get("/1") + get("/2"));
  running.server.stop(20s);  // returns: the connection is gone
}

TEST(TimeoutTest, ASlowHandlerIsWaitedFor) {
  Later later;
  Running running(impatient(), later.handler());
  Client client(running.where);
  client.send(get("/"));
  later.wait_for(1);
  std::this_thread::sleep_for(2500ms);
  later.take(0).second(text("at last"));
  EXPECT_EQ(client.read_answer().body, "at last");
}

}  // namespace
}  // namespace deputy::http::testing
