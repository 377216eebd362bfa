#include "identity_provider/xml.h"

#include "base/encoding.h"

namespace deputy::identity_provider {

bool can_stand_in_xml(std::string_view text) {
  if (!is_utf8(text)) return false;
  while (!text.empty()) {
    const char32_t c = next_code_point(text);
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') return false;
    if (c == 0xfffe || c == 0xffff) return false;
  }
  return true;
}

namespace {

/// What stands for a character in canonical XML; empty: itself. https://www.w3.org/TR/xml-c14n/#Example-Chars
std::string_view reference(char c, bool in_attribute) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return in_attribute ? std::string_view() : "&gt;";
    case '"':
      return in_attribute ? "&quot;" : std::string_view();
    case '\t':
      return in_attribute ? "&#x9;" : std::string_view();
    case '\n':
      return in_attribute ? "&#xA;" : std::string_view();
    case '\r':
      return "&#xD;";
    default:
      return {};
  }
}

std::string escaped(std::string_view text, bool in_attribute) {
  std::string out;
  for (const char c : text) {
    const std::string_view stands_for = reference(c, in_attribute);
    stands_for.empty() ? out.push_back(c) : void(out.append(stands_for));
  }
  return out;
}

}  // namespace

std::string escaped_text(std::string_view text) { return escaped(text, false); }

std::string escaped_attribute(std::string_view text) { return escaped(text, true); }

}  // namespace deputy::identity_provider
