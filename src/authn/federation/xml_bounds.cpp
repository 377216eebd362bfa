#include "authn/federation/xml_bounds.h"

#include <array>
#include <cstdint>

namespace deputy::authn {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool is_blank(char c) { return kBlanks.find(c) != std::string_view::npos; }

/// Whether each "&" begins one of the five entities that need no declaration, or a character by its number: libxml2 takes
/// its time to complain of others.
bool has_known_references_only(std::string_view text) {
  for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    const std::string_view rest = text.substr(at + 1, 5);
    const bool known = rest.starts_with('#') || rest.starts_with("lt;") || rest.starts_with("gt;") ||
                       rest.starts_with("amp;") || rest == "quot;" || rest == "apos;";
    if (!known) return false;
  }
  return true;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool scan() {
    if (text_.size() > XmlBounds::kBytes) return false;
    while (true) {
      const std::size_t next = text_.find('<', at_);
      if (!has_known_references_only(text_.substr(at_, next - at_))) return false;
      if (next == std::string_view::npos) break;
      at_ = next;
      if (!markup()) return false;
    }
    return depth_ == 0 && text_.find('\0') == std::string_view::npos;
  }

 private:
  [[nodiscard]] bool sees(std::string_view what) const { return text_.substr(at_, what.size()) == what; }
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }

  /// At a '<'.
  bool markup() {
    if (sees("</")) return end_tag();
    if (++elements_ > XmlBounds::kElements) return false;
    if (sees("<!--")) return past("<!--", "-->");
    if (sees("<![CDATA[")) return past("<![CDATA[", "]]>");
    if (sees("<!")) return false;  // a document type, and all that is dangerous in XML with it
    if (sees("<?")) return past("<?", "?>");
    return start_tag();
  }

  bool past(std::string_view begin, std::string_view end) {
    const std::size_t found = text_.find(end, at_ + begin.size());
    at_ = found == std::string_view::npos ? text_.size() : found + end.size();
    return found != std::string_view::npos;
  }

  bool end_tag() {
    const std::size_t end = text_.find_first_of("<>", at_ + 1);
    if (end == std::string_view::npos || text_[end] != '>' || depth_ == 0) return false;
    at_ = end + 1;
    namespaces_ -= declared_[--depth_];
    return true;
  }

  bool start_tag() {
    ++at_;
    if (!name()) return false;
    std::size_t attributes = 0, declared = 0;
    while (true) {
      const bool separated = blanks();
      if (at_end()) return false;
      if (text_[at_] == '>') return opened(declared);
      if (sees("/>")) {
        at_ += 2;
        return depth_ < XmlBounds::kDepth && namespaces_ + declared <= XmlBounds::kNamespaces;
      }
      if (!separated || ++attributes > XmlBounds::kAttributes || ++attributes_ > XmlBounds::kAttributesInAll) {
        return false;
      }
      if (sees("xmlns")) ++declared;  // "xmlnsx" counts too
      if (!attribute()) return false;
    }
  }

  bool opened(std::size_t declared) {
    ++at_;
    namespaces_ += declared;
    if (depth_ == XmlBounds::kDepth || namespaces_ > XmlBounds::kNamespaces) return false;
    declared_[depth_++] = static_cast<std::uint8_t>(declared);
    return true;
  }

  bool attribute() {
    if (!name()) return false;
    blanks();
    if (at_end() || text_[at_] != '=') return false;
    ++at_;
    blanks();
    if (at_end() || (text_[at_] != '"' && text_[at_] != '\'')) return false;
    const std::array<char, 3> ends = {text_[at_], '<', '\0'};
    const std::size_t end = text_.find_first_of(ends.data(), at_ + 1);
    if (end == std::string_view::npos || text_[end] == '<') return false;
    const bool good = has_known_references_only(text_.substr(at_, end - at_));
    at_ = end + 1;
    return good;
  }

  /// Whatever stands before what can end a name; at least one character.
  bool name() {
    const std::size_t end = text_.find_first_of(" \t\r\n=/<>\"'", at_);
    const bool some = end != std::string_view::npos && end > at_;
    if (some) at_ = end;
    return some;
  }

  /// Whether there are any.
  bool blanks() {
    const std::size_t before = at_;
    while (!at_end() && is_blank(text_[at_])) ++at_;
    return at_ > before;
  }

  const std::string_view text_;
  std::size_t at_ = 0, elements_ = 0, attributes_ = 0, depth_ = 0, namespaces_ = 0;
  std::array<std::uint8_t, XmlBounds::kDepth> declared_{};  // namespaces, by each element that is open
};

}  // namespace

bool is_bounded_xml(std::string_view text) { return Scanner(text).scan(); }

}  // namespace deputy::authn
