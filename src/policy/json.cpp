#include "policy/json.h"

#include <array>

#include "base/encoding.h"

namespace deputy::policy {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Bytes that may be copied as they stand: no quote, backslash, control character or part of a longer character.
constexpr std::array<bool, 256> make_plain() {
  std::array<bool, 256> plain{};
  for (std::size_t i = 0x20; i < 0x80; ++i) plain[i] = i != '"' && i != '\\';
  return plain;
}
constexpr auto kPlain = make_plain();

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | code >> 6U);
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3FU));
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

}  // namespace

char JsonReader::peek_behind_white_space() {
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '\n') {
      ++line_;
      line_start_ = at_ + 1;
      continuation_bytes_ = 0;
    } else if (c != ' ' && c != '\t' && c != '\r') {
      return c;
    }
  }
  return 0;
}

bool JsonReader::enter(char bracket) {
  if (depth_ == kMaxDepth || !accept(bracket)) return false;
  ++depth_;
  return true;
}

bool JsonReader::string(std::string_view& out) {
  if (!accept('"')) return false;
  const std::size_t begin = at_;
  bool copied = false;
  for (;;) {
    const std::size_t run = at_;
    while (at_ < text_.size() && kPlain[static_cast<std::uint8_t>(text_[at_])]) ++at_;
    if (at_ == text_.size()) return false;
    if (static_cast<std::uint8_t>(text_[at_]) >= 0x80U) {
      if (!multibyte()) return false;
      if (copied) decoded_.append(text_, run, at_ - run);
      continue;
    }
    if (copied) decoded_.append(text_, run, at_ - run);
    if (text_[at_] == '"') break;
    if (text_[at_] != '\\') return false;  // a control character
    if (!copied) decoded_.assign(text_, begin, at_ - begin);
    copied = true;
    ++at_;
    if (!escape()) return false;
  }
  out = copied ? std::string_view(decoded_) : text_.substr(begin, at_ - begin);
  ++at_;
  return true;
}

bool JsonReader::multibyte() {
  const auto lead = static_cast<std::uint8_t>(text_[at_]);
  const std::size_t length = lead < 0xE0U ? 2 : lead < 0xF0U ? 3 : 4;
  if (!is_utf8(text_.substr(at_, length))) return false;
  at_ += length;
  continuation_bytes_ += length - 1;
  return true;
}

bool JsonReader::escape() {
  if (at_ == text_.size()) return false;
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const char name = text_[at_++];
  if (const std::size_t i = kNames.find(name); i != std::string_view::npos) {
    decoded_.push_back(kMeanings[i]);
    return true;
  }
  std::uint32_t code = 0;
  if (name != 'u' || !hex4(code)) return false;
  if (code >= 0xDC00 && code < 0xE000) return false;
  if (code >= 0xD800 && code < 0xDC00) {
    std::uint32_t second = 0;
    if (text_.substr(at_, 2) != "\\u") return false;
    at_ += 2;
    if (!hex4(second) || second < 0xDC00 || second >= 0xE000) return false;
    code = 0x10000 + ((code - 0xD800) << 10U) + (second - 0xDC00);
  }
  append_utf8(decoded_, code);
  return true;
}

bool JsonReader::hex4(std::uint32_t& code) {
  if (text_.size() - at_ < 4) return false;
  code = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = text_[at_];
    const char letter = static_cast<char>(c | 0x20);
    if (is_digit(c)) {
      code = code << 4U | static_cast<std::uint32_t>(c - '0');
    } else if (letter >= 'a' && letter <= 'f') {
      code = code << 4U | static_cast<std::uint32_t>(letter - 'a' + 10);
    } else {
      return false;
    }
  }
  return true;
}

bool JsonReader::word(std::string_view expected) {
  if (text_.substr(at_, expected.size()) != expected) return false;
  at_ += expected.size();
  return true;
}

bool JsonReader::number() {
  const auto digits = [&] {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ - begin;
  };
  const auto next_is = [&](char c) { return at_ < text_.size() && text_[at_] == c; };
  if (next_is('-')) ++at_;
  if (next_is('0')) {
    ++at_;
  } else if (digits() == 0) {
    return false;
  }
  if (next_is('.')) {
    ++at_;
    if (digits() == 0) return false;
  }
  if (next_is('e') || next_is('E')) {
    ++at_;
    if (next_is('+') || next_is('-')) ++at_;
    if (digits() == 0) return false;
  }
  return true;
}

bool JsonReader::null() { return peek() == 'n' && word("null"); }

bool JsonReader::scalar(std::string_view& out) {
  const char first = peek();
  if (first == '"') return string(out);
  const std::size_t begin = at_;
  const bool good = first == 't' ? word("true") : first == 'f' ? word("false") : number();
  out = text_.substr(begin, at_ - begin);
  return good;
}

bool JsonReader::skip() {
  std::string_view ignored;
  const char first = peek();
  if (first == 'n') return null();
  if (first != '{' && first != '[') return scalar(ignored);
  const char close = first == '{' ? '}' : ']';
  if (!enter(first)) return false;
  if (accept(close)) return leave(), true;
  do {
    if (first == '{' && !(string(ignored) && expect(':'))) return false;
    if (!skip()) return false;
  } while (accept(','));
  leave();
  return accept(close);
}

bool is_json(std::string_view text) {
  JsonReader in(text);
  return in.skip() && in.at_end();
}

}  // namespace deputy::policy
