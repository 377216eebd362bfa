#include "server/fair_thread.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include "host/guarded.h"

namespace deputy::server {

FairThread::FairThread(const char* name, const FairLimits& limits) : name_(name), queue_(limits) {}

FairThread::~FairThread() { stop(); }

void FairThread::stop() {
  std::optional<Queue> dropped;  // its jobs go without the lock: with them goes what they answer
  {
    const std::lock_guard lock(mutex_);
    dropped.swap(queue_);
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool FairThread::is_stopping() const {
  const std::lock_guard lock(mutex_);
  return !queue_;
}

void FairThread::run(const AccountId& account, Job job) {
  std::optional<Job> refused;
  {
    const std::lock_guard lock(mutex_);
    if (!queue_) {
      refused = std::move(job);
    } else {
      refused = queue_->add(account, std::move(job));
      if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
    }
  }
  wake_.notify_one();
  if (refused) (*refused)(false);
}

std::optional<FairThread::Queue::Turn> FairThread::take() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return !queue_ || queue_->waiting() > 0; });
  return queue_ ? queue_->next() : std::nullopt;
}

void FairThread::loop() {
  pthread_setname_np(pthread_self(), name_);
  // Linux gives each thread its own niceness; elsewhere, and where it is refused, such work competes as an equal.
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 10));
  while (auto turn = take()) {
    guarded("work of an account's turn", [&] { turn->job(true); });
    turn->job = nullptr;
    const std::lock_guard lock(mutex_);
    if (queue_) queue_->done(turn->account);
  }
}

}  // namespace deputy::server
