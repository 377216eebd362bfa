// The network port: from the bytes of a request to its answer. Read pipeline.cpp: it is the map of the program.
#pragma once

#include <string_view>

#include "http/server.h"
#include "server/rooms.h"
#include "server/run.h"

namespace deputy::server {

/// Answers whoever asks whether the server is up; no bucket can have such a name.
inline constexpr std::string_view kHealthPath = "/_deputy/health";

/// Thread-safe; one for all event loops.
class Pipeline {
 public:
  explicit Pipeline(const Rooms& rooms) : rooms_(rooms), run_(rooms_) {}
  Pipeline(const Pipeline&) = delete;

  /// The http::Handler of the network port.
  void handle(const http::Request& request, http::Responder respond) const;

 private:
  const Rooms rooms_;
  const Run run_;
};

}  // namespace deputy::server
