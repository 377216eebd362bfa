#include "protocol/xml_writer.h"

#include <algorithm>
#include <array>

#include "base/plain_text.h"

namespace deputy::protocol {
namespace {

/// Bytes that may have to be escaped: those below, and the two that need not.
constexpr auto kMaybeSpecial = [](Bytes16 bytes) {
  return marks(bytes < 0x20) | marks(bytes == '&') | marks(bytes == '<') | marks(bytes == '>') | marks(bytes == '"');
};

/// True for bytes that cannot stand in a text as they are.
constexpr std::array<bool, 256> kSpecial = [] {
  std::array<bool, 256> special{};
  for (int c = 0; c < 0x20; ++c) special[static_cast<std::size_t>(c)] = c != '\n' && c != '\t';
  for (const unsigned char c : {'&', '<', '>', '"'}) special[c] = true;
  return special;
}();

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

/// `room` is as large as `text`.
void escape_piece(std::string& out, std::string_view text, char* room) {
  if (copy_plain(room, text, kMaybeSpecial)) {
    out.append(room, text.size());
    return;
  }
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (!kSpecial[c]) continue;
    out.append(text, plain, i - plain);
    append_escaped(out, c);
    plain = i + 1;
  }
  out.append(text, plain);
}

}  // namespace

void escape_xml(std::string& out, std::string_view text) {
  std::array<char, 512> piece;
  for (; text.size() > piece.size(); text.remove_prefix(piece.size())) {
    escape_piece(out, text.substr(0, piece.size()), piece.data());
  }
  escape_piece(out, text, piece.data());
}

/// What stands around a name, in one piece: an element is made of many that are shorter than the call that appends
/// them.
XmlWriter& XmlWriter::tag(std::string_view front, std::string_view name, std::string_view behind, Line line) {
  std::array<char, 160> piece;
  const std::size_t indent = indented_ && line.begins ? 2 * std::size_t{depth_} : 0;
  if (indent + front.size() + name.size() + behind.size() + 1 > piece.size()) {
    out_.append(indent, ' ').append(front).append(name).append(behind);
    if (indented_ && line.ends) out_ += '\n';
    return *this;
  }
  char* to = std::fill_n(piece.data(), indent, ' ');
  for (const std::string_view part : {front, name, behind}) to = std::copy(part.begin(), part.end(), to);
  *to = '\n';
  to += indented_ && line.ends;
  out_.append(piece.data(), static_cast<std::size_t>(to - piece.data()));
  return *this;
}

XmlWriter& XmlWriter::declaration() {
  out_ += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  return *this;
}

XmlWriter& XmlWriter::open(std::string_view name) {
  tag("<", name, ">", {true, true});
  ++depth_;
  return *this;
}

XmlWriter& XmlWriter::open(std::string_view name, std::string_view attribute, std::string_view value) {
  if (value.empty()) return open(name);
  tag("<", name, " ", {true, false});
  ++depth_;
  out_.append(attribute).append("=\"");
  escape_xml(out_, value);
  out_ += "\">";
  if (indented_) out_ += '\n';
  return *this;
}

XmlWriter& XmlWriter::open(std::string_view name, std::string_view prefix, std::string_view ns,
                           std::string_view attribute, std::string_view value) {
  tag("<", name, " ", {true, false});
  ++depth_;
  out_.append(prefix).append("=\"").append(ns).append("\" ").append(attribute).append("=\"");
  escape_xml(out_, value);
  out_ += "\">";
  if (indented_) out_ += '\n';
  return *this;
}

XmlWriter& XmlWriter::close(std::string_view name) {
  --depth_;
  return tag("</", name, ">", {true, true});
}

XmlWriter& XmlWriter::begin_text(std::string_view name) { return tag("<", name, ">", {true, false}); }
XmlWriter& XmlWriter::end_text(std::string_view name) { return tag("</", name, ">", {false, true}); }

XmlWriter& XmlWriter::text(std::string_view name, std::string_view text) {
  begin_text(name);
  escape_xml(out_, text);
  return end_text(name);
}

XmlWriter& XmlWriter::empty(std::string_view name) { return tag("<", name, "/>", {true, true}); }

}  // namespace deputy::protocol
