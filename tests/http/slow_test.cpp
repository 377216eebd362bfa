// Who is slow, who holds much, and who gives way when places or memory run short. Short limits, and no assertion on how
// long anything took.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <thread>

#include "http/descriptors.h"
#include "http/places.h"
#include "http/running.h"

namespace deputy::http::testing {
namespace {

/// So slow that only the least pace can end it.
Options paced() {
  Options options = any_port();
  options.limits.grace = 1s;
  options.limits.pace = 1'000'000;
  options.limits.body_timeout = 3600s;
  return options;
}

TEST(SlowTest, ABodyThatDripsIsEnded) {
  const Running running(paced());
  Client client(running.where);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  std::atomic<bool> over = false;
  std::thread drip([&] {  // each byte would earn another hour
    while (!over && client.send("X")) std::this_thread::sleep_for(50ms);
  });
  EXPECT_EQ(client.read_answer().status, 408);
  EXPECT_TRUE(client.at_end());
  over = true;
  drip.join();
}

TEST(SlowTest, AChunkedBodyThatDripsIsEnded) {
  const Running running(paced());
  Client client(running.where);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::atomic<bool> over = false;
  std::thread drip([&] {
    while (!over && client.send("1\r\nX\r\n")) std::this_thread::sleep_for(50ms);
  });
  EXPECT_EQ(client.read_answer().status, 408);
  over = true;
  drip.join();
}

TEST(SlowTest, AnAnswerThatIsSippedIsEnded) {
  const std::string large(64'000'000, 'x');
  Options options = paced();
  options.limits.buffers = 1'000'000'000;
  Running running(options, [&](const Request&, Responder respond) { respond(text(large)); });
  Client client(running.where);
  client.send(get("/"));
  for (int i = 0; i < 35; ++i) {
    ASSERT_TRUE(client.sip());
    std::this_thread::sleep_for(100ms);
  }
  EXPECT_EQ(client.read_answer().status, 0);  // what is still in the kernel, and then the end
  EXPECT_LT(client.rest().size(), large.size());
}

TEST(SlowTest, ABodyAtTheLeastPaceIsServed) {
  Options options = paced();
  options.limits.pace = 10;
  const Running running(
      options, [](const Request& request, Responder respond) { respond(text(std::to_string(request.body.size()))); });
  Client client(running.where);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n");
  for (int i = 0; i < 50; ++i) {
    client.send("X");
    std::this_thread::sleep_for(40ms);
  }
  EXPECT_EQ(client.read_answer().body, "50");
}

TEST(SlowTest, ANewcomerGetsThePlaceOfWhoWaitsLongest) {
  Options options = any_port();
  options.limits.connections = 3;
  const Running running(options);
  Client first(running.where), second(running.where), third(running.where);
  for (Client* client : {&first, &second, &third, &first}) {  // so the second waits longest
    client->send(get("/"));
    ASSERT_EQ(client->read_answer().status, 200);
  }
  Client newcomer(running.where);
  newcomer.send(get("/"));
  EXPECT_EQ(newcomer.read_answer().status, 200);
  EXPECT_TRUE(second.at_end());
  for (Client* client : {&first, &third}) {
    client->send(get("/"));
    EXPECT_EQ(client->read_answer().status, 200);
  }
}

TEST(SlowTest, WhoHasJustComeIsNotWhoWaitsLongest) {
  Options options = any_port();
  options.limits.connections = 3;
  const Running running(options);
  Client first(running.where), second(running.where);
  for (Client* client : {&first, &second}) {
    client->send(get("/"));
    ASSERT_EQ(client->read_answer().status, 200);
  }
  Client third(running.where), fourth(running.where), fifth(running.where);  // say nothing yet; the first two go
  EXPECT_TRUE(first.at_end());
  EXPECT_TRUE(second.at_end());
  for (Client* client : {&third, &fourth, &fifth}) {
    client->send(get("/"));
    EXPECT_EQ(client->read_answer().status, 200);
  }
}

TEST(SlowTest, WhoIsBeingServedKeepsThePlace) {
  Options options = any_port();
  options.limits.connections = 2;
  Later later;
  const Running running(options, later.handler());
  Client first(running.where), second(running.where);
  first.send(get("/1"));
  later.wait_for(1);
  second.send(get("/2"));
  later.wait_for(2);
  Client newcomer(running.where);
  EXPECT_TRUE(newcomer.at_end());
  later.take(0).second(text("one"));
  later.take(1).second(text("two"));
  EXPECT_EQ(first.read_answer().body, "one");
  EXPECT_EQ(second.read_answer().body, "two");
}

TEST(SlowTest, DrippingBodiesDoNotKeepThePlacesFromNewcomers) {
  Options options = any_port();
  options.limits.connections = 4;
  const Running running(options);
  std::vector<std::unique_ptr<Client>> drips;
  for (int i = 0; i < 4; ++i) {
    drips.push_back(std::make_unique<Client>(running.where));
    drips.back()->send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx");
  }
  for (int i = 0; i < 8; ++i) {
    Client client(running.where);
    client.send(get("/"));
    EXPECT_EQ(client.read_answer().status, 200);
  }
}

// 127.0.0.2 is another address to the server, and loopback all the same.
TEST(SlowTest, ANetworkThatFillsTheHouseDisplacesItself) {
  Options options = any_port();
  options.host = "0.0.0.0";
  options.limits.connections = 4;
  const Running running(options);
  const Endpoint where{"127.0.0.1", running.where.port};
  Client neighbour(where, "127.0.0.2");
  neighbour.send(get("/"));
  ASSERT_EQ(neighbour.read_answer().status, 200);
  std::vector<std::unique_ptr<Client>> crowd;
  for (int i = 0; i < 12; ++i) {
    crowd.push_back(std::make_unique<Client>(where));
    crowd.back()->send(get("/"));
    EXPECT_EQ(crowd.back()->read_answer().status, 200);
  }
  neighbour.send(get("/"));  // idle for longest, and still there
  EXPECT_EQ(neighbour.read_answer().status, 200);
}

TEST(SlowTest, WhoHoldsMuchAndIsSlowestGivesWay) {
  Options options = any_port();
  options.limits.buffers = 3'000'000;
  const Running running(
      options, [](const Request& request, Responder respond) { respond(text(std::to_string(request.body.size()))); });
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n";
  std::vector<std::unique_ptr<Client>> slow;
  for (int i = 0; i < 6; ++i) {
    slow.push_back(std::make_unique<Client>(running.where));
    slow.back()->send(head + std::string(900'000, 'x'));
  }
  Client honest(running.where);
  honest.send(head + std::string(1'000'000, 'x'));
  EXPECT_EQ(honest.read_answer().body, "1000000");
}

TEST(SlowTest, AnswersThatNobodyReadsAreWithinTheBudget) {
  Options options = any_port();
  options.limits.buffers = 40'000'000;
  const std::string large(10'000'000, 'x');
  const Running running(options, [&](const Request& request, Responder respond) {
    respond(request.target == "/large" ? text(large) : text("small"));
  });
  std::vector<std::unique_ptr<Client>> deaf;
  for (int i = 0; i < 12; ++i) {
    deaf.push_back(std::make_unique<Client>(running.where));
    deaf.back()->send(get("/large"));
  }
  Client other(running.where);
  other.send(get("/small"));
  EXPECT_EQ(other.read_answer().body, "small");
  other.send(get("/large"));  // the slowest have made room
  EXPECT_EQ(other.read_answer().body.size(), large.size());
  int cut = 0;
  for (const auto& client : deaf) cut += client->read_answer().body.size() < large.size();
  EXPECT_GE(cut, 7);
  EXPECT_LT(cut, 12);
}

TEST(PlacesTest, ACustomersNetworkOfIPv6IsOne) {
  EXPECT_EQ(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:2:ffff::9"));
  EXPECT_NE(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
  EXPECT_NE(network_of("10.0.0.1"), network_of("10.0.0.2"));
  EXPECT_EQ(network_of(""), "");
}

TEST(PlacesTest, CountsWhatEachNetworkHas) {
  Places places(2);
  Places::Guest* a = places.take("a");
  EXPECT_EQ(places.take("a"), a);
  EXPECT_EQ(a->connections, 2U);
  EXPECT_EQ(places.take("b"), nullptr);
  Places::Guest* b = places.take_anyway("b");
  ASSERT_NE(b, nullptr);
  places.give_back(a);
  places.give_back(a);
  places.give_back(b);
  EXPECT_TRUE(places.wait_until_empty(0ms));
}

TEST(DescriptorsTest, SomeAreKeptForTheServerItself) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  for (const auto& [limit, places] : {std::pair<rlim_t, std::size_t>{256, 128}, {400, 200}, {1024, 768}}) {
    rlimit now = before;
    now.rlim_cur = limit;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &now), 0);
    EXPECT_EQ(descriptors_for_connections(), places) << limit;
  }
  EXPECT_EQ(raise_descriptor_limit(), before.rlim_max);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace deputy::http::testing
