// Frames one request after another out of a stream of bytes. No sockets here: tests and fuzz/http_fuzz.cpp drive it
// too.
//
//   RequestParser parser(limits, budget);
//   const std::span<char> room = parser.space();
//   parser.fed(read(fd, room.data(), room.size()));
//   while (parser.next() == RequestParser::Progress::kComplete) {
//     handle(parser.request());
//     parser.finish();               // the views of the request are gone; go on with what follows it
//   }
//
// A large body may be handed on as it comes (set_streams): then next() stops at the head with kHead, and
//
//   parser.begin_body();
//   … fed() …; use(parser.take_body()); …     // until next() says kComplete
//
// while the views of the request stay where they are.
//
// INVARIANT: where the stream was cut into reads changes nothing: not the requests, not the refusal
// (RequestCases.AnyCutGivesTheSameRequests, fuzz/http_fuzz).
// INVARIANT: after a refusal nothing more is read from the stream: what follows has no beginning that both sides
// agree on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "http/budget.h"
#include "http/chunked.h"
#include "http/head.h"

namespace deputy::http {

class RequestParser {
 public:
  enum class Progress : std::uint8_t { kNeedMore, kHead, kComplete, kRefused };
  /// Whether the body of a request with this head is to be handed on as it comes.
  using Streams = std::function<bool(const Request& head)>;

  /// Both outlive the parser.
  RequestParser(const Limits& limits, Budget& budget) : limits_(limits), share_(budget), chunks_(limits) {}

  /// Outlives the parser; empty: none is.
  void set_streams(const Streams& streams) { streams_ = &streams; }

  /// Where the next bytes of the stream go; never empty. Growing moves the request's views along.
  std::span<char> space();
  /// `count` bytes were put into the space.
  void fed(std::size_t count) { (state_ == State::kStream ? stream_filled_ : filled_) += count; }

  /// Goes as far as the bytes reach. Stays at kHead until begin_body(), at kComplete until finish(), at kRefused for ever.
  Progress next();

  /// After kHead: its body may come.
  void begin_body();
  /// What has come of it since, transfer coding removed; valid until space(). Then next() says how it stands.
  std::string_view take_body();
  /// How much of it is still to come, if its length was announced.
  [[nodiscard]] std::optional<std::uint64_t> body_left() const;
  /// The client has not been told that it may send the body, and waits for that.
  [[nodiscard]] bool withholds_body() const { return continue_due_; }

  /// The request; once complete, all of it. Who reads the stream adds where it came from.
  [[nodiscard]] const Request& request() const { return request_; }
  [[nodiscard]] Request& request() { return request_; }
  [[nodiscard]] const Framing& framing() const { return framing_; }
  [[nodiscard]] Refusal refusal() const { return refusal_; }

  /// No byte of a request has come.
  [[nodiscard]] bool idle() const { return state_ == State::kHead && begin_ == filled_; }
  /// A body that beyond the budget is refused.
  [[nodiscard]] bool is_large() const;
  /// What release() would give back to the budget.
  [[nodiscard]] std::size_t held() const { return in_body() && capacity_ > kKeptCapacity ? capacity_ : 0; }
  /// Frees the buffer. The request is lost: only for who reads nothing more.
  void release();
  [[nodiscard]] bool in_body() const { return state_ == State::kLength || state_ == State::kChunked; }
  [[nodiscard]] bool is_streaming() const { return state_ == State::kStreamHead || state_ == State::kStream; }
  /// The client waits for "100 Continue" before it sends the body: the head is accepted, and nothing of the body is
  /// here. True once for a request.
  bool take_continue();

  /// Forgets the complete request and goes on behind it.
  void finish();
  /// Takes the bytes behind the complete request of `other`, which keeps its request and will be used no more.
  void take_rest(RequestParser& other);

 private:
  enum class State : std::uint8_t { kHead, kLength, kChunked, kStreamHead, kStream, kComplete, kRefused };

  Progress read_head();
  Progress begin_request();
  Progress read_length();
  Progress read_chunks();
  Progress complete(std::size_t body_size, std::size_t end);
  Progress refuse(Refusal why);
  bool skip_empty_line();
  /// kNone while the line that ends before `end` may belong to a head.
  [[nodiscard]] Refusal check_line(std::size_t end) const;
  [[nodiscard]] bool in_first_line() const { return line_ == begin_; }
  void reserve(std::size_t free);
  void shrink();
  [[nodiscard]] std::size_t most_needed() const;
  [[nodiscard]] std::size_t filled() const { return filled_ - begin_; }
  [[nodiscard]] std::string_view rest() const;
  void count();

  const Limits& limits_;
  Share share_;
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  // Offsets into bytes_, in this order while a head is read: begin_ <= line_ <= scanned_ <= filled_.
  std::size_t begin_ = 0;    // of the request
  std::size_t line_ = 0;     // of the line of the head that is being read
  std::size_t scanned_ = 0;  // up to here there is no further LF
  std::size_t filled_ = 0;   // end of what was read
  std::size_t body_ = 0;     // begin of the body
  std::size_t decoded_ = 0;  // end of the decoded part of a chunked body
  std::size_t end_ = 0;      // of the complete request
  // Of a body that is handed on: it is read into a place of its own, so that the head need not move.
  std::unique_ptr<char[]> stream_;
  std::size_t stream_filled_ = 0;
  bool first_taken_ = false;  // what came with the head was handed on
  std::uint64_t stream_left_ = 0;
  std::string_view behind_;  // bytes of the next request
  const Streams* streams_ = nullptr;
  State state_ = State::kHead;
  Refusal refusal_ = Refusal::kNone;
  bool empty_line_skipped_ = false;
  bool continue_due_ = false;
  ChunkDecoder chunks_;
  Framing framing_;
  Request request_;
};

}  // namespace deputy::http
