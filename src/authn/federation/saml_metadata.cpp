#include "authn/federation/saml_metadata.h"

#include <algorithm>

#include "authn/federation/saml_xml.h"
#include "base/encoding.h"
#include "base/time_range.h"
#include "crypto/signature.h"

namespace deputy::authn {
namespace {

Error could_not_parse() { return {"InvalidInput", 400, "Could not parse metadata"}; }

std::string without_blanks(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  return text;
}

/// The X509Certificates of one KeyDescriptor; false if one is none, or there are too many.
bool add_certificates(const XmlElement& descriptor, std::vector<std::string>& all) {
  const auto info = descriptor.child(kXmlSignature, "KeyInfo");
  if (!info) return true;
  for (const XmlElement& data : info->children(kXmlSignature, "X509Data")) {
    for (const XmlElement& certificate : data.children(kXmlSignature, "X509Certificate")) {
      auto der = unbase64(without_blanks(certificate.text().value_or("")));
      if (!der) return false;
      if (std::find(all.begin(), all.end(), *der) != all.end()) continue;
      if (all.size() == SamlMetadata::kMaxCertificates || !crypto::PublicKey::of_certificate(*der)) return false;
      all.push_back(*std::move(der));
    }
  }
  return true;
}

}  // namespace

std::optional<Time> parse_saml_time(std::string_view text) {
  if (!text.ends_with('Z')) return std::nullopt;
  const std::size_t dot = text.find('.');
  std::string whole(text.substr(0, std::min(dot, text.size() - 1)));
  if (dot != std::string_view::npos) {
    const std::string_view fraction = text.substr(dot + 1, text.size() - dot - 2);
    if (fraction.empty() || fraction.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  }
  return parse_iso8601(whole + "Z");
}

Result<SamlMetadata> SamlMetadata::parse(std::string_view text) {
  const SamlLibrary* library = SamlLibrary::get();
  if (library == nullptr) return Error("NotImplemented", 501, "This server has no libxmlsec1, which SAML needs.");
  const auto document = XmlDocument::parse(*library, text, false);
  if (!document || !document->root().is(kSamlMetadata, "EntityDescriptor")) return could_not_parse();
  SamlMetadata metadata;
  metadata.entity_id = document->root().attribute("entityID").value_or("");
  if (metadata.entity_id.empty() || metadata.entity_id.size() > 1024) return could_not_parse();
  if (const auto until = document->root().attribute("validUntil")) {
    metadata.valid_until = parse_saml_time(*until);
    if (!metadata.valid_until || !can_be_kept(*metadata.valid_until)) return could_not_parse();
  }
  for (const XmlElement& provider : document->root().children(kSamlMetadata, "IDPSSODescriptor")) {
    for (const XmlElement& key : provider.children(kSamlMetadata, "KeyDescriptor")) {
      const auto use = key.attribute("use");
      const bool signs = !use || *use == "signing";
      if (signs && !add_certificates(key, metadata.certificates)) return could_not_parse();
    }
  }
  if (metadata.certificates.empty()) return could_not_parse();
  return metadata;
}

}  // namespace deputy::authn
