// The operator's door: the admin service over the Unix socket in the data folder. Whoever may open that socket (mode
// 0600) is the operator; the network port never leads here.
#pragma once

#include "base/time.h"
#include "host/clock.h"
#include "http/server.h"
#include "server/rooms.h"
#include "server/run.h"
#include "server/service_calls.h"
#include "server/status.h"

namespace deputy::server {

/// Bytes of a body: a seed of some 100,000 entities.
inline constexpr std::size_t kLargestSeed = 64 * 1024 * 1024;

class OperatorDoor {
 public:
  /// `clock`: null unless the server was started with a movable clock. `doors`: known when the first request comes.
  OperatorDoor(const Rooms& rooms, MovableClock* clock, const Doors& doors);
  OperatorDoor(const OperatorDoor&) = delete;

  /// The http::Handler of the admin socket.
  void handle(const http::Request& request, http::Responder respond) const;
  /// Asks without a socket, and waits: at the start, while nobody else is there who could be first. The answer as JSON.
  [[nodiscard]] Result<std::string, Error> ask_alone(std::string_view operation, std::string_view json) const;

 private:
  [[nodiscard]] http::Response trail_lines(const http::Request& request) const;

  struct Own;
  /// Null: another operation.
  static const Own* own_of(const protocol::Operation& operation);
  template <class Operation>
  static Own own(Result<services::Erased> (OperatorDoor::*run)(const void*) const);

  [[nodiscard]] Result<services::Erased> get_status(const void*) const;
  [[nodiscard]] Result<services::Erased> move_clock(const void* input) const;
  [[nodiscard]] Result<services::Erased> list_operations(const void* input) const;
  [[nodiscard]] Result<services::Erased> save_snapshot(const void* input) const;
  [[nodiscard]] Result<services::Erased> list_snapshots(const void*) const;
  [[nodiscard]] Result<services::Erased> restore_snapshot(const void* input) const;
  [[nodiscard]] Result<services::Erased> delete_snapshot(const void* input) const;
  [[nodiscard]] Result<services::Erased> reset(const void*) const;

  const Rooms rooms_;
  const Run run_;
  const ServiceCalls services_;
  MovableClock* const clock_;
  const Doors& doors_;
  const Time started_;
};

}  // namespace deputy::server
