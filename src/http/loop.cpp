#include "http/loop.h"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <exception>
#include <thread>
#include <tuple>
#include <utility>

#include "host/log.h"
#include "http/connection.h"

namespace deputy::http {
namespace {

namespace asio = boost::asio;

thread_local const Loop* running_here = nullptr;

/// Of the connections of a loop one in so many goes when there is no place, and one at least: the look at all of them
/// is paid for by that many newcomers.
constexpr std::size_t kEvictedOneIn = 64;
constexpr std::chrono::milliseconds kWithoutMemory{10};

}  // namespace

Loop::Loop(std::shared_ptr<Shared> shared)
    : shared_(std::move(shared)), work_(context_.get_executor()), timer_(context_.get_executor()) {}

Loop::~Loop() = default;

bool Loop::on_this_thread() const { return running_here == this; }

/// What escapes a callback is want of memory. It has cost the connection that it belonged to, or nothing, and the loop
/// goes on.
void Loop::run() {
  running_here = this;
  for (;;) {
    try {
      if (!ticking_ && !finished_) tick();
      context_.run();
      break;
    } catch (const std::exception&) {
      std::this_thread::sleep_for(kWithoutMemory);
    }
  }
  running_here = nullptr;
}

void Loop::tick() {
  ticking_ = false;
  now_ = std::chrono::steady_clock::now();
  date_ = http_date(clock_.now());
  for (Connection* connection : connections_) connection->check_deadline(now_);
  drain_inbox();  // nearly always empty: who put the first answer in may have lacked the memory to call for the loop
  for (const auto& upkeep : upkeep_) upkeep();
  timer_.expires_after(kTick);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error && !finished_) tick();  // it may have expired just before it was cancelled
  });
  ticking_ = true;
}

void Loop::adopt(Listener::Accepted accepted, Places::Guest* guest) {
  load_.fetch_add(1, std::memory_order_relaxed);
  try {
    asio::post(context_, [this, accepted = std::move(accepted), guest]() mutable { admit(accepted, guest); });
  } catch (const std::exception&) {
    load_.fetch_sub(1, std::memory_order_relaxed);
    throw;
  }
}

/// INVARIANT: a connection has the descriptor, the place and the load once it has entered; before that they are ours.
void Loop::admit(Listener::Accepted& accepted, Places::Guest* guest) {
  std::shared_ptr<Connection> connection;
  try {
    if (connections_.size() == connections_.capacity()) connections_.reserve(2 * connections_.size() + 8);
    connection = std::make_shared<Connection>(shared_from_this(), accepted, guest);
  } catch (const std::exception&) {
    ::close(accepted.descriptor);
    load_.fetch_sub(1, std::memory_order_relaxed);
    return shared_->places.give_back(guest);
  }
  connection->start();
  if (stopping_) connection->stop_gracefully();
}

void Loop::replace(Listener::Accepted accepted) {
  asio::post(context_, [this, accepted = std::move(accepted)]() mutable {
    Places::Guest* guest = nullptr;
    try {
      if (evict_some() > 0) guest = shared_->places.take_anyway(accepted.network);
    } catch (const std::exception&) {  // no memory: as if nobody had made room
    }
    if (guest == nullptr) return void(::close(accepted.descriptor));
    load_.fetch_add(1, std::memory_order_relaxed);
    admit(accepted, guest);
  });
}

void Loop::make_room() {
  asio::post(context_, [this] { evict_some(); });
}

/// How many went.
std::size_t Loop::evict_some() {
  using Claim = std::tuple<std::size_t, std::uint64_t, Connection*>;  // the smallest goes first
  std::vector<Claim> waiting;
  waiting.reserve(connections_.size());
  for (Connection* connection : connections_) {
    if (!connection->waits_for_client()) continue;
    waiting.emplace_back(SIZE_MAX - connection->neighbours(), connection->waiting_since(), connection);
  }
  const std::size_t count = std::min(waiting.size(), 1 + connections_.size() / kEvictedOneIn);
  std::partial_sort(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(count), waiting.end());
  for (std::size_t i = 0; i < count; ++i) std::get<Connection*>(waiting[i])->give_way();
  return count;
}

bool Loop::relieve(const Connection& asking) {
  Connection* slowest = nullptr;
  for (Connection* connection : connections_) {
    if (connection->held() == 0 || !connection->waits_for_client()) continue;
    if (slowest == nullptr || connection->waiting_since() < slowest->waiting_since()) slowest = connection;
  }
  if (slowest == nullptr || slowest == &asking) return false;
  slowest->give_way();
  return true;
}

void Loop::enter(Connection& connection) {
  connection.place = connections_.size();
  connections_.push_back(&connection);
}

void Loop::leave(Connection& connection, Places::Guest* guest) {
  connections_[connection.place] = connections_.back();
  connections_[connection.place]->place = connection.place;
  connections_.pop_back();
  load_.fetch_sub(1, std::memory_order_relaxed);
  shared_->places.give_back(guest);
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
  if (!is_first) return;  // whoever put the first has called for the loop
  try {
    asio::post(context_, [this] { drain_inbox(); });
  } catch (const std::exception&) {  // the next tick looks into the inbox
  }
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
    if (inbox_.answers.empty() && inbox_.work.empty()) return;
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
  for (Delivery& delivery : answers) {
    try {
      delivery.to->answered(delivery.sequence, std::move(delivery.response));
    } catch (const std::exception&) {  // no memory for its bytes
      delivery.to->fail();
    }
  }
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
