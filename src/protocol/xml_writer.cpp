#include "protocol/xml_writer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace deputy::protocol {
namespace {

/// True for bytes that cannot stand in a text as they are.
constexpr std::array<bool, 256> kSpecial = [] {
  std::array<bool, 256> special{};
  for (int c = 0; c < 0x20; ++c) special[static_cast<std::size_t>(c)] = c != '\n' && c != '\t';
  for (const char c : {'&', '<', '>', '"'}) special[static_cast<std::size_t>(c)] = true;
  return special;
}();

using Word = std::uint64_t;
constexpr Word kEach = 0x0101010101010101;  // times a byte: that byte eight times

/// Whether some byte of `word` is below `limit`, at most 128. (The well-known trick: a borrow shows in the high bit.)
constexpr Word below(Word word, Word limit) { return (word - kEach * limit) & ~word & (kEach * 0x80); }

/// Whether eight bytes surely need no escape; session tokens are long, and nothing else in an answer is.
bool is_plain(const char* bytes) {
  Word word = 0;
  std::memcpy(&word, bytes, sizeof word);
  Word found = below(word, 0x20);
  for (const Word special : {Word{'&'}, Word{'<'}, Word{'>'}, Word{'"'}}) found |= below(word ^ (kEach * special), 1);
  return found == 0;
}

void append_escaped(std::string& out, unsigned char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '&':
      out += "&amp;";
      return;
    case '<':
      out += "&lt;";
      return;
    case '>':
      out += "&gt;";
      return;
    case '"':
      out += "&quot;";
      return;
    default:
      break;
  }
  out += "&#x";
  if (c >= 16) out += kHex[c >> 4];
  out += kHex[c & 15];
  out += ';';
}

}  // namespace

void escape_xml(std::string& out, std::string_view text) {
  std::size_t plain = 0, i = 0;
  while (i < text.size()) {
    if (i + sizeof(Word) <= text.size() && is_plain(text.data() + i)) {
      i += sizeof(Word);
      continue;
    }
    const std::size_t end = std::min(i + sizeof(Word), text.size());
    for (; i < end; ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      if (!kSpecial[c]) continue;
      out.append(text, plain, i - plain);
      append_escaped(out, c);
      plain = i + 1;
    }
  }
  out.append(text, plain);
}

void XmlWriter::indent() {
  if (indented_) out_.append(2 * depth_, ' ');
}

void XmlWriter::end_line() {
  if (indented_) out_ += '\n';
}

XmlWriter& XmlWriter::declaration() {
  out_ += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  return *this;
}

XmlWriter& XmlWriter::open(std::string_view name) {
  indent();
  ++depth_;
  out_.append("<").append(name).append(">");
  end_line();
  return *this;
}

XmlWriter& XmlWriter::open(std::string_view name, std::string_view attribute, std::string_view value) {
  if (value.empty()) return open(name);
  indent();
  ++depth_;
  out_.append("<").append(name).append(" ").append(attribute).append("=\"");
  escape_xml(out_, value);
  out_ += "\">";
  end_line();
  return *this;
}

XmlWriter& XmlWriter::close(std::string_view name) {
  --depth_;
  indent();
  out_.append("</").append(name).append(">");
  end_line();
  return *this;
}

XmlWriter& XmlWriter::begin_text(std::string_view name) {
  indent();
  out_.append("<").append(name).append(">");
  return *this;
}

XmlWriter& XmlWriter::end_text(std::string_view name) {
  out_.append("</").append(name).append(">");
  end_line();
  return *this;
}

XmlWriter& XmlWriter::text(std::string_view name, std::string_view text) {
  begin_text(name);
  escape_xml(out_, text);
  return end_text(name);
}

XmlWriter& XmlWriter::empty(std::string_view name) {
  indent();
  out_.append("<").append(name).append("/>");
  end_line();
  return *this;
}

}  // namespace deputy::protocol
