// One event loop and its thread: an io_context of its own, the connections that live on it, one coarse clock.
//
// Everything of a connection happens on its loop's thread, so that no connection has a lock. What comes from other
// threads (new sockets, late answers, work to go on with, stop) is handed over: adopt(), deliver(), post(),
// stop_gracefully().
//
// INVARIANT: no timer is set per read or per request. Every kTick the loop looks at all deadlines and renews the Date.
// INVARIANT: a connection holds its loop alive, so that a Responder may outlive the server.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "host/clock.h"
#include "http/budget.h"
#include "http/listener.h"
#include "http/parser.h"
#include "http/places.h"
#include "http/server.h"
#include "http/tls.h"

namespace deputy::http {

class Connection;

using Executor = boost::asio::io_context::executor_type;
using Instant = std::chrono::steady_clock::time_point;
using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// What all loops of a server share. The handler is called by no loop after the loops are joined.
struct Shared {
  Shared(const Limits& given, Handler called, const Clock* moved, int put_hops, RequestParser::Streams streamed)
      : limits(given),
        handler(std::move(called)),
        streams(std::move(streamed)),
        budget(given.buffers),
        places(given.connections),
        clock(moved),
        put_hop_limit(put_hops) {}
  std::atomic<std::shared_ptr<const TlsIdentity>> tls;  // null: plain HTTP. New connections take what is there.
  const Limits limits;
  Handler handler;
  RequestParser::Streams streams;  // may be called as long as the handler may
  Budget budget;
  Places places;
  const Clock* const clock;  // null: the system's
  const int put_hop_limit;   // 0: none
};

class Loop : public std::enable_shared_from_this<Loop> {
 public:
  static constexpr std::chrono::milliseconds kTick{500};

  explicit Loop(std::shared_ptr<Shared> shared);
  ~Loop();

  // From any thread:

  /// The loop's thread: returns after finish(), when nothing is left to do.
  void run();
  /// Takes over a new socket and its place.
  void adopt(Listener::Accepted accepted, Places::Guest* guest);
  /// Takes over a new socket that has found no place: who waits longest of the network with most connections makes
  /// room for it. Closes it if nobody is waiting.
  void replace(Listener::Accepted accepted);
  /// Closes some of those who wait longest, because descriptors have run out.
  void make_room();
  /// Hands an answer to its connection.
  void deliver(std::shared_ptr<Connection> to, std::uint64_t sequence, Response response);
  /// Runs `work` on the loop's thread; after finish() it is dropped.
  void post(std::function<void()> work);
  /// Closes idle connections; the others end after what is in flight.
  void stop_gracefully();
  void abort_connections();
  void finish();
  [[nodiscard]] bool on_this_thread() const;
  /// Connections, for choosing the least busy loop.
  [[nodiscard]] std::size_t load() const { return load_.load(std::memory_order_relaxed); }

  // On the loop's thread only:

  [[nodiscard]] Executor executor() { return context_.get_executor(); }
  [[nodiscard]] int put_hop_limit() const { return shared_->put_hop_limit; }
  [[nodiscard]] const Limits& limits() const { return shared_->limits; }
  [[nodiscard]] Budget& budget() { return shared_->budget; }
  [[nodiscard]] const Handler& handler() const { return shared_->handler; }
  [[nodiscard]] const RequestParser::Streams& streams() const { return shared_->streams; }
  [[nodiscard]] std::shared_ptr<const TlsIdentity> tls() const { return shared_->tls.load(); }
  /// At most kTick old.
  [[nodiscard]] Instant now() const { return now_; }
  /// Of the last tick; by a clock that may jump, of this moment.
  [[nodiscard]] std::string_view date() {
    if (shared_->clock != nullptr) date_ = http_date(shared_->clock->now());
    return date_;
  }
  [[nodiscard]] bool stopping() const { return stopping_; }
  void enter(Connection& connection);
  void leave(Connection& connection, Places::Guest* guest);
  /// Each call a larger number: who has waited longest is told by it, without a look at a clock.
  std::uint64_t next_turn() { return ++turn_; }
  /// The buffers of all hold too much: of those who are sending a body or reading an answer, the one that has been at
  /// it for longest goes. True: it was another than `asking`, so that there may be room now.
  bool relieve(const Connection& asking);
  /// Called at every tick. Set before run().
  void add_upkeep(std::function<void()> upkeep) { upkeep_.push_back(std::move(upkeep)); }

 private:
  struct Delivery {
    std::shared_ptr<Connection> to;
    std::uint64_t sequence;
    Response response;
  };

  void tick();
  /// Puts something into the inbox; nothing, once that is closed.
  template <class Put>
  void hand_over(Put put);
  void drain_inbox();
  void admit(Listener::Accepted& accepted, Places::Guest* guest);
  std::size_t evict_some();

  std::shared_ptr<Shared> shared_;
  boost::asio::io_context context_{1};  // one thread runs it
  boost::asio::executor_work_guard<Executor> work_;
  Timer timer_;
  SystemClock clock_;
  Instant now_;
  std::string date_;
  bool stopping_ = false;
  bool finished_ = false;
  bool ticking_ = false;  // the timer is set
  std::uint64_t turn_ = 0;
  std::vector<std::function<void()>> upkeep_;
  std::vector<Connection*> connections_;  // each knows its place
  std::atomic<std::size_t> load_{0};

  struct Inbox {
    std::vector<Delivery> answers;
    std::vector<std::function<void()>> work;
  };
  std::mutex inbox_mutex_;
  Inbox inbox_;
  Inbox drained_;  // the other buffer, the loop's own
  bool inbox_closed_ = false;
};

}  // namespace deputy::http
