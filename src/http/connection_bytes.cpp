// What of a connection carries bytes that are never whole in memory: bodies that are handed on, and sources.
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "http/connection.h"

namespace deputy::http {
namespace {

constexpr std::size_t kSourceRead = 64 * 1024;  // of what is no file

}  // namespace

void Connection::receive(std::uint64_t sequence, std::shared_ptr<BodySink> sink) {
  if (receiving_ == nullptr || receiving_->sequence != sequence || failed_)
    return sink->broken(BodySink::Broken::kGone);
  receiving_->sink = std::move(sink);
  receiving_->full = false;  // of the request that had this place before
  receiving_->parser.begin_body();
  if (dispatching_ != nullptr) return;  // whoever called the handler goes on
  work();
  wake();
}

void Connection::more(std::uint64_t sequence) {
  loop_->post([self = shared_from_this(), sequence] {
    if (self->receiving_ == nullptr || self->receiving_->sequence != sequence) return;
    self->receiving_->full = false;
    self->work();
    self->wake();
  });
}

bool Connection::wants_body() const {
  return receiving_ == passed_over_.get() || (receiving_->sink && !receiving_->full);
}

/// Hands on what has come. True: that was the end of it, and the next request may begin.
bool Connection::take_body() {
  Exchange& exchange = *receiving_;
  if (!wants_body()) return false;
  const std::string_view bytes = exchange.parser.take_body();
  const RequestParser::Progress progress = exchange.parser.next();
  if (progress == RequestParser::Progress::kRefused) {
    break_body(BodySink::Broken::kMalformed);
    return true;
  }
  if (exchange.sink && !bytes.empty()) exchange.full = !exchange.sink->take(bytes);
  if (receiving_ != &exchange) return true;  // it was answered in there
  if (progress != RequestParser::Progress::kComplete) return false;
  body_ended();
  return true;
}

void Connection::body_ended() {
  Exchange& exchange = *std::exchange(receiving_, nullptr);
  if (!exchange.parser.framing().keep_alive || loop_->stopping()) closing_ = true;
  if (!closing_) current_->parser.take_rest(exchange.parser);
  if (passed_over_) return recycle(std::move(passed_over_));
  if (const std::shared_ptr<BodySink> sink = std::move(exchange.sink)) sink->end();
}

/// The body will not come to its end. Whoever waits for it answers.
void Connection::break_body(BodySink::Broken why) {
  if (receiving_ == nullptr) return;
  Exchange& exchange = *std::exchange(receiving_, nullptr);
  closing_ = true;
  may_linger_ = true;
  passed_over_.reset();
  if (exchange.answered) return;
  if (const std::shared_ptr<BodySink> sink = std::move(exchange.sink)) sink->broken(why);
}

/// Its answer left before its body came: what is little is read and dropped, so that the connection stays.
void Connection::pass_over_body(std::unique_ptr<Exchange> exchange) {
  exchange->sink.reset();
  if (closing_) {
    receiving_ = nullptr;
    return;
  }
  if (exchange->parser.next() == RequestParser::Progress::kHead) exchange->parser.begin_body();
  passed_over_ = std::move(exchange);
  receiving_ = passed_over_.get();
}

/// Some of what is not in memory. False: the socket is full, others have their turn, or it failed.
bool Connection::send_source(Source& source) {
  std::uint64_t sent = 0;
  while (outbox_.source() == &source) {
    if (sent >= kSentAtOnce) {
      await_writable();
      return false;
    }
    const std::uint64_t offset = outbox_.source_sent();
    const Source::Stretch stretch = source.stretch(offset);
    ssize_t count = 0;
    if (stretch.descriptor >= 0) {
      auto from = static_cast<off_t>(stretch.offset);
      count = ::sendfile(socket_.native_handle(), stretch.descriptor, &from,
                         static_cast<std::size_t>(std::min(stretch.length, kSentAtOnce)));
    } else {
      std::array<char, kSourceRead> bytes;
      const std::span<char> some(bytes.data(), std::min<std::uint64_t>(bytes.size(), source.size() - offset));
      count = source.read(offset, some) ? ::send(socket_.native_handle(), some.data(), some.size(), MSG_NOSIGNAL) : 0;
    }
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
      await_writable();
      return false;
    }
    if (count <= 0) {  // an error, or a file that is shorter than was said
      fail();
      return false;
    }
    sent += static_cast<std::uint64_t>(count);
    outbox_.sent(static_cast<std::uint64_t>(count));
    moved_ += awaited_ == Awaited::kReader ? static_cast<std::size_t>(count) : 0;
  }
  return true;
}

}  // namespace deputy::http
