#include "server/slow_hashes.h"

#include <sys/resource.h>
#include <unistd.h>

#include "base/guarded.h"

namespace deputy::server {

SlowHashes::SlowHashes() {
  thread_ = std::thread([this] { loop(); });
}

SlowHashes::~SlowHashes() { stop(); }

void SlowHashes::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  std::deque<Job> dropped;  // its jobs go without the lock: with them goes what they answer
  const std::lock_guard lock(mutex_);
  dropped.swap(waiting_);
}

void SlowHashes::make(const AccountId& account, std::vector<crypto::SlowHash> wanted, Done done) {
  {
    const std::lock_guard lock(mutex_);
    std::size_t& mine = of_account_[account];
    if (!stopping_ && waiting_.size() < kMostWaiting && mine < kMostOfAccount) {
      ++mine;
      waiting_.push_back({account, std::move(wanted), std::move(done)});
      wake_.notify_one();
      return;
    }
    if (mine == 0) of_account_.erase(account);
  }
  done(std::nullopt);
}

bool SlowHashes::take(Job& job) {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  if (stopping_) return false;
  job = std::move(waiting_.front());
  waiting_.pop_front();
  return true;
}

bool SlowHashes::is_stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void SlowHashes::loop() {
  // Linux gives each thread its own niceness; elsewhere, and where it is refused, hashing competes as an equal.
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 10));
  for (Job job; take(job); job = {}) {
    std::vector<crypto::Secret> made;
    for (const crypto::SlowHash& hash : job.wanted) {
      if (is_stopping()) return;
      made.push_back(crypto::scrypt(hash));
    }
    {
      const std::lock_guard lock(mutex_);
      const auto mine = of_account_.find(job.account);
      if (--mine->second == 0) of_account_.erase(mine);
    }
    guarded("what waited for a slow hash", [&] { job.done(std::move(made)); });
  }
}

}  // namespace deputy::server
