#include "server/crew.h"

#include <pthread.h>

#include "host/guarded.h"

namespace deputy::server {

void Crew::run(std::function<void()> work) {
  std::function<void()> dropped;  // destroyed without the lock
  const std::lock_guard lock(mutex_);
  if (stopped_) return void(dropped = std::move(work));
  queue_.push_back(std::move(work));
  if (idle_ >= queue_.size() || threads_.size() == most_) return wake_.notify_one();
  threads_.emplace_back([this] { loop(); });
  pthread_setname_np(threads_.back().native_handle(), "bytes");
}

std::shared_ptr<void> Crew::place() {
  const auto leave = [inside = inside_](void*) { inside->fetch_sub(1, std::memory_order_relaxed); };
  std::shared_ptr<void> place(inside_.get(), leave);
  const bool full = inside_->fetch_add(1, std::memory_order_relaxed) >= kMostAtOnce;
  return full ? nullptr : place;
}

void Crew::stop() {
  std::deque<std::function<void()>> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(queue_);
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Crew::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    wake_.wait(lock, [this] { return stopped_ || !queue_.empty(); });
    --idle_;
    if (stopped_) return;
    std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    guarded("work on bytes", work);
    work = nullptr;
    lock.lock();
  }
}

}  // namespace deputy::server
