#include "authn/federation/saml_xml.h"

#include <algorithm>

#include "authn/federation/xml_bounds.h"

namespace deputy::authn {
namespace {

std::string_view view(const xmlChar* text) {
  return text != nullptr ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

bool is_text(const xmlNode* node) { return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE; }

/// Whether `node` and all under it are elements and text, and no name of an attribute is hidden behind an entity.
/// Its depth is bounded (XmlBounds::kDepth).
bool is_plain(const xmlNode* node, bool strict) {
  for (; node != nullptr; node = node->next) {
    const bool harmless = node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE;
    if (harmless && !strict) continue;
    if (node->type != XML_ELEMENT_NODE && !is_text(node)) return false;
    if (node->type != XML_ELEMENT_NODE) continue;
    for (const xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next) {
      if (!is_plain(attribute->children, true)) return false;
    }
    if (!is_plain(node->children, strict)) return false;
  }
  return true;
}

void trim(std::string& text) {
  constexpr const char* kBlank = " \t\r\n";
  text.erase(text.find_last_not_of(kBlank) + 1);
  text.erase(0, std::min(text.find_first_not_of(kBlank), text.size()));
}

}  // namespace

bool XmlElement::is(std::string_view space, std::string_view name) const {
  return view(node_->name) == name && node_->ns != nullptr && view(node_->ns->href) == space;
}

std::vector<XmlElement> XmlElement::children() const {
  std::vector<XmlElement> all;
  for (xmlNode* child = node_->children; child != nullptr; child = child->next) {
    if (child->type == XML_ELEMENT_NODE) all.emplace_back(child);
  }
  return all;
}

std::vector<XmlElement> XmlElement::children(std::string_view space, std::string_view name) const {
  std::vector<XmlElement> all = children();
  std::erase_if(all, [&](const XmlElement& child) { return !child.is(space, name); });
  return all;
}

std::optional<XmlElement> XmlElement::child(std::string_view space, std::string_view name) const {
  const std::vector<XmlElement> all = children(space, name);
  if (all.size() != 1) return std::nullopt;
  return all.front();
}

std::optional<std::string> XmlElement::text() const {
  std::string text;
  for (const xmlNode* child = node_->children; child != nullptr; child = child->next) {
    if (!is_text(child)) return std::nullopt;
    text.append(view(child->content));
  }
  trim(text);
  return text;
}

std::optional<std::string> XmlElement::attribute(std::string_view name) const {
  for (const xmlAttr* attribute = node_->properties; attribute != nullptr; attribute = attribute->next) {
    if (attribute->ns != nullptr || view(attribute->name) != name) continue;
    std::string value;
    for (const xmlNode* part = attribute->children; part != nullptr; part = part->next)
      value.append(view(part->content));
    return value;
  }
  return std::nullopt;
}

std::optional<XmlDocument> XmlDocument::parse(const SamlLibrary& library, std::string_view text, bool strict) {
  // Read as UTF-8, whatever it says: so its bytes were counted.
  constexpr int kOptions = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC;
  if (!is_bounded_xml(text)) return std::nullopt;
  Pointer document(library.read_memory(text.data(), static_cast<int>(text.size()), nullptr, "UTF-8", kOptions),
                   library.free_document);
  if (!document || document->intSubset != nullptr || document->extSubset != nullptr) return std::nullopt;
  if (library.root(document.get()) == nullptr || !is_plain(document->children, strict)) return std::nullopt;
  return XmlDocument(library, std::move(document));
}

XmlElement XmlDocument::root() const { return XmlElement(library_->root(document_.get())); }

}  // namespace deputy::authn
