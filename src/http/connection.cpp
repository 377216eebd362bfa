#include "http/connection.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "host/log.h"
#include "http/answer.h"

namespace deputy::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kMaxInFlight = 64;         // pipelined requests of one client
constexpr std::size_t kMaxUnsent = 1024 * 1024;  // answers that a client does not read
constexpr std::size_t kMaxSpare = 2;
constexpr std::size_t kWireBytes = 8192;       // of one read with TLS
constexpr std::size_t kEncryptAtOnce = 16384;  // plain bytes of an answer that are encrypted before they can be sent
constexpr std::uint64_t kPassedOver = 1024 * 1024;  // so much of a body that nobody wants is read to keep a connection
constexpr std::chrono::seconds kLinger{2};

const auto kCoroutine = asio::as_tuple(asio::use_awaitable_t<Executor>{});

/// For all that the connection says from now on: who is too far away for an answer gets none of the next ones either.
void limit_hops(int fd, int hops) {
  ::setsockopt(fd, IPPROTO_IP, IP_TTL, &hops, sizeof hops);
  ::setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops, sizeof hops);  // refused by a socket of IPv4
}

}  // namespace

Connection::Connection(std::shared_ptr<Loop> loop, const Listener::Accepted& accepted, Places::Guest* guest)
    : loop_(std::move(loop)),
      socket_(loop_->executor()),
      change_(loop_->executor(), Instant::max()),
      remote_address_(accepted.remote_address),
      guest_(guest),
      share_(loop_->budget()),
      current_(new_exchange()) {
  if (const std::shared_ptr<const TlsIdentity> identity = loop_->tls()) {
    tls_.emplace(*identity);
    wire_ = std::make_unique<char[]>(kWireBytes);
  }
  error_code error;  // the last step: whoever made us closes the descriptor if one before it throws
  socket_.assign(asio::generic::stream_protocol(accepted.family, 0), accepted.descriptor, error);
  if (error)
    ::close(accepted.descriptor);
  else
    socket_.non_blocking(true, error);
  failed_ = static_cast<bool>(error);
}

void Connection::start() {
  loop_->enter(*this);
  rearm();
  try {
    asio::co_spawn(loop_->executor(), serve(shared_from_this()), asio::detached);
  } catch (const std::exception&) {  // no memory for the reader
    end();
  }
}

// --- the reader ---

Connection::Awaitable Connection::serve(std::shared_ptr<Connection> self) {
  struct End {  // also if memory runs out in here
    Connection& connection;
    ~End() { connection.end(); }
  } const at_end{*self};

  while (!closing_ && !failed_) {
    if (loop_->stopping() && receiving_ == nullptr && current_->parser.idle()) break;
    if (!may_read()) {
      co_await changed();
      work();
      continue;
    }
    if (tls_ && take_decrypted()) {
      work();
      continue;
    }
    if (failed_ || (tls_ && tls_->ended())) break;
    const std::span<char> space = tls_ ? std::span(wire_.get(), kWireBytes) : reader().space();
    reading_ = true;
    const auto [error, count] = co_await socket_.async_read_some(asio::buffer(space.data(), space.size()), kCoroutine);
    reading_ = false;
    if (error == asio::error::operation_aborted || closing_) continue;  // interrupted: look at the flags again
    if (error == asio::error::eof) break;  // perhaps of one direction only: what is in flight is answered
    if (awaited_ == Awaited::kBody) moved_ += count;
    if (error)
      fail();
    else if (tls_)
      tls_->received({space.data(), count});
    else
      reader().fed(count);
    work();
  }
  closing_ = true;
  break_body(BodySink::Broken::kGone);
  while (!finished()) co_await changed();
  if (tls_ && !failed_) {
    tls_->close();
    flush();
    while (!finished()) co_await changed();
  }
  if (may_linger_ && !failed_) co_await linger();
}

