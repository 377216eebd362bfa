// The bytes that wait to be sent on one connection, gathered so that all answers at hand leave in one write.
//
// Small pieces are copied behind one another into one string that is kept from answer to answer; a large body is moved
// in and stays where it is; what is not in memory (Source) is neither read nor copied before its turn.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace deputy::http {

class Outbox {
 public:
  /// At most so many pieces go into one write.
  static constexpr std::size_t kPieces = 16;
  using Pieces = std::array<std::string_view, kPieces>;

  /// To append to. Valid until the next call of anything else.
  std::string& text();
  void add(std::string body);
  void add(std::shared_ptr<Source> source);

  [[nodiscard]] bool empty() const { return size() == 0; }
  /// Bytes not yet sent.
  [[nodiscard]] std::uint64_t size() const;
  /// Bytes in memory for that: a body goes as a whole.
  [[nodiscard]] std::size_t held() const;
  void clear();
  /// Fills `pieces` with what to send next, in order. Empty, though something is left: it is source().
  std::span<const std::string_view> gather(Pieces& pieces) const;
  /// What to send next, if that is not in memory, and how much of it went; null: it is.
  [[nodiscard]] Source* source() const;
  [[nodiscard]] std::uint64_t source_sent() const { return offset_; }
  /// `count` bytes of what was gathered, or of the source, are sent.
  void sent(std::uint64_t count);

 private:
  struct Part {
    std::string text;
    std::shared_ptr<Source> source;  // instead
    [[nodiscard]] std::uint64_t size() const { return source ? source->size() : text.size(); }
  };
  void settle();

  std::vector<Part> parts_;
  std::size_t first_ = 0;     // the first part with unsent bytes
  std::uint64_t offset_ = 0;  // of its unsent bytes
  bool open_ = false;         // the last part may be appended to
};

}  // namespace deputy::http
