// One call of a known caller, from the permission to the disk: what it needs is asked, decided on one snapshot and run
// on the same; what it wants written is written, or decided again on a newer one; what has to be there first is waited
// for. Every door of the server runs its calls here, and keeps what is its own: how the caller became known, and how
// the answer is worded.
//
//   struct Visit final : Call { … };                        // a door's: known(), not_written(), finish()
//   run.start(std::make_shared<Visit>(…));                  // finish() is called once, now or later
//
// INVARIANT: an answer is told only when what it wrote is durable, a refusal that leaves its mark too (a wrong MFA code
// that is counted). RunTest holds it.
#pragma once

#include <memory>

#include "authz/authorize.h"
#include "directory/caller.h"
#include "http/server.h"
#include "server/rooms.h"
#include "server/step.h"
#include "services/operation.h"

namespace deputy::server {

/// Who calls what, on one snapshot. Everything is borrowed from the call, for one attempt.
struct Known {
  const services::Binding& binding;
  const void* input;
  directory::Caller& caller;  // learns here whether it gave an MFA code
  authz::Circumstances how;
  authz::Wording wording = authz::Wording::kStandard;
  bool global_endpoint = false;  // see services::At
};

/// A call on its way. Lives until its answer left; a commit under way keeps it.
class Call : public std::enable_shared_from_this<Call> {
 public:
  explicit Call(http::Responder responder) : respond(std::move(responder)) {}
  Call(const Call&) = delete;
  virtual ~Call() = default;

  /// Who calls, as the door came to know him: on this snapshot, which stays until the next attempt or the end.
  virtual Step<Known> known(const directory::Snapshot& snapshot) = 0;
  /// How the door words that what was decided is not on the disk. kConflict: somebody else was first, each time.
  [[nodiscard]] virtual Error not_written(const store::Error& why) const = 0;
  /// Takes the bytes of the request in: sets `arrived.body` or `arrived.fault`, and then calls `go_on` on the event loop of
  /// the connection, perhaps at once.
  virtual void take_body(const services::BodyWanted& wanted, std::function<void()> go_on);
  /// The reply, which is as durable as what it tells, or the refusal. Once.
  virtual void finish(const Result<services::Erased>& reply) = 0;

  http::Responder respond;
  Arrived arrived;
  services::Accesses accesses;  // that the last attempt asked for; none if it did not come that far
  services::Extra extra;        // of the reply

 private:
  friend class Run;
  directory::SnapshotPtr snapshot_;             // of the current attempt
  const directory::Caller* caller_ = nullptr;   // the same
  std::optional<objects::Seen> seen_;           // the same
  std::vector<std::optional<Error>> refusals_;  // the same
  Writes::Call writing_;
};
using CallPtr = std::shared_ptr<Call>;

/// Thread-safe; one for all event loops.
class Run {
 public:
  /// `rooms` outlive this.
  explicit Run(const Rooms& rooms) : rooms_(rooms) {}

  /// The first attempt is made at once, on this thread; each later one on the event loop of the call's connection, or on
  /// the thread for documents.
  void start(CallPtr call) const { attempt(std::move(call)); }
  /// Where an operation of a known caller runs.
  [[nodiscard]] services::At at(const directory::Snapshot& snapshot, const Known& known) const;

 private:
  void attempt(CallPtr call) const;
  void write(const CallPtr& call, services::ErasedOutcome outcome) const;
  /// Asks for what the attempt could not go on without; when it is there, the next one begins.
  void wait(CallPtr call, const NeedsKeys& keys) const;
  void wait(CallPtr call, const NeedsTurn& turn) const;
  void wait(CallPtr call, NeedsHashes hashes) const;
  void wait(CallPtr call, NeedsLook look) const;
  void wait(const CallPtr& call, const NeedsBody& body) const;
  [[nodiscard]] Step<services::ErasedOutcome> outcome_of(Call& call) const;
  /// May the caller do it, and what happens then.
  Step<services::ErasedOutcome> decide(Call& call, const Known& known, services::At at) const;
  /// What the operation asks of buckets, as it is now.
  Step<const objects::Seen*> look(Call& call, const Known& known, const services::At& at) const;
  [[nodiscard]] Error with_message(const Known& known, const Error& refusal, std::string_view facts) const;

  const Rooms& rooms_;
};

}  // namespace deputy::server
