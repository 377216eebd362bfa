// A strict JSON reader (RFC 8259) that knows where it is: the parser of policy documents asks it for one token after
// the other. Refused beside malformed JSON: bytes that are not UTF-8, lone surrogates, nesting deeper than 32.
//
//   JsonReader in(text);
//   std::string_view key;
//   if (in.enter('{') && in.string(key) && in.expect(':')) ...
//
// After a method returned false the reader stands at the offending byte and must not be used further.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "policy/document.h"

namespace deputy::policy {

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  /// Of the next token, after white space.
  [[nodiscard]] Position here() {
    (void)peek();
    return {offset(), line_, static_cast<std::uint32_t>(at_ - line_start_ - continuation_bytes_ + 1)};
  }
  [[nodiscard]] std::uint32_t offset() const { return static_cast<std::uint32_t>(at_); }
  /// The next byte that is not white space; 0 at the end.
  [[nodiscard]] char peek() {
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    return c > ' ' ? c : peek_behind_white_space();
  }
  /// Consumes the next token if it is this character.
  bool accept(char c) {
    if (peek() != c || at_ == text_.size()) return false;
    ++at_;
    return true;
  }
  /// As `accept`, for what must stand there.
  [[nodiscard]] bool expect(char c) { return accept(c); }
  /// Opens an object or array; false if something else stands there or the nesting is too deep.
  [[nodiscard]] bool enter(char bracket);
  void leave() { --depth_; }
  /// The decoded string; a view into the source, or into this reader until the next call.
  [[nodiscard]] bool string(std::string_view& out);
  /// A string, or the JSON text of a number or boolean. [L-11]
  [[nodiscard]] bool scalar(std::string_view& out);
  [[nodiscard]] bool null();
  /// Any value, not looked at.
  [[nodiscard]] bool skip();
  [[nodiscard]] bool at_end() { return peek() == 0 && at_ == text_.size(); }

 private:
  [[nodiscard]] char peek_behind_white_space();
  [[nodiscard]] bool word(std::string_view expected);
  [[nodiscard]] bool number();
  [[nodiscard]] bool escape();
  [[nodiscard]] bool hex4(std::uint32_t& code);
  [[nodiscard]] bool multibyte();

  static constexpr int kMaxDepth = 32;

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::size_t continuation_bytes_ = 0;  // on this line, so that columns count characters
  std::uint32_t line_ = 1;
  int depth_ = 0;
  std::string decoded_;
};

/// Whether the whole text is one JSON value.
bool is_json(std::string_view text);

}  // namespace deputy::policy
