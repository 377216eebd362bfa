#include "base/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/encoding.h"
#include "base/plain_text.h"

namespace deputy {
namespace {

/// The bytes that are not ASCII or need an escape.
constexpr auto kSpecial = [](Bytes16 bytes) {
  using Signed16 = signed char __attribute__((vector_size(16)));
  return marks(reinterpret_cast<Signed16>(bytes) < 0x20) | marks(bytes == '"') | marks(bytes == '\\');
};

/// The text with U+FFFD for every byte that belongs to no character.
std::string repaired(std::string_view text) {
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view before = rest;
    const char32_t c = next_code_point(rest);
    out += c == 0xfffd ? std::string_view("\xef\xbf\xbd") : before.substr(0, before.size() - rest.size());
  }
  return out;
}

}  // namespace

void JsonWriter::separate() {
  if (comma_) out_.push_back(',');
  comma_ = true;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_.push_back(bracket);
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_.push_back(bracket);
  comma_ = true;
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

/// Nearly everything is short and needs no escape: then it goes over in one piece, with all that stands around it.
JsonWriter& JsonWriter::quote(std::string_view text, bool is_key) {
  constexpr std::size_t short_text = 256;
  std::array<char, short_text + 4> piece;
  char* to = piece.data();
  *to = ',';
  to += comma_;
  *to++ = '"';
  if (text.size() <= short_text && copy_plain(to, text, kSpecial)) {
    to += text.size();
    *to++ = '"';
    *to = ':';
    to += is_key;
    out_.append(piece.data(), static_cast<std::size_t>(to - piece.data()));
  } else {
    if (comma_) out_.push_back(',');
    escape(text);
    if (is_key) out_.push_back(':');
  }
  comma_ = !is_key;
  return *this;
}

void JsonWriter::escape(std::string_view text) {
  if (!is_utf8(text)) return escape(repaired(text));
  constexpr std::size_t longest_escape = 6;  // \u001f
  const std::size_t begin = out_.size();
  out_.resize(begin + longest_escape * text.size() + 2);
  char* to = out_.data() + begin;
  *to++ = '"';
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') {
      *to++ = c;
      continue;
    }
    *to++ = '\\';
    switch (c) {
      case '"':
      case '\\':
        *to++ = c;
        break;
      case '\n':
        *to++ = 'n';
        break;
      case '\r':
        *to++ = 'r';
        break;
      case '\t':
        *to++ = 't';
        break;
      default:
        to = put_hex(std::copy_n("u00", 3, to), c);
    }
  }
  *to++ = '"';
  out_.resize(static_cast<std::size_t>(to - out_.data()));
}

}  // namespace deputy
