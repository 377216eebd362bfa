#include "base/json_writer.h"

#include <array>
#include <cassert>
#include <charconv>
#include <cstring>

#include "base/encoding.h"

namespace deputy {
namespace {

/// How many bytes at the front, in whole words, are ASCII that needs no escape: eight are looked at together.
std::size_t plain_words(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
  const auto has_zero = [](std::uint64_t word) { return (word - ones) & ~word & highs; };
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t control = (word - ones * 0x20) & ~word;
    if (((control | word) & highs) != 0 || has_zero(word ^ (ones * '"')) != 0 || has_zero(word ^ (ones * '\\')) != 0)
      break;
  }
  return at;
}

}  // namespace

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  const std::uint64_t bit = std::uint64_t{1} << depth_;
  if (nonempty_ & bit) out_.push_back(',');
  nonempty_ |= bit;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_.push_back(bracket);
  ++depth_;
  assert(depth_ < 64);
  nonempty_ &= ~(std::uint64_t{1} << depth_);
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  --depth_;
  out_.push_back(bracket);
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  quote(name);
  out_.push_back(':');
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  quote(text);
  return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
  separate();
  std::array<char, 20> digits;  // "-9223372036854775808"
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out_.append(digits.data(), end);
  return *this;
}

JsonWriter& JsonWriter::value(bool truth) { return raw(truth ? "true" : "false"); }
JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

void JsonWriter::quote(std::string_view text) {
  out_.push_back('"');
  std::size_t plain = 0;  // start of the run that needs no escape
  bool ascii = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    i += plain_words(text.substr(i));
    if (i >= text.size()) break;
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80) ascii = false;
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out_.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"':
        out_.append("\\\"");
        break;
      case '\\':
        out_.append("\\\\");
        break;
      case '\n':
        out_.append("\\n");
        break;
      case '\r':
        out_.append("\\r");
        break;
      case '\t':
        out_.append("\\t");
        break;
      default:
        out_ += "\\u00";
        out_ += hex(text.substr(i, 1));
    }
  }
  if (ascii || is_utf8(text)) {
    out_.append(text, plain, std::string_view::npos);
  } else {
    for (std::string_view rest = text.substr(plain); !rest.empty();) {
      const std::string_view before = rest;
      if (next_code_point(rest) == 0xfffd) {
        out_.append("\xef\xbf\xbd");
      } else {
        out_.append(before.substr(0, before.size() - rest.size()));
      }
    }
  }
  out_.push_back('"');
}

}  // namespace deputy
