// One request on its way through the pipeline, with all that is known of it so far. Lives until its answer left; a
// commit under way keeps it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/event.h"
#include "authz/authorize.h"
#include "crypto/random.h"
#include "directory/caller.h"
#include "http/server.h"
#include "protocol/encode.h"
#include "protocol/route.h"
#include "server/origin.h"
#include "server/step.h"
#include "server/writes.h"
#include "services/operation.h"

namespace deputy::server {

struct Exchange {
  Exchange(const http::Request& request, http::Responder responder, const protocol::Destination& destination, Time time,
           crypto::Entropy& entropy, const Origin& from);

  const http::Request& request;  // of the connection; gone once `respond` was called
  http::Responder respond;
  const protocol::Destination to;
  const Time now;
  std::string request_id, extended_id;
  Writes::Call writing;
  Origin origin;  // of the request

  directory::SnapshotPtr snapshot;          // of the current attempt
  std::optional<directory::Caller> caller;  // points into it
  protocol::Call call;
  services::Erased input{nullptr, nullptr};
  services::Accesses accesses;
  Arrived arrived;

  /// aws:RequestedRegion and the audit's awsRegion: IAM and Organizations are global. [K-5]
  [[nodiscard]] std::string_view region() const;
  [[nodiscard]] authz::Circumstances circumstances() const;
  [[nodiscard]] protocol::ReplyContext reply_context() const;
  /// What the audit names as the resources of the call.
  [[nodiscard]] std::vector<audit::Resource> resources() const;
  /// Sends an answer that was settled before any service looked at the request.
  void answer_early(http::Response response);
};

}  // namespace deputy::server
