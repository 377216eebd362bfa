// The listener for those who watch the server: GET /metrics, on an address of its own, so that whoever may call may not
// watch, and the other way round. It asks for no signature: the operator decides where it listens.
#pragma once

#include "http/server.h"
#include "server/rooms.h"

namespace deputy::server {

inline constexpr std::string_view kMetricsPath = "/metrics";

/// Thread-safe.
class MetricsDoor {
 public:
  /// `rooms` are kept.
  explicit MetricsDoor(const Rooms& rooms) : rooms_(rooms) {}

  void handle(const http::Request& request, http::Responder respond) const;
  /// All that is counted, those things too that are looked at only now: what there is, the trail, the process.
  [[nodiscard]] std::string text() const;

 private:
  const Rooms rooms_;
};

}  // namespace deputy::server
