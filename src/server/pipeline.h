// The network port: from the bytes of a request to its answer. Read pipeline.cpp: it is the map of the program.
#pragma once

#include "http/server.h"
#include "server/rooms.h"
#include "server/run.h"

namespace deputy::server {

/// Thread-safe; one for all event loops.
class Pipeline {
 public:
  explicit Pipeline(const Rooms& rooms) : rooms_(rooms), run_(rooms_) {}
  Pipeline(const Pipeline&) = delete;

  /// The http::Handler of the network port.
  void handle(const http::Request& request, http::Responder respond) const;
  /// The http::Options::streams of the network port: operations take the bytes of such a request as they come.
  [[nodiscard]] bool streams(const http::Request& head) const;

 private:
  const Rooms rooms_;
  const Run run_;
};

}  // namespace deputy::server
