#include "protocol/xml_document.h"

#include <algorithm>
#include <bitset>
#include <pugixml.hpp>

#include "base/encoding.h"
#include "protocol/encode_body.h"
#include "protocol/limits.h"
#include "protocol/scalars.h"

namespace deputy::protocol {
namespace {

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

bool is_text(const pugi::xml_node& node) { return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata; }

/// The elements within `node`, each to `f`; false if there is anything else but white space and comments, or `f` says so.
template <class F>
bool each_element(const pugi::xml_node& node, F f) {
  return std::ranges::all_of(node.children(), [&](const pugi::xml_node& child) {
    if (child.type() == pugi::node_element) return f(child);
    return !is_text(child) || is_blank(child.value());
  });
}

bool structure(const Structure& type, const pugi::xml_node& node, void* object);

/// An element's text, as one whatever comments and CDATA sections it is made of; nothing if elements stand within it.
bool read_scalar(const Shape& shape, const pugi::xml_node& node, void* value) {
  std::string text;
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_element) return false;
    if (is_text(child)) text += child.value();
  }
  if (!is_scalar(shape) || !parse_scalar(shape, text, value)) return false;
  // Whether a place is one is told by the region that was asked (services/s3/buckets.cpp).
  return shape.values.empty() || std::ranges::find(shape.values, text) != shape.values.end() ||
         local_name(node.name()) == "LocationConstraint";
}

bool element(const Shape& shape, const pugi::xml_node& node, void* value) {
  return shape.kind == Kind::kStructure ? structure(*shape.structure, node, value) : read_scalar(shape, node, value);
}

bool append(const Shape& list, const pugi::xml_node& node, void* value) {
  return list.list->size(value) < kMostElements && element(*list.element, node, list.list->append(value));
}

/// `again`: one of the name came before.
bool member_of(const Member& member, const pugi::xml_node& node, bool again, void* object) {
  const Shape& shape = *member.shape;
  if (shape.kind == Kind::kList && shape.flattened) {
    void* list = member.edit(object);
    return append(shape, node, list != nullptr ? list : member.make(object));
  }
  if (again) return false;
  void* value = member.make(object);
  if (shape.kind != Kind::kList) return element(shape, node, value);
  return each_element(node, [&](const pugi::xml_node& item) {
    return local_name(item.name()) == shape.element_name && append(shape, item, value);
  });
}

bool structure(const Structure& type, const pugi::xml_node& node, void* object) {
  std::bitset<64> seen;
  const auto index = [&](const auto& found) { return static_cast<std::size_t>(found - type.members.begin()); };
  const bool known = each_element(node, [&](const pugi::xml_node& child) {
    const auto member = std::ranges::find_if(type.members, [&](const Member& m) {
      return m.place == Place::kBody && !m.attribute && m.wire == local_name(child.name());
    });
    if (member == type.members.end() || index(member) >= seen.size()) return false;
    const bool again = seen.test(index(member));
    seen.set(index(member));
    return member_of(*member, child, again, object);
  });
  if (!known) return false;
  for (auto member = type.members.begin(); member != type.members.end(); ++member) {
    if (member->attribute) {  // xsi:type, whatever the prefix
      for (const pugi::xml_attribute& attribute : node.attributes()) {
        const std::string_view name = attribute.name();
        if (name.starts_with("xmlns") || local_name(name) != local_name(member->wire)) continue;
        const std::string_view text = attribute.value();
        const Shape& shape = *member->shape;
        if (!shape.values.empty() && std::ranges::find(shape.values, text) == shape.values.end()) return false;
        if (!parse_scalar(shape, text, member->make(object))) return false;
        seen.set(index(member));
      }
    }
    if (member->required && member->place == Place::kBody && !seen.test(index(member))) return false;
  }
  return true;
}

}  // namespace

std::string write_document(const Structure& type, std::string_view root, const void* object) {
  std::string out;
  XmlWriter xml(out, XmlWriter::Layout::kCompact);
  xml.open(root);
  write_xml(xml, out, type, object, TimeStyle::kMillis);
  xml.close(root);
  return out;
}

bool read_document(const Structure& type, std::string_view root, std::string_view document, void* object) {
  if (!is_utf8(document) || document.find('\0') != std::string_view::npos) return false;
  // One element and nothing else: no second root, no text, no DTD. pugixml passes over what stands behind the root
  // unless told that this may be a fragment.
  constexpr unsigned kEverything =
      pugi::parse_default | pugi::parse_doctype | pugi::parse_fragment | pugi::parse_ws_pcdata_single;
  pugi::xml_document parsed;
  if (!parsed.load_buffer(document.data(), document.size(), kEverything, pugi::encoding_utf8)) return false;
  const pugi::xml_node top = parsed.first_child();
  return local_name(top.name()) == root && !top.next_sibling() && structure(type, top, object);
}

}  // namespace deputy::protocol