Connection::Awaitable Connection::changed() {
  waiting_ = true;
  co_await change_.async_wait(kCoroutine);
  waiting_ = false;
}

/// Closing a socket with unread bytes makes the kernel send a reset, which may overtake our last answer. So: say that
/// we are done, and swallow what the client sends until it has understood.
Connection::Awaitable Connection::linger() {
  lingering_ = true;
  rearm();
  error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  for (;;) {
    std::array<char, 4096> rest;
    const auto [error, count] = co_await socket_.async_read_some(asio::buffer(rest), kCoroutine);
    if (error) break;
  }
}

void Connection::end() {
  break_body(BodySink::Broken::kGone);
  fail();
  if (!std::exchange(left_, true)) loop_->leave(*this, guest_);
}

/// True: the parser has got plain bytes. False: more of the wire is needed, or the session has ended or failed.
bool Connection::take_decrypted() {
  const std::size_t count = tls_->read(reader().space());
  reader().fed(count);
  flush();  // what the handshake answers, or the alert that says what went wrong
  if (tls_->failed()) fail();
  return count > 0;
}

// --- requests in ---

void Connection::work() {
  bool more = true;
  while (more) {
    more = take_requests();
    offer_continue();
    flush();
    more = more && may_take();
  }
  rearm();
}

/// True: stopped because too much is waiting, there may be more in the buffer.
bool Connection::take_requests() {
  while (!closing_ && !failed_) {
    if (receiving_ != nullptr && !take_body()) return false;
    if (closing_) break;
    if (!may_take()) return true;
    while (current_->parser.is_large() && loop_->budget().exceeded() && loop_->relieve(*this)) {
    }
    switch (current_->parser.next()) {
      case RequestParser::Progress::kNeedMore:
        return false;
      case RequestParser::Progress::kRefused:
        refuse(current_->parser.refusal());
        break;
      case RequestParser::Progress::kComplete:
        dispatch();
        break;
      case RequestParser::Progress::kHead:
        dispatch_head();
        break;
    }
  }
  return false;
}

bool Connection::may_take() const {
  return in_flight_.size() < kMaxInFlight && outbox_.size() + kept_back_ < kMaxUnsent;
}

void Connection::dispatch() {
  Exchange& exchange = *current_;
  exchange.sequence = next_sequence_++;
  if (!exchange.parser.framing().keep_alive || loop_->stopping()) closing_ = true;
  call_handler(exchange);
  if (!exchange.answered || !in_flight_.empty()) return put_in_flight();
  emit(exchange);
  exchange.parser.finish();
}

/// A request whose body is handed on: it is in flight while that comes.
void Connection::dispatch_head() {
  Exchange& exchange = *current_;
  exchange.sequence = next_sequence_++;
  std::unique_ptr<Exchange> next = new_exchange();
  in_flight_.push_back(std::exchange(current_, std::move(next)));
  receiving_ = &exchange;
  call_handler(exchange);
  if (!exchange.answered) return;
  keep_back(exchange);
  emit_ready();
}

void Connection::call_handler(Exchange& exchange) {
  if (tls_) {
    Request& request = exchange.parser.request();
    request.secure = true;
    request.tls_version = tls_->version();
    request.tls_cipher = tls_->cipher();
  }
  if (loop_->put_hop_limit() > 0 && exchange.parser.request().method == "PUT") {
    limit_hops(socket_.native_handle(), loop_->put_hop_limit());
  }
  dispatching_ = &exchange;
  try {
    loop_->handler()(exchange.parser.request(), Responder(shared_from_this(), exchange.sequence));
  } catch (const std::exception& error) {  // the Responder is gone, and has answered 500
    log::error("http: the handler threw: {}", error.what());
  }
  dispatching_ = nullptr;
}

/// An answer of our own: an empty body, and the end of the connection.
void Connection::refuse(Refusal why) {
  closing_ = true;
  current_->sequence = next_sequence_++;
  current_->response = {.status = static_cast<int>(why), .headers = {}, .body = {}, .close = true};
  current_->answered = true;
  put_in_flight();
  emit_ready();
}

