#include "store/writer.h"

#include "host/guarded.h"
#include "store/limits.h"

namespace deputy::store {

Writer::Writer(Run run) : run_(std::move(run)), thread_([this] { loop(); }) {}

Writer::~Writer() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Writer::submit(Pending pending) {
  bool was_empty = false;
  {
    const std::scoped_lock lock(mutex_);
    was_empty = queue_.empty();
    queue_.push_back(std::move(pending));
  }
  if (was_empty) wake_.notify_one();
}

void Writer::loop() {
  std::vector<Pending> taken;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;  // only when stopping: what was submitted is run first
      taken.swap(queue_);
    }
    run_in_groups(taken);
    taken.clear();
  }
}

void Writer::run_in_groups(std::span<Pending> pending) {
  while (!pending.empty()) {
    std::size_t count = 0;
    for (std::size_t size = 0; count < pending.size() && count < kMaxGroup && size < kMaxGroupBytes; ++count) {
      size += bytes(pending[count].commit);
    }
    guarded("the store's writer", [&] { run_(pending.first(count)); });
    pending = pending.subspan(count);
  }
}

}  // namespace deputy::store
