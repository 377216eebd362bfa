// One body on its way from its client to where it is kept: it comes on the event loop of its connection, and is hashed and
// written by the crew, so that no event loop waits for a disk. What has come and is not yet written is bounded; then the
// client waits.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "http/message.h"
#include "server/crew.h"
#include "server/receiver.h"

namespace deputy::server {

/// Of one body, come and not yet written.
inline constexpr std::size_t kMostWaitingBytes = 128 * 1024;

class Intake final : public http::BodySink, public std::enable_shared_from_this<Intake> {
 public:
  struct Connection {
    std::function<void()> more;                       // http::Responder::more
    std::function<void(std::function<void()>)> post;  // http::Responder::post
  };
  /// Called once, on the event loop. Errors: those of Receiver; RequestTimeout, IncompleteBody.
  using Done = std::function<void(Result<Taken>)>;

  /// `crew` outlives it.
  Intake(Receiver receiver, Crew& crew, Connection connection, Done done)
      : receiver_(std::move(receiver)), crew_(crew), connection_(std::move(connection)), done_(std::move(done)) {}

  bool take(std::string_view bytes) override;
  void end() override;
  void broken(Broken why) override;

 private:
  void begin_work();
  void work();
  void tell(Result<Taken> outcome);

  Receiver receiver_;  // of the thread that works
  Crew& crew_;
  const Connection connection_;
  Done done_;
  std::mutex mutex_;  // of all below
  std::string waiting_;
  bool working_ = false;  // somebody of the crew has it, or will
  bool full_ = false;     // the client waits
  bool ended_ = false;
  bool over_ = false;  // the outcome is told
  std::optional<Broken> broken_;
};

}  // namespace deputy::server
