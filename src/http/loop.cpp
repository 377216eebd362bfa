#include "http/loop.h"

#include <unistd.h>

#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "base/log.h"
#include "http/connection.h"

namespace deputy::http {
namespace {

namespace asio = boost::asio;

thread_local const Loop* running_here = nullptr;

}  // namespace

bool Population::enter(std::size_t limit) {
  const std::lock_guard lock(mutex_);
  if (count_ >= limit) return false;
  ++count_;
  return true;
}

void Population::leave() {
  const std::lock_guard lock(mutex_);
  if (--count_ == 0) empty_.notify_all();
}

bool Population::wait_until_empty(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, patience, [this] { return count_ == 0; });
}

Loop::Loop(std::shared_ptr<Shared> shared)
    : shared_(std::move(shared)), work_(context_.get_executor()), timer_(context_.get_executor()) {}

Loop::~Loop() = default;

bool Loop::on_this_thread() const { return running_here == this; }

void Loop::run() {
  running_here = this;
  tick();
  context_.run();
  running_here = nullptr;
}

void Loop::tick() {
  now_ = std::chrono::steady_clock::now();
  date_ = http_date(clock_.now());
  for (Connection* connection : connections_) connection->check_deadline(now_);
  timer_.expires_after(kTick);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error && !finished_) tick();  // it may have expired just before it was cancelled
  });
}

void Loop::adopt(Listener::Accepted accepted) {
  load_.fetch_add(1, std::memory_order_relaxed);
  asio::post(context_, [this, accepted = std::move(accepted)]() mutable {
    const auto connection = std::make_shared<Connection>(shared_from_this(), std::move(accepted));
    connection->start();
    if (stopping_) connection->stop_gracefully();
  });
}

void Loop::enter(Connection& connection) {
  connection.place = connections_.size();
  connections_.push_back(&connection);
}

void Loop::leave(Connection& connection) {
  connections_[connection.place] = connections_.back();
  connections_[connection.place]->place = connection.place;
  connections_.pop_back();
  load_.fetch_sub(1, std::memory_order_relaxed);
  shared_->population.leave();
}

template <class Put>
void Loop::hand_over(Put put) {
  bool is_first = false;
  {
    const std::lock_guard lock(inbox_mutex_);
    if (inbox_closed_) return;
    is_first = inbox_.answers.empty() && inbox_.work.empty();
    put(inbox_);
  }
  if (is_first) asio::post(context_, [this] { drain_inbox(); });  // else whoever put the first has called for the loop
}

void Loop::deliver(std::shared_ptr<Connection> to, std::uint64_t sequence, Response response) {
  hand_over([&](Inbox& inbox) { inbox.answers.push_back({std::move(to), sequence, std::move(response)}); });
}

void Loop::post(std::function<void()> work) {
  hand_over([&](Inbox& inbox) { inbox.work.push_back(std::move(work)); });
}

void Loop::drain_inbox() {
  {
    const std::lock_guard lock(inbox_mutex_);
    std::swap(inbox_, drained_);
  }
  for (std::function<void()>& work : drained_.work) {
    try {
      std::exchange(work, nullptr)();
    } catch (const std::exception& error) {  // its Responder is gone, and has answered 500
      log::error("a request failed: {}", error.what());
    }
  }
  auto& answers = drained_.answers;
  for (Delivery& delivery : answers) delivery.to->answered(delivery.sequence, std::move(delivery.response));
  for (const Delivery& delivery : answers) delivery.to->resume();  // one write for all that came together
  answers.clear();
  drained_.work.clear();
}

void Loop::stop_gracefully() {
  asio::post(context_, [this] {
    stopping_ = true;
    for (Connection* connection : connections_) connection->stop_gracefully();
  });
}

void Loop::abort_connections() {
  asio::post(context_, [this] {
    for (Connection* connection : connections_) connection->fail();
  });
}

void Loop::finish() {
  asio::post(context_, [this] {
    finished_ = true;
    timer_.cancel();
    work_.reset();
    // An undelivered answer would hold its connection, and that this loop; so would work that is left.
    Inbox undelivered;
    const std::lock_guard lock(inbox_mutex_);
    inbox_closed_ = true;
    std::swap(inbox_, undelivered);
  });
}

}  // namespace deputy::http
