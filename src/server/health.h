// What the server says to whoever asks whether it is up, without a signature: load balancers, scripts, containers.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "http/message.h"

namespace deputy::server {

/// Whether all doors are open. Thread-safe.
class Readiness {
 public:
  void set() { ready_.store(true, std::memory_order_release); }
  void clear() { ready_.store(false, std::memory_order_release); }
  [[nodiscard]] bool is_set() const { return ready_.load(std::memory_order_acquire); }

 private:
  std::atomic<bool> ready_{false};
};

/// The answer if the request is GET or HEAD of a health check; nothing for all others. No bucket can have such names.
///
///   /_deputy/health      live, ready, version and the revision of what exists; 200 once it is ready, 503 before
///   /_localstack/health  the same in LocalStack's words, for scripts that wait for it
std::optional<http::Response> answer_health(const http::Request& request, const Readiness& readiness,
                                            std::uint64_t revision);

}  // namespace deputy::server
