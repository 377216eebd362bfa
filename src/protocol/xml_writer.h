// Writes XML into one buffer, in the two layouts that AWS has: the query services indent by two blanks with a newline
// after every element, S3 writes everything on one line.
//
//   XmlWriter xml(out, XmlWriter::Layout::kIndented);
//   xml.open("ErrorResponse", "xmlns", ns).open("Error").text("Code", code).close("Error").close("ErrorResponse");
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace deputy::protocol {

/// Appends to `out`, which outlives it. Names are trusted, texts are escaped; characters that XML 1.0 cannot hold come
/// out as numeric references, as S3 sends them.
class XmlWriter {
 public:
  enum class Layout : std::uint8_t { kIndented, kCompact };

  XmlWriter(std::string& out, Layout layout) : out_(out), indented_(layout == Layout::kIndented) {}

  XmlWriter& declaration();
  XmlWriter& open(std::string_view name);
  XmlWriter& open(std::string_view name, std::string_view attribute, std::string_view value);
  /// With a namespace of its own (`prefix`, `ns`) and an attribute of it.
  XmlWriter& open(std::string_view name, std::string_view prefix, std::string_view ns, std::string_view attribute,
                  std::string_view value);
  XmlWriter& close(std::string_view name);
  /// <name>text</name>
  XmlWriter& text(std::string_view name, std::string_view text);
  /// <name/>
  XmlWriter& empty(std::string_view name);

  /// For texts that are appended in pieces: between the two calls, `out` takes text that needs no escapes.
  XmlWriter& begin_text(std::string_view name);
  XmlWriter& end_text(std::string_view name);

 private:
  struct Line {
    bool begins, ends;
  };
  XmlWriter& tag(std::string_view front, std::string_view name, std::string_view behind, Line line);

  std::string& out_;
  unsigned depth_ = 0;
  bool indented_;
};

/// Appends `text` with & < > " and control characters escaped.
void escape_xml(std::string& out, std::string_view text);

}  // namespace deputy::protocol
