// The bytes that wait to be sent on one connection, gathered so that all answers at hand leave in one write.
//
// Small pieces are copied behind one another into one string that is kept from answer to answer; a large body is moved
// in and stays where it is.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deputy::http {

class Outbox {
 public:
  /// At most so many pieces go into one write.
  static constexpr std::size_t kPieces = 16;
  using Pieces = std::array<std::string_view, kPieces>;

  /// To append to. Valid until the next call of anything else.
  std::string& text();
  void add(std::string body);

  [[nodiscard]] bool empty() const { return size() == 0; }
  /// Bytes not yet sent.
  [[nodiscard]] std::size_t size() const;
  /// Bytes in memory for that: a body goes as a whole.
  [[nodiscard]] std::size_t held() const { return size() + offset_; }
  void clear();
  /// Fills `pieces` with what to send next, in order.
  std::span<const std::string_view> gather(Pieces& pieces) const;
  /// `count` bytes of what was gathered are sent.
  void sent(std::size_t count);

 private:
  void settle();

  std::vector<std::string> parts_;
  std::size_t first_ = 0;   // the first part with unsent bytes
  std::size_t offset_ = 0;  // of its unsent bytes
  bool open_ = false;       // the last part may be appended to
};

}  // namespace deputy::http
