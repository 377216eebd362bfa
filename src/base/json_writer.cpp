#include "base/json_writer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cstring>

#include "base/encoding.h"

namespace deputy {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;

constexpr std::uint64_t zero_bytes(std::uint64_t word) { return (word - kOnes) & ~word & kHighs; }

/// Marks the bytes that are not ASCII or need an escape. (A mark above a true one may be false; "none" never is.)
constexpr std::uint64_t special_bytes(std::uint64_t word) {
  const std::uint64_t control = (word - kOnes * 0x20) & ~word & kHighs;
  return control | (word & kHighs) | zero_bytes(word ^ (kOnes * '"')) | zero_bytes(word ^ (kOnes * '\\'));
}

/// ASCII that needs no escape: eight bytes are looked at together.
bool is_plain(std::string_view text) {
  std::uint64_t special = 0, word = 0;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::memcpy(&word, text.data() + at, 8);
    special |= special_bytes(word);
  }
  word = kOnes * ' ';
  if (at < text.size()) std::memcpy(&word, text.data() + at, text.size() - at);  // an empty text may point nowhere
  return (special | special_bytes(word)) == 0;
}

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
  quote(name, ":");
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

/// Nearly everything needs no escape: then the text goes over in one piece, with its quotation marks and what follows.
void JsonWriter::quote(std::string_view text, std::string_view behind) {
  if (!is_plain(text)) {
    escape(text);
    out_.append(behind);
    return;
  }
  const std::size_t at = out_.size();
  out_.resize(at + text.size() + behind.size() + 2);
  char* to = out_.data() + at;
  *to++ = '"';
  to = std::copy(text.begin(), text.end(), to);
  *to++ = '"';
  std::copy(behind.begin(), behind.end(), to);
}

void JsonWriter::escape(std::string_view text) {
  if (!is_utf8(text)) return escape(repaired(text));
  out_.push_back('"');
  std::size_t plain = 0;  // start of the run that needs no escape
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
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
  out_.append(text, plain, std::string_view::npos);
  out_.push_back('"');
}

}  // namespace deputy
