// Removes the chunked transfer coding (RFC 9112, 7.1), byte by byte, wherever the reads happened to cut.
//
//   chunked-body = *( size [ BWS ";" extension ] CRLF data CRLF ) 1*"0" [ BWS ";" extension ] CRLF *( trailer CRLF )
//   CRLF
//
// Extensions and trailers are checked and dropped: a trailer must never pass for a header. Together they may be as
// long as a head, so that tiny chunks with long extensions cost a stranger as much as they cost us.
#pragma once

#include <cstddef>
#include <cstdint>

#include "http/limits.h"

namespace deputy::http {

class ChunkDecoder {
 public:
  explicit ChunkDecoder(const Limits& limits) : ChunkDecoder(limits, limits.body) {}
  /// A body of at most `most` bytes.
  ChunkDecoder(const Limits& limits, std::uint64_t most) : limits_(&limits), most_(most) {}

  struct Step {
    std::size_t consumed;  // of the coded bytes; all of them unless done or refused
    std::size_t produced;  // bytes of body
  };
  /// Decodes `count` bytes at `from` to `to`, which may be the same place or before it.
  Step decode(char* to, const char* from, std::size_t count);

  [[nodiscard]] bool done() const { return state_ == State::kDone; }
  [[nodiscard]] Refusal refusal() const { return refusal_; }

 private:
  enum class State : std::uint8_t {
    kSizeFirst,  // the first digit of a size
    kSize,       // further digits
    kBlank,      // white space between the size and ';'
    kExtension,  // up to the CR
    kSizeEnd,    // the LF of the size line
    kData,
    kDataCr,
    kDataLf,
    kTrailerFirst,  // the first byte of a trailer line, or the CR of the end
    kTrailerName,
    kTrailerValue,
    kTrailerEnd,  // the LF of a trailer line
    kLastLf,
    kDone,
  };

  void control(char c);  // any byte that is not data
  void size_digit(char c);
  void after_size(char c);
  void trailer(char c);
  void expect(char c, char wanted, State next);
  void overhead();
  void refuse(Refusal why) { refusal_ = why; }

  const Limits* limits_;
  std::uint64_t most_;
  std::uint64_t left_ = 0;    // of the chunk
  std::uint64_t total_ = 0;   // of the body, with the announced chunk
  std::size_t overhead_ = 0;  // bytes of extensions and trailers so far
  std::size_t trailers_ = 0;
  unsigned digits_ = 0;
  State state_ = State::kSizeFirst;
  Refusal refusal_ = Refusal::kNone;
};

}  // namespace deputy::http
