#include "http/chunked.h"

#include <algorithm>
#include <cstring>

#include "http/text.h"

namespace deputy::http {
namespace {

constexpr unsigned kMaxDigits = 16;  // of a 64-bit size; leading zeros count, nobody needs them

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

ChunkDecoder::Step ChunkDecoder::decode(char* to, const char* from, std::size_t count) {
  Step step{0, 0};
  while (step.consumed < count && !done() && refusal_ == Refusal::kNone) {
    if (state_ != State::kData) {
      control(from[step.consumed++]);
      continue;
    }
    const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(left_, count - step.consumed));
    std::memmove(to + step.produced, from + step.consumed, piece);
    step.consumed += piece;
    step.produced += piece;
    left_ -= piece;
    if (left_ == 0) state_ = State::kDataCr;
  }
  return step;
}

void ChunkDecoder::control(char c) {
  switch (state_) {
    case State::kSizeFirst:
      left_ = digits_ = 0;
      return hex_value(c) < 0 ? refuse(Refusal::kBadRequest) : size_digit(c);
    case State::kSize:
      return hex_value(c) < 0 ? after_size(c) : size_digit(c);
    case State::kBlank:
      return after_size(c);
    case State::kExtension:
      overhead();
      if (c == '\r')
        state_ = State::kSizeEnd;
      else if (!is_value_byte(c))
        refuse(Refusal::kBadRequest);
      return;
    case State::kSizeEnd:
      return expect(c, '\n', left_ == 0 ? State::kTrailerFirst : State::kData);
    case State::kDataCr:
      return expect(c, '\r', State::kDataLf);
    case State::kDataLf:
      return expect(c, '\n', State::kSizeFirst);
    case State::kLastLf:
      return expect(c, '\n', State::kDone);
    default:
      return trailer(c);
  }
}

void ChunkDecoder::size_digit(char c) {
  if (++digits_ > kMaxDigits) return refuse(Refusal::kBadRequest);
  left_ = left_ * 16 + static_cast<std::uint64_t>(hex_value(c));
  state_ = State::kSize;
}

void ChunkDecoder::after_size(char c) {
  if (c == ' ' || c == '\t') {
    state_ = State::kBlank;
    return overhead();
  }
  if (left_ > most_ - total_) return refuse(Refusal::kBodyTooLarge);
  total_ += left_;
  if (c == ';')
    state_ = State::kExtension;
  else if (c == '\r' && state_ == State::kSize)
    state_ = State::kSizeEnd;
  else
    refuse(Refusal::kBadRequest);
}

void ChunkDecoder::trailer(char c) {
  if (state_ == State::kTrailerFirst && c == '\r') {
    state_ = State::kLastLf;
    return;
  }
  if (state_ == State::kTrailerEnd) return expect(c, '\n', State::kTrailerFirst);
  overhead();
  if (state_ == State::kTrailerFirst && ++trailers_ > limits_->headers) return refuse(Refusal::kBadRequest);
  if (state_ == State::kTrailerValue) {
    if (c == '\r')
      state_ = State::kTrailerEnd;
    else if (!is_value_byte(c))
      refuse(Refusal::kBadRequest);
  } else if (is_token_byte(c)) {
    state_ = State::kTrailerName;
  } else if (c == ':' && state_ == State::kTrailerName) {
    state_ = State::kTrailerValue;
  } else {
    refuse(Refusal::kBadRequest);
  }
}

void ChunkDecoder::expect(char c, char wanted, State next) {
  if (c != wanted) return refuse(Refusal::kBadRequest);
  state_ = next;
}

void ChunkDecoder::overhead() {
  if (++overhead_ > limits_->head) refuse(Refusal::kBadRequest);
}

}  // namespace deputy::http
