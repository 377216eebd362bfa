// Internal to authn/: XML from outside as SAML needs it: elements by name, texts that are nothing but text. Read so
// that nothing is fetched, expanded or passed over: a document type, an entity, a comment or a processing instruction
// anywhere, and the document is refused. (So no reader of it can see another NameID than we do.)
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authn/federation/saml_library.h"

namespace deputy::authn {

inline constexpr std::string_view kSamlAssertion = "urn:oasis:names:tc:SAML:2.0:assertion";
inline constexpr std::string_view kSamlProtocol = "urn:oasis:names:tc:SAML:2.0:protocol";
inline constexpr std::string_view kSamlMetadata = "urn:oasis:names:tc:SAML:2.0:metadata";
inline constexpr std::string_view kXmlSignature = "http://www.w3.org/2000/09/xmldsig#";

/// An element of a document, which outlives it.
class XmlElement {
 public:
  explicit XmlElement(xmlNode* node) : node_(node) {}

  [[nodiscard]] bool is(std::string_view space, std::string_view name) const;
  [[nodiscard]] std::vector<XmlElement> children() const;
  [[nodiscard]] std::vector<XmlElement> children(std::string_view space, std::string_view name) const;
  /// The only child of that name; nothing if there is none, or more than one.
  [[nodiscard]] std::optional<XmlElement> child(std::string_view space, std::string_view name) const;
  /// All that is inside, white space at both ends left out; nothing if there are elements among it.
  [[nodiscard]] std::optional<std::string> text() const;
  /// Without a namespace; nothing if it is absent.
  [[nodiscard]] std::optional<std::string> attribute(std::string_view name) const;
  [[nodiscard]] xmlNode* node() const { return node_; }

 private:
  xmlNode* node_;
};

class XmlDocument {
 public:
  /// UTF-8 within the bounds of authn/federation/xml_bounds.h. Comments and instructions are let pass where `strict` is false: in metadata, which an account's owner gave.
  static std::optional<XmlDocument> parse(const SamlLibrary& library, std::string_view text, bool strict = true);
  [[nodiscard]] XmlElement root() const;
  [[nodiscard]] xmlDoc* get() const { return document_.get(); }

 private:
  using Pointer = std::unique_ptr<xmlDoc, decltype(&::xmlFreeDoc)>;
  XmlDocument(const SamlLibrary& library, Pointer document) : library_(&library), document_(std::move(document)) {}

  const SamlLibrary* library_;
  Pointer document_;
};

}  // namespace deputy::authn