void Connection::put_in_flight() {
  std::unique_ptr<Exchange> next = new_exchange();
  if (!closing_) next->parser.take_rest(current_->parser);
  in_flight_.push_back(std::exchange(current_, std::move(next)));
  if (in_flight_.back()->answered) keep_back(*in_flight_.back());
}

std::unique_ptr<Connection::Exchange> Connection::new_exchange() {
  std::unique_ptr<Exchange> exchange;
  if (spare_.empty()) {
    exchange = std::make_unique<Exchange>(*loop_);
    exchange->parser.request().remote_address = remote_address_;
  } else {
    exchange = std::move(spare_.back());
    spare_.pop_back();
  }
  return exchange;
}

void Connection::recycle(std::unique_ptr<Exchange> exchange) {
  if (spare_.size() == kMaxSpare || closing_) return;
  exchange->parser.finish();
  spare_.push_back(std::move(exchange));
}

// --- answers out ---

void Connection::respond(std::uint64_t sequence, Response response) noexcept {
  try {
    hand_over(sequence, std::move(response));
  } catch (const std::exception&) {
    lost_ = true;
  }
}

void Connection::hand_over(std::uint64_t sequence, Response response) {
  if (loop_->on_this_thread() && dispatching_ != nullptr && dispatching_->sequence == sequence) {
    dispatching_->response = std::move(response);
    dispatching_->answered = true;
  } else {
    loop_->deliver(shared_from_this(), sequence, std::move(response));
  }
}

void Connection::post(std::function<void()> work) { loop_->post(std::move(work)); }

void Connection::answered(std::uint64_t sequence, Response response) {
  if (in_flight_.empty()) return;
  const std::uint64_t index = sequence - in_flight_.front()->sequence;
  if (index >= in_flight_.size()) return;
  Exchange& exchange = *in_flight_[index];
  exchange.response = std::move(response);
  exchange.answered = true;
  if (failed_) {  // nobody will read it
    std::string().swap(exchange.response.body);
    exchange.response.source.reset();
  }
  keep_back(exchange);
  emit_ready();
}

/// An answer in in_flight_: it waits until its turn comes, which may be at once.
void Connection::keep_back(const Exchange& exchange) {
  kept_back_ += exchange.response.body.size();
  pay(exchange.response.body.size());
}

/// Answers count, once they are large, and `bytes` of them are new. If the budget does not reach, the slowest of the
/// loop gives way; if that is this one, its client sees the connection end.
void Connection::pay(std::size_t bytes) {
  count_held();
  if (bytes <= kServedAnyway) return;
  while (loop_->budget().exceeded() && loop_->relieve(*this)) {
  }
  if (loop_->budget().exceeded()) give_way();
}

void Connection::count_held() {
  const std::size_t bytes = outbox_.held() + kept_back_;
  share_.set(bytes > kKeptCapacity ? bytes : 0);
}

std::size_t Connection::held() const {
  const std::size_t answers = outbox_.held() + kept_back_;
  return current_->parser.held() + (answers > kKeptCapacity ? answers : 0);
}

/// Nothing throws out of here: whoever resumes a connection has others to resume.
void Connection::resume() {
  try {
    offer_continue();
    flush();
    rearm();
  } catch (const std::exception&) {
    fail();
  }
  wake();
}

void Connection::emit_ready() {
  while (!in_flight_.empty() && in_flight_.front()->answered) {
    std::unique_ptr<Exchange> exchange = std::move(in_flight_.front());
    in_flight_.pop_front();
    kept_back_ -= exchange->response.body.size();
    const bool is_early = exchange.get() == receiving_;
    if (is_early) {
      const std::optional<std::uint64_t> left = exchange->parser.body_left();
      if (!left || *left > kPassedOver || exchange->parser.withholds_body()) closing_ = exchange->response.close = true;
    }
    emit(*exchange);
    is_early ? pass_over_body(std::move(exchange)) : recycle(std::move(exchange));
  }
}

