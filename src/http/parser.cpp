#include "http/parser.h"

#include <algorithm>
#include <cstring>

#include "http/text.h"

namespace deputy::http {
namespace {

constexpr std::size_t kFirstCapacity = 4 * 1024;  // a signed request with its session token fits
constexpr std::size_t kSmallestRead = 1024;
constexpr std::size_t kBodyRead = 16 * 1024;    // at first; then as much as there is already
constexpr std::size_t kStreamRead = 56 * 1024;  // of a body that is handed on: with its head no more than kServedAnyway

/// The request line ends with " HTTP/d.d\r\n". Looked at before the rest, so that a stranger who speaks something else
/// is told at once. The other fields of the line are Beast's to judge.
Refusal check_version(std::string_view line) {
  constexpr std::string_view kShape = " HTTP/d.d\r\n";
  if (line.size() < kShape.size()) return Refusal::kBadRequest;
  const std::string_view tail = line.substr(line.size() - kShape.size());
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool fits = kShape[i] == 'd' ? tail[i] >= '0' && tail[i] <= '9' : tail[i] == kShape[i];
    if (!fits) return Refusal::kBadRequest;
  }
  const std::string_view version = tail.substr(6, 3);
  return version == "1.1" || version == "1.0" ? Refusal::kNone : Refusal::kVersionNotSupported;
}

}  // namespace

std::span<char> RequestParser::space() {
  if (state_ == State::kStream) {
    if (!stream_) {
      stream_ = std::make_unique_for_overwrite<char[]>(kStreamRead);
      count();
    }
    return {stream_.get() + stream_filled_, kStreamRead - stream_filled_};
  }
  std::size_t least = kSmallestRead, growth = kSmallestRead;
  if (state_ == State::kLength) {  // an announced body is made room for as it comes, not on its word
    const std::size_t missing = static_cast<std::size_t>(framing_.content_length) - (filled_ - body_);
    least = std::min(missing, kSmallestRead);
    growth = std::min(missing, std::max(capacity_, kBodyRead));
  }
  if (!bytes_ || capacity_ - filled_ < least) reserve(growth);
  return {bytes_.get() + filled_, capacity_ - filled_};
}

/// Makes room for `free` more bytes: by moving the request to the front if that suffices, else by growing.
void RequestParser::reserve(std::size_t free) {
  if (bytes_ && capacity_ - filled_ >= free) return;
  const std::size_t needed = filled() + free;
  const char* const from = bytes_.get() + begin_;
  std::unique_ptr<char[]> old;
  if (needed > capacity_) {
    const std::size_t capacity = std::max({needed, std::min(capacity_ * 2, most_needed()), kFirstCapacity});
    old = std::exchange(bytes_, std::make_unique_for_overwrite<char[]>(capacity));
    capacity_ = capacity;
    count();
  }
  char* const to = bytes_.get();
  if (filled() > 0) std::memmove(to, from, filled());
  if (in_body()) {  // only then there are views
    const auto rebase = [&](std::string_view& text) { text = {to + (text.data() - from), text.size()}; };
    rebase(request_.method);
    rebase(request_.target);
    for (Header& header : request_.headers) {
      rebase(header.name);
      rebase(header.value);
    }
  }
  for (std::size_t* offset : {&line_, &scanned_, &body_, &decoded_, &filled_, &begin_}) *offset -= begin_;
}

void RequestParser::count() {
  const std::size_t all = capacity_ + (stream_ ? kStreamRead : 0);
  share_.set(all > kKeptCapacity ? all : 0);
}

bool RequestParser::is_large() const { return in_body() && capacity_ > kServedAnyway; }

/// No buffer need be larger for this request: of an announced body the end is known.
std::size_t RequestParser::most_needed() const {
  return state_ == State::kLength ? body_ - begin_ + static_cast<std::size_t>(framing_.content_length) : SIZE_MAX;
}

