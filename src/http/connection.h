// One client: reads requests, calls the handler, sends the answers in the order of the requests.
//
// serve() is the reader, a coroutine that lives as long as the socket. Answers may come at any time; whoever completes
// the one at the head of the queue sends it, with all behind it that are ready, in one write.
//
//   current_    the request that is being read
//   receiving_  the request whose body is being read and handed on; it is in flight already
//   in_flight_  requests given to the handler whose answers have not gone to the outbox, oldest first
//   outbox_     bytes on their way
//
// What it holds of the budget: the parsers' buffers, the answers that wait for earlier ones, and the outbox. Who holds
// much and is slow gives way to others when the budget is used up (Loop::relieve), and so does who waits longest when
// there are no places (Loop::replace).
//
// INVARIANT: an exchange in flight is not freed before its Responder was called, not even when the client is gone:
// the handler reads its buffers (ServerTest.TheClientMayGoWhileTheHandlerReads under asan).
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/loop.h"
#include "http/outbox.h"
#include "http/parser.h"
#include "http/tls.h"

namespace deputy::http {

class Connection final : public Responder::Sink, public std::enable_shared_from_this<Connection> {
 public:
  /// Takes the descriptor over, unless it throws.
  Connection(std::shared_ptr<Loop> loop, const Listener::Accepted& accepted, Places::Guest* guest);

  /// From any thread. Never throws: without memory for the hand-over the connection ends at the next tick.
  void respond(std::uint64_t sequence, Response response) noexcept override;
  void post(std::function<void()> work) override;
  void receive(std::uint64_t sequence, std::shared_ptr<BodySink> sink) override;
  void more(std::uint64_t sequence) override;

  // On the loop's thread only:

  void start();
  /// An answer came by the inbox. Several may follow one another before resume() sends them.
  void answered(std::uint64_t sequence, Response response);
  void resume();
  /// Closes if nothing is in flight; else after it.
  void stop_gracefully();
  /// Closes at once. What the handler still holds stays alive.
  void fail();
  void check_deadline(Instant now);

  /// Nothing goes on until the client does something: sends, or reads.
  [[nodiscard]] bool waits_for_client() const { return !failed_ && awaited_ != Awaited::kNothing; }
  /// Since when, as Loop::next_turn() counts.
  [[nodiscard]] std::uint64_t waiting_since() const { return waiting_since_; }
  /// How many connections its network has.
  [[nodiscard]] std::size_t neighbours() const { return guest_->connections.load(std::memory_order_relaxed); }
  /// Large buffers that give_way() would free.
  [[nodiscard]] std::size_t held() const;
  /// Closes at once, and frees what is not in the handler's hands.
  void give_way();

  std::size_t place = 0;  // in the loop's list; the loop's

 private:
  using Awaitable = boost::asio::awaitable<void, Executor>;
  using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, Executor>;

  /// One request and, once it is there, its answer.
  struct Exchange {
    explicit Exchange(Loop& loop) : parser(loop.limits(), loop.budget()) { parser.set_streams(loop.streams()); }
    RequestParser parser;
    Response response;
    std::shared_ptr<BodySink> sink;  // of a body that is handed on, from Responder::receive on to its end
    std::uint64_t sequence = 0;
    bool answered = false;
    bool full = false;  // the sink takes no more for now
  };
  static constexpr std::uint64_t kSentAtOnce = 1024 * 1024;  // of a source, before others get their turn
  /// What a silent client is guilty of.
  enum class Awaited : std::uint8_t { kNothing, kRequest, kHead, kBody, kReader, kEnd };

  Awaitable serve(std::shared_ptr<Connection> self);
  Awaitable changed();
  Awaitable linger();
  void end();

  void hand_over(std::uint64_t sequence, Response response);
  void keep_back(const Exchange& exchange);
  void pay(std::size_t bytes);
  void count_held();

  void work();
  bool take_requests();
  void dispatch();
  void dispatch_head();
  void call_handler(Exchange& exchange);
  bool take_body();
  void body_ended();
  void pass_over_body(std::unique_ptr<Exchange> exchange);
  void break_body(BodySink::Broken why);
  [[nodiscard]] bool wants_body() const;
  [[nodiscard]] bool may_read() const { return receiving_ != nullptr ? wants_body() : may_take(); }
  /// Whose bytes are being read.
  [[nodiscard]] RequestParser& reader() { return receiving_ != nullptr ? receiving_->parser : current_->parser; }
  void refuse(Refusal why);
  void put_in_flight();
  void emit(Exchange& exchange);
  void emit_ready();
  void offer_continue();
  void flush();
  void flush_plain();
  bool send_source(Source& source);
  void flush_encrypted();
  bool encrypt_some();
  bool take_decrypted();
  void await_writable();
  void rearm();
  void wake();
  void interrupt_reader();
  [[nodiscard]] Awaited awaited() const;
  [[nodiscard]] bool may_take() const;
  [[nodiscard]] bool finished() const;
  std::unique_ptr<Exchange> new_exchange();
  void recycle(std::unique_ptr<Exchange> exchange);

  const std::shared_ptr<Loop> loop_;  // first: it goes last
  Socket socket_;
  Timer change_;  // never expires: cancelled to wake the reader
  const std::string remote_address_;
  Places::Guest* const guest_;
  Outbox outbox_;
  std::size_t kept_back_ = 0;                     // bytes of answers that wait for earlier ones
  Share share_;                                   // of the outbox and what is kept back, if that is much
  std::optional<TlsSession> tls_;                 // between socket and parser, and between outbox and socket
  std::unique_ptr<char[]> wire_;                  // with TLS: what was read and is not decrypted
  std::vector<std::unique_ptr<Exchange>> spare_;  // before current_, which may come from there
  std::unique_ptr<Exchange> current_;
  std::deque<std::unique_ptr<Exchange>> in_flight_;
  Exchange* receiving_ = nullptr;          // whose body is handed on as it comes: the last in flight, or passed_over_
  std::unique_ptr<Exchange> passed_over_;  // was answered before its body came, which nobody wants
  Exchange* dispatching_ = nullptr;        // whose handler is running
  std::uint64_t next_sequence_ = 0;
  std::uint64_t awaited_since_ = 0;  // next_sequence_ when the deadline was set
  std::uint64_t waiting_since_ = 0;
  Instant deadline_ = Instant::max();
  Instant began_{};        // when this wait began
  std::size_t moved_ = 0;  // bytes of the body, or of answers, since then
  Awaited awaited_ = Awaited::kNothing;
  bool reading_ = false;           // the reader waits for bytes
  bool waiting_ = false;           // the reader waits for a change
  bool writing_ = false;           // the socket is full; we wait until it is not
  bool closing_ = false;           // no further request is taken
  bool last_sent_ = false;         // the answer that closes is in the outbox: nothing goes behind it
  bool lingering_ = false;         // all is sent, the client may still be sending
  bool may_linger_ = false;        // the client does not know that this is the end
  bool failed_ = false;            // the socket is closed
  bool left_ = false;              // the loop
  std::atomic<bool> lost_{false};  // an answer, for want of memory
};

}  // namespace deputy::http