/// Moves an answer to the outbox. All before it are there; it is not in in_flight_ (any more).
void Connection::emit(Exchange& exchange) {
  exchange.answered = false;
  if (failed_ || last_sent_) return;
  const Framing& framing = exchange.parser.framing();
  const bool last = exchange.response.close || (closing_ && in_flight_.empty());
  const AnswerContext context{.head_request = exchange.parser.request().method == "HEAD",
                              .http10 = framing.http10,
                              .close = last,
                              .date = loop_->date(),
                              .longest_value = loop_->limits().answer_header};
  const std::size_t size = exchange.response.body.size();
  write_answer(outbox_, std::move(exchange.response), context);
  pay(size);
  if (!last) return;
  last_sent_ = true;
  may_linger_ = framing.keep_alive || exchange.parser.refusal() != Refusal::kNone || &exchange == receiving_;
  closing_ = true;
  interrupt_reader();
}

/// "100 Continue" goes behind all earlier answers, and only to who still waits for it.
void Connection::offer_continue() {
  if (closing_) return;
  if (receiving_ != nullptr) {
    const bool its_turn = receiving_->sink && in_flight_.front().get() == receiving_;
    if (its_turn && receiving_->parser.take_continue()) outbox_.text() += kContinue;
  } else if (in_flight_.empty() && current_->parser.take_continue()) {
    outbox_.text() += kContinue;
  }
}

void Connection::flush() {
  if (writing_ || failed_) return;
  tls_ ? flush_encrypted() : flush_plain();
}

void Connection::flush_encrypted() {
  for (std::uint64_t sent = 0; !tls_->outgoing().empty() || encrypt_some();) {
    if (sent > kSentAtOnce) return await_writable();
    const std::string_view bytes = tls_->outgoing();
    error_code error;
    const std::size_t count = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
    if (error == asio::error::would_block) return await_writable();
    if (error) return fail();
    tls_->sent(count);
    sent += count;
    moved_ += awaited_ == Awaited::kReader ? count : 0;
  }
}

/// Moves some of the outbox into the session. False: there is nothing, or nothing may be said any more.
bool Connection::encrypt_some() {
  if (outbox_.empty() || !tls_->established() || tls_->failed()) return false;
  if (Source* const source = outbox_.source()) {
    std::array<char, kEncryptAtOnce> bytes;
    const std::uint64_t offset = outbox_.source_sent();
    const std::span<char> some(bytes.data(), std::min<std::uint64_t>(bytes.size(), source->size() - offset));
    if (!source->read(offset, some)) {
      fail();
      return false;
    }
    tls_->write({some.data(), some.size()});
    outbox_.sent(some.size());
    return !tls_->failed();
  }
  Outbox::Pieces pieces;
  std::size_t total = 0;
  for (std::string_view piece : outbox_.gather(pieces)) {
    piece = piece.substr(0, kEncryptAtOnce - total);
    tls_->write(piece);
    total += piece.size();
  }
  outbox_.sent(total);
  count_held();
  return !tls_->failed();
}

void Connection::flush_plain() {
  while (!outbox_.empty()) {
    if (Source* const source = outbox_.source()) {
      if (!send_source(*source)) return;
      continue;
    }
    Outbox::Pieces pieces;
    std::array<asio::const_buffer, Outbox::kPieces> buffers;
    std::size_t used = 0;
    for (const std::string_view piece : outbox_.gather(pieces)) buffers[used++] = {piece.data(), piece.size()};
    error_code error;
    const std::size_t count = used == 1 ? socket_.write_some(buffers[0], error) : socket_.write_some(buffers, error);
    if (error == asio::error::would_block) return await_writable();
    if (error) return fail();
    outbox_.sent(count);
    count_held();
    moved_ += awaited_ == Awaited::kReader ? count : 0;
  }
}

