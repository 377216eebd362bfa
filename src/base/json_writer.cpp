#include "base/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/encoding.h"
#include "base/plain_text.h"
#include "base/visible.h"

namespace deputy {
namespace {

/// The bytes that are not ASCII or need an escape.
constexpr auto kSpecial = [](Bytes16 bytes) {
  using Signed16 = signed char __attribute__((vector_size(16)));
  return marks(reinterpret_cast<Signed16>(bytes) < 0x20) | marks(bytes == '"') | marks(bytes == '\\') |
         marks(bytes == 0x7f);
};

bool is_plain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

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
  if (out_.size() > most_) return *this;
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
  if (most_ - out_.size() < text.size()) text = text.substr(0, most_ - out_.size() + 1);  // full() from then on
  out_.push_back('"');
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    out_.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (!text.empty()) escape_one(text);
  }
  out_.push_back('"');
}

/// Takes one character off the text that may not stand there as it is.
void JsonWriter::escape_one(std::string_view& text) {
  const std::string_view before = text;
  const char32_t c = next_code_point(text);
  if (c == '"' || c == '\\') {
    out_.push_back('\\');
    out_.push_back(static_cast<char>(c));
  } else if (c == '\n' || c == '\r' || c == '\t') {
    out_.push_back('\\');
    out_.push_back(c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
  } else if (c == 0xfffd) {
    out_ += "\xef\xbf\xbd";  // stands for bytes that are none, too
  } else if (is_hidden(c)) {
    append_json_escape(out_, c);
  } else {
    out_.append(before.substr(0, before.size() - text.size()));
  }
}

}  // namespace deputy
