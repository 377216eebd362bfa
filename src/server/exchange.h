// One request on its way through the pipeline, with all that is known of it so far. The steps are in pipeline.cpp.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "audit/event.h"
#include "protocol/encode.h"
#include "protocol/route.h"
#include "server/run.h"

namespace deputy::server {

struct Exchange final : Call {
  Exchange(const Rooms& all, const http::Request& request, http::Responder responder);

  // The journey, in this order: pipeline.cpp.
  Step<Known> known(const directory::Snapshot& snapshot) override;
  [[nodiscard]] Error not_written(const store::Error& why) const override;
  void take_body(const services::BodyWanted& wanted, std::function<void()> go_on) override;
  void finish(const Result<services::Erased>& reply) override;

  const Rooms& rooms;
  const http::Request& request;  // of the connection; gone once `respond` was called
  const protocol::Destination to;
  const protocol::Service& service;  // the same
  const Time now;
  const std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();  // to say how long it took
  const Origin origin;                                                                   // of the request
  std::string request_id, extended_id;

  std::optional<directory::Caller> caller;  // points into the snapshot of the current attempt
  protocol::Call call;
  services::Erased input{nullptr, nullptr};
  authn::BodyClaim body_claim;  // of an operation that takes bytes: what is left to check of them

  /// Sends an answer that was settled before any service looked at the request.
  void answer_early(http::Response response);
  [[nodiscard]] protocol::ReplyContext reply_context() const;

 private:
  /// Who calls, by the signature; without one only where the operation asks for none.
  Result<void> identify(const directory::Snapshot& snapshot);
  /// Whether the bytes of the request's body are for the operation to take in.
  [[nodiscard]] bool takes_bytes() const;
  /// Once: attempts differ in the snapshot, not in what was asked.
  Result<void> decode(const services::Binding& binding);
  /// Who calls, by the word of an identity provider.
  Step<void> believe(const services::Assertion& assertion, const directory::Snapshot& snapshot);
  /// When keys and roles were last used.
  void note_use() const;

  /// A header's value; empty if there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  /// aws:RequestedRegion and the audit's awsRegion: IAM and Organizations are global. [K-5]
  [[nodiscard]] std::string_view region() const;
  [[nodiscard]] authz::Circumstances circumstances() const;
  [[nodiscard]] http::Response answer(const void* output, const protocol::ReplyContext& context) const;
  /// What the trail tells of it; `output` and `error` as in audit::Record.
  [[nodiscard]] audit::Record event(const void* output, const Error* error) const;
};

}  // namespace deputy::server
