// Internal to authn/: a first pass over XML from outside, of our own and in linear time, before libxml2 sees it. Some of
// what libxml2, libxmlsec1 and canonicalization do costs the square of what is counted here: each attribute of an
// element is compared with all before, each prefix is looked for among all that are declared around it.
//
// It is no parser: what it lets pass may still be no XML. It is strict where a parser could read other markup than was
// counted here: quotes, what an attribute is, where a comment ends. It counts bytes of UTF-8, so whoever reads the text
// afterwards must read it as that, whatever it declares (XmlDocument::parse).
#pragma once

#include <cstddef>
#include <string_view>

namespace deputy::authn {

struct XmlBounds {
  static constexpr std::size_t kBytes = 1024 * 1024;
  static constexpr std::size_t kElements = 10'000;  // comments, instructions and CDATA sections among them
  static constexpr std::size_t kDepth = 64;         // of elements in each other
  static constexpr std::size_t kAttributes = 100;   // of one element, declarations of namespaces among them
  static constexpr std::size_t kAttributesInAll = 20'000;
  static constexpr std::size_t kNamespaces = 100;  // declared by an element and those around it
};

/// Whether `text` is within the bounds and has no document type; false also where its markup is not well-formed.
bool is_bounded_xml(std::string_view text);

}  // namespace deputy::authn
