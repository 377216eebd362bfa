// The first pass over XML of strangers against libxml2, which reads it afterwards: what the pass lets through has, as
// libxml2 sees it, no more of anything than the pass counts.
#include <libxml/parser.h>
#include <libxml/tree.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "authn/federation/saml_library.h"
#include "authn/federation/xml_bounds.h"

using namespace deputy::authn;

namespace {

struct Counts {
  std::size_t elements = 0, attributes = 0;
};

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void count(const xmlNode* node, std::size_t depth, std::size_t namespaces, Counts& all) {
  for (; node != nullptr; node = node->next) {
    if (node->type == XML_TEXT_NODE || node->type == XML_ENTITY_REF_NODE) continue;
    ++all.elements;
    if (node->type != XML_ELEMENT_NODE) continue;
    std::size_t mine = 0, inside = namespaces;
    for (const xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next) ++mine;
    for (const xmlNs* space = node->nsDef; space != nullptr; space = space->next) ++mine, ++inside;
    all.attributes += mine;
    require(mine <= XmlBounds::kAttributes, "too many attributes");
    require(inside <= XmlBounds::kNamespaces, "too many namespaces");
    require(depth < XmlBounds::kDepth, "too deep");
    count(node->children, depth + 1, inside, all);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const SamlLibrary* library = SamlLibrary::get();
  if (library == nullptr || !is_bounded_xml(text)) return 0;
  constexpr int kOptions = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC;
  xmlDoc* document = library->read_memory(text.data(), static_cast<int>(size), nullptr, "UTF-8", kOptions);
  if (document == nullptr) return 0;
  require(document->intSubset == nullptr, "a document type");
  Counts all;
  count(document->children, 0, 0, all);
  require(all.elements <= XmlBounds::kElements && all.attributes <= XmlBounds::kAttributesInAll, "too many");
  library->free_document(document);
  return 0;
}