RequestParser::Progress RequestParser::next() {
  // Small requests are served whatever others hold.
  if (is_large() && share_.exceeded()) return refuse(Refusal::kUnavailable);
  switch (state_) {
    case State::kHead:
      return read_head();
    case State::kLength:
      return read_length();
    case State::kChunked:
      return read_chunks();
    case State::kStreamHead:
      return Progress::kHead;
    case State::kStream:
      return Progress::kNeedMore;
    case State::kComplete:
      return Progress::kComplete;
    case State::kRefused:
      break;
  }
  return Progress::kRefused;
}

RequestParser::Progress RequestParser::read_head() {
  if (!skip_empty_line()) return Progress::kNeedMore;
  if (begin_ < filled_ && !is_token_byte(bytes_[begin_])) return refuse(Refusal::kBadRequest);
  while (scanned_ < filled_) {
    const char* const lf = static_cast<const char*>(std::memchr(bytes_.get() + scanned_, '\n', filled_ - scanned_));
    if (lf == nullptr) break;
    const std::size_t end = static_cast<std::size_t>(lf - bytes_.get()) + 1;
    if (const Refusal why = check_line(end); why != Refusal::kNone) return refuse(why);
    const bool last = end - line_ == 2;
    line_ = scanned_ = end;
    if (!last) continue;

    const std::string_view head(bytes_.get() + begin_, end - begin_);
    if (const Refusal why = parse_head(head, limits_, request_, framing_); why != Refusal::kNone) return refuse(why);
    body_ = decoded_ = end;
    return begin_request();
  }
  scanned_ = filled_;
  if (filled() < limits_.head) return Progress::kNeedMore;
  return refuse(Refusal::kBadRequest);
}

/// The head is there, and in order.
RequestParser::Progress RequestParser::begin_request() {
  continue_due_ = framing_.expects_continue && body_ == filled_ && (framing_.chunked || framing_.content_length > 0);
  const bool large = framing_.chunked || framing_.content_length > limits_.streamed_from;
  if (large && streams_ != nullptr && *streams_ && (*streams_)(request_)) {
    state_ = State::kStreamHead;
    request_.body_follows = true;
    if (!framing_.chunked) request_.body_size = framing_.content_length;
    return Progress::kHead;
  }
  if (framing_.content_length > limits_.body) return refuse(Refusal::kBodyTooLarge);
  state_ = framing_.chunked ? State::kChunked : State::kLength;
  return next();
}

void RequestParser::begin_body() {
  state_ = State::kStream;
  stream_left_ = framing_.content_length;
  if (framing_.chunked) chunks_ = ChunkDecoder(limits_, UINT64_MAX);
}

std::string_view RequestParser::take_body() {
  char* from = stream_.get();
  std::size_t count = std::exchange(stream_filled_, 0);
  if (!std::exchange(first_taken_, true)) {
    from = bytes_.get() + body_;
    count = filled_ - body_;
  }
  std::size_t coded = count, plain = count;
  bool done = false;
  if (framing_.chunked) {
    const ChunkDecoder::Step step = chunks_.decode(from, from, count);
    coded = step.consumed;
    plain = step.produced;
    done = chunks_.done();
    if (chunks_.refusal() != Refusal::kNone) refuse(chunks_.refusal());
  } else {
    coded = plain = static_cast<std::size_t>(std::min<std::uint64_t>(stream_left_, count));
    stream_left_ -= plain;
    done = stream_left_ == 0;
  }
  if (done) {
    behind_ = {from + coded, count - coded};
    state_ = State::kComplete;
  }
  return {from, plain};
}

std::optional<std::uint64_t> RequestParser::body_left() const {
  if (framing_.chunked) return std::nullopt;
  if (state_ == State::kStreamHead) return framing_.content_length;
  return state_ == State::kStream ? stream_left_ : 0;
}

/// What came behind the complete request.
std::string_view RequestParser::rest() const {
  if (request_.body_follows) return behind_;
  return {bytes_.get() + end_, filled_ - end_};
}

