// What the tests of the server share: one that runs on any free port, and handlers.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/client.h"
#include "http/server.h"

namespace deputy::http::testing {

using namespace std::chrono_literals;

inline Options any_port(unsigned threads = 1) {
  Options options;
  options.port = 0;
  options.threads = threads;
  return options;
}

inline Response text(std::string body) {
  return {.status = 200, .headers = {}, .body = std::move(body), .close = false};
}

inline void echo_target(const Request& request, Responder respond) { respond(text(std::string(request.target))); }

inline std::string get(std::string_view target, std::string_view more = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" + std::string(more) + "\r\n";
}

/// A server that runs, and where.
struct Running {
  explicit Running(Options options, Handler handler = echo_target) : server(std::move(options), std::move(handler)) {
    auto started = server.start();
    EXPECT_TRUE(started) << started.error();
    if (started) where = *started;
  }
  Server server;
  Endpoint where;
};

/// Keeps Responders until the test wants them.
class Later {
 public:
  Handler handler() {
    return [this](const Request& request, Responder respond) {
      const std::lock_guard lock(mutex_);
      held_.emplace_back(&request, std::move(respond));
      changed_.notify_all();
    };
  }
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, 20s, [&] { return held_.size() >= count; }));
  }
  std::pair<const Request*, Responder> take(std::size_t i) {
    const std::lock_guard lock(mutex_);
    return std::move(held_[i]);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<const Request*, Responder>> held_;
};

}  // namespace deputy::http::testing
