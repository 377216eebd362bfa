// Pipelining: answers in order, from any thread, and back pressure.
#include <gtest/gtest.h>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include "http/running.h"

namespace deputy::http::testing {
namespace {

TEST(OrderTest, ContinueGoesBehindEarlierAnswers) {
  Later later;
  Running running(any_port(), later.handler());
  Client client(running.where);
  client.send(get("/1") + "POST /2 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  later.wait_for(1);
  later.take(0).second(text("first"));
  EXPECT_EQ(client.read_answer().body, "first");
  EXPECT_EQ(client.read_answer().status, 100);
  client.send("abc");
  later.wait_for(2);
  later.take(1).second(text("second"));
  EXPECT_EQ(client.read_answer().body, "second");
}

TEST(OrderTest, AnswersLeaveInTheOrderOfTheirRequests) {
  Later later;
  Running running(any_port(), later.handler());
  Client client(running.where);
  std::string requests;
  for (int i = 0; i < 40; ++i) requests += get("/" + std::to_string(i));
  client.send(requests);
  later.wait_for(40);
  for (int i = 39; i >= 0; --i) {
    auto [request, respond] = later.take(static_cast<std::size_t>(i));
    respond(text(std::string(request->target)));
  }
  for (int i = 0; i < 40; ++i) EXPECT_EQ(client.read_answer().body, "/" + std::to_string(i));
}

TEST(OrderTest, AnAnswerAtOnceWaitsForAnEarlierOne) {
  Later later;
  const Handler hold = later.handler();
  Running running(any_port(), [&](const Request& request, Responder respond) {
    if (request.target == "/slow") return hold(request, std::move(respond));
    respond(text("fast"));
  });
  Client client(running.where);
  client.send(get("/slow") + get("/fast"));
  later.wait_for(1);
  later.take(0).second(text("slow"));
  EXPECT_EQ(client.read_answer().body, "slow");
  EXPECT_EQ(client.read_answer().body, "fast");
}

TEST(OrderTest, MorePipelinedThanMayBeInFlightIsServedToo) {
  Later later;
  Running running(any_port(), later.handler());
  Client client(running.where);
  std::string requests;
  for (int i = 0; i < 200; ++i) requests += get("/" + std::to_string(i));
  client.send(requests);
  for (int i = 0; i < 200; ++i) {
    later.wait_for(static_cast<std::size_t>(i) + 1);
    auto [request, respond] = later.take(static_cast<std::size_t>(i));
    respond(text(std::string(request->target)));
    EXPECT_EQ(client.read_answer().body, "/" + std::to_string(i));
  }
}

TEST(OrderTest, AClientThatDoesNotReadIsNotReadFrom) {
  std::atomic<int> served = 0;
  const std::string large(100'000, 'x');
  Running running(any_port(), [&](const Request&, Responder respond) {
    ++served;
    respond(text(large));
  });
  Client client(running.where);
  std::string requests;
  for (int i = 0; i < 1000; ++i) requests += get("/");
  std::thread sender([&] { client.send(requests); });
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(client.read_answer().body.size(), large.size()) << i;
  sender.join();
  EXPECT_EQ(served, 1000);
}

TEST(OrderTest, ThousandsOfAnswersFromOtherThreads) {
  constexpr int kClients = 8, kRequests = 500, kWorkers = 4;
  struct Job {
    std::string target;
    Responder respond;
  };
  std::mutex mutex;
  std::condition_variable_any changed;
  std::vector<Job> jobs;
  Running running(any_port(2), [&](const Request& request, Responder respond) {
    const std::lock_guard lock(mutex);
    jobs.push_back({std::string(request.target), std::move(respond)});
    changed.notify_one();
  });
  std::vector<std::jthread> workers;
  for (int w = 0; w < kWorkers; ++w) {
    workers.emplace_back([&, w](const std::stop_token& stop) {
      std::minstd_rand random(static_cast<unsigned>(w + 1));
      std::unique_lock lock(mutex);
      while (changed.wait(lock, stop, [&] { return !jobs.empty(); })) {
        std::swap(jobs[random() % jobs.size()], jobs.back());
        Job job = std::move(jobs.back());
        jobs.pop_back();
        lock.unlock();
        job.respond(text(job.target));
        lock.lock();
      }
    });
  }
  {
    std::vector<std::jthread> clients;
    for (int c = 0; c < kClients; ++c) {
      clients.emplace_back([&, c] {
        Client client(running.where);
        const auto target = [c](int i) { return "/" + std::to_string(c) + "/" + std::to_string(i); };
        for (int i = 0; i < kRequests; i += 25) {
          std::string requests;
          for (int k = i; k < i + 25; ++k) requests += get(target(k));
          client.send(requests);
          for (int k = i; k < i + 25; ++k) ASSERT_EQ(client.read_answer().body, target(k));
        }
      });
    }
  }
}

}  // namespace
}  // namespace deputy::http::testing