/// One empty line before a request is forgiven (RFC 9112, 2.2). False while that cannot be told yet.
bool RequestParser::skip_empty_line() {
  if (empty_line_skipped_ || begin_ == filled_ || bytes_[begin_] != '\r') return true;
  if (filled() == 1) return false;
  if (bytes_[begin_ + 1] != '\n') return true;  // refused as no token
  empty_line_skipped_ = true;
  begin_ += 2;
  line_ = scanned_ = begin_;
  return true;
}

Refusal RequestParser::check_line(std::size_t end) const {
  const std::string_view line(bytes_.get() + line_, end - line_);
  if (end - begin_ > limits_.head) return Refusal::kBadRequest;
  if (line.size() < 2 || line[line.size() - 2] != '\r') return Refusal::kBadRequest;  // a bare LF
  if (in_first_line()) return check_version(line);
  if (line.front() == ' ' || line.front() == '\t') return Refusal::kBadRequest;  // a folded line (RFC 9112, 5.2)
  return Refusal::kNone;
}

RequestParser::Progress RequestParser::read_length() {
  const auto size = static_cast<std::size_t>(framing_.content_length);
  if (filled_ - body_ < size) return Progress::kNeedMore;
  return complete(size, body_ + size);
}

RequestParser::Progress RequestParser::read_chunks() {
  // INVARIANT: all before filled_ is decoded, so that what was just read begins at decoded_.
  const ChunkDecoder::Step step = chunks_.decode(bytes_.get() + decoded_, bytes_.get() + decoded_, filled_ - decoded_);
  const std::size_t coded_end = decoded_ + step.consumed;
  decoded_ += step.produced;
  if (chunks_.refusal() != Refusal::kNone) return refuse(chunks_.refusal());
  if (chunks_.done()) return complete(decoded_ - body_, coded_end);
  filled_ = decoded_;
  return Progress::kNeedMore;
}

RequestParser::Progress RequestParser::complete(std::size_t body_size, std::size_t end) {
  request_.body = {bytes_.get() + body_, body_size};
  end_ = end;
  state_ = State::kComplete;
  return Progress::kComplete;
}

RequestParser::Progress RequestParser::refuse(Refusal why) {
  refusal_ = why;
  state_ = State::kRefused;
  return Progress::kRefused;
}

bool RequestParser::take_continue() {
  const bool waits = in_body() || state_ == State::kStream;
  return waits && filled_ == body_ && stream_filled_ == 0 && std::exchange(continue_due_, false);
}

void RequestParser::finish() {
  if (request_.body_follows) {  // what follows it was taken away (take_rest)
    end_ = filled_;
    stream_.reset();
    stream_filled_ = 0;
    first_taken_ = false;
    behind_ = {};
    request_.body_follows = false;
    request_.body_size.reset();
    count();
  }
  begin_ = end_;
  if (begin_ == filled_) begin_ = filled_ = 0;
  if (capacity_ > kKeptCapacity) shrink();
  line_ = scanned_ = body_ = decoded_ = end_ = begin_;
  state_ = State::kHead;
  empty_line_skipped_ = continue_due_ = false;
  chunks_ = ChunkDecoder(limits_);
  request_.method = request_.target = request_.body = {};
  request_.headers.clear();
}

/// What was needed for a large request is given back, also if the next one has begun behind it.
void RequestParser::shrink() {
  const std::size_t rest = filled();
  if (rest > kFirstCapacity) return;
  const std::unique_ptr<char[]> old = std::move(bytes_);
  const char* const from = old.get() + begin_;
  release();
  if (rest == 0) return;
  reserve(rest);
  std::memcpy(bytes_.get(), from, rest);
  filled_ = rest;
}

void RequestParser::release() {
  bytes_.reset();
  capacity_ = begin_ = filled_ = 0;
  count();
}

void RequestParser::take_rest(RequestParser& other) {
  const std::string_view rest = other.rest();
  begin_ = end_ = filled_ = 0;
  finish();
  if (rest.empty()) return;
  reserve(rest.size());
  std::memcpy(bytes_.get(), rest.data(), rest.size());
  filled_ = rest.size();
  if (!other.request_.body_follows) other.filled_ = other.end_;
}

}  // namespace deputy::http
