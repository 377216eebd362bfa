#include "server/intake.h"

namespace deputy::server {

namespace {

Error error_of(http::BodySink::Broken why) {
  if (why == http::BodySink::Broken::kSlow) {
    return {"RequestTimeout", 400,
            "Your socket connection to the server was not read from or written to within the timeout period. Idle "
            "connections will be closed."};
  }
  return {"IncompleteBody", 400, "The request body terminated unexpectedly"};
}

}  // namespace

bool Intake::take(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (over_) return true;  // it failed: what still comes is nobody's
  waiting_ += bytes;
  full_ = waiting_.size() >= kMostWaitingBytes;
  begin_work();
  return !full_;
}

void Intake::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  begin_work();
}

void Intake::broken(Broken why) {
  const std::lock_guard lock(mutex_);
  broken_ = why;
  begin_work();
}

void Intake::begin_work() {
  if (working_ || over_) return;
  working_ = true;
  crew_.run([self = shared_from_this()] { self->work(); });
}

void Intake::work() {
  std::string bytes;
  bool was_full = false, ended = false;
  {
    const std::lock_guard lock(mutex_);
    if (broken_) return tell(error_of(*broken_));
    bytes.swap(waiting_);
    was_full = std::exchange(full_, false);
    ended = bytes.empty() && ended_;
    if (bytes.empty() && !ended) {
      working_ = false;
      return;
    }
  }
  if (ended) {
    Result<Taken> taken = receiver_.finish();
    const std::lock_guard lock(mutex_);
    return tell(std::move(taken));
  }
  if (Result<void> taken = receiver_.take(bytes); !taken) {
    const std::lock_guard lock(mutex_);
    return tell(std::move(taken).error());
  }
  if (was_full) connection_.more();  // before the last piece of work, so before the answer
  crew_.run([self = shared_from_this()] { self->work(); });
}

/// Under the mutex.
void Intake::tell(Result<Taken> outcome) {
  over_ = true;
  const auto told = std::make_shared<Result<Taken>>(std::move(outcome));
  connection_.post([done = std::move(done_), told] { done(std::move(*told)); });
  done_ = nullptr;
}

}  // namespace deputy::server