void Connection::await_writable() {
  writing_ = true;
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](error_code /*aborted, or not*/) {
    self->writing_ = false;
    self->resume();
  });
}

// --- the end ---

void Connection::interrupt_reader() {
  error_code ignored;
  if (reading_ && !failed_) socket_.cancel(ignored);
  wake();
}

/// The reader ends between two requests. One that has begun to come, if only to the kernel, is still served.
void Connection::stop_gracefully() {
  error_code ignored;
  if (current_->parser.idle() && (failed_ || socket_.available(ignored) == 0)) interrupt_reader();
}

void Connection::fail() {
  failed_ = true;
  error_code ignored;
  socket_.close(ignored);
  wake();
}

void Connection::give_way() {
  fail();
  closing_ = true;  // what was read in the meantime is not looked at any more
  outbox_.clear();
  for (const auto& exchange : in_flight_) {
    std::string().swap(exchange->response.body);
    exchange->response.source.reset();
  }
  kept_back_ = 0;
  count_held();
  if (current_->parser.in_body()) current_->parser.release();
}

bool Connection::finished() const {
  return failed_ || (outbox_.empty() && !writing_ && (last_sent_ || in_flight_.empty()));
}

void Connection::wake() {
  if (waiting_) change_.cancel();
}

// --- deadlines ---

Connection::Awaited Connection::awaited() const {
  if (lingering_) return Awaited::kEnd;
  if (writing_) return Awaited::kReader;
  if (receiving_ != nullptr && !closing_) return wants_body() ? Awaited::kBody : Awaited::kNothing;
  if (!in_flight_.empty() || closing_) return Awaited::kNothing;
  if (tls_ && !tls_->established()) return Awaited::kHead;  // a handshake gets the time of a head
  if (current_->parser.in_body()) return Awaited::kBody;
  return current_->parser.idle() ? Awaited::kRequest : Awaited::kHead;
}

/// After every event. Any progress earns new time, except more bytes of the same head, and bodies and answers that come
/// or go more slowly than the least pace.
void Connection::rearm() {
  const Awaited before = std::exchange(awaited_, awaited());
  const bool next = std::exchange(awaited_since_, next_sequence_) != next_sequence_;
  const Limits& limits = loop_->limits();
  const Instant from = loop_->now() + Loop::kTick;  // so that nobody gets less, however old now() is
  const bool transfers = awaited_ == Awaited::kBody || awaited_ == Awaited::kReader;
  const bool begins = before != awaited_ || (next && !transfers);
  if (begins) {
    waiting_since_ = loop_->next_turn();
    began_ = from;
    moved_ = 0;
  }
  switch (awaited_) {
    case Awaited::kNothing:
      deadline_ = Instant::max();
      break;
    case Awaited::kRequest:
      deadline_ = from + limits.idle_timeout;
      break;
    case Awaited::kHead:
      if (begins) deadline_ = from + limits.head_timeout;
      break;
    case Awaited::kBody:
    case Awaited::kReader:
      deadline_ =
          std::min(from + limits.body_timeout, began_ + limits.grace + std::chrono::seconds(moved_ / limits.pace));
      break;
    case Awaited::kEnd:
      deadline_ = from + kLinger;
      break;
  }
}

void Connection::check_deadline(Instant now) {
  if (lost_) return fail();
  if (now < deadline_ || failed_) return;
  if (tls_ && !tls_->established()) return fail();  // nothing that it could read can be said
  if (awaited_ == Awaited::kHead || awaited_ == Awaited::kBody) {
    try {
      if (receiving_ != nullptr) {
        if (passed_over_) return fail();
        break_body(BodySink::Broken::kSlow);
        return interrupt_reader();
      }
      refuse(Refusal::kTimeout);
      return resume();
    } catch (const std::exception&) {  // no memory for the words
    }
  }
  fail();
}

}  // namespace deputy::http
