#include "authn/saml_signature.h"

#include <algorithm>
#include <array>
#include <memory>

namespace deputy::authn {
namespace {

constexpr std::string_view kEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
constexpr std::string_view kExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
constexpr std::array<std::string_view, 6> kSignatures = {
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",   "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",   "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512"};
constexpr std::array<std::string_view, 3> kDigests = {"http://www.w3.org/2001/04/xmlenc#sha256",
                                                      "http://www.w3.org/2001/04/xmldsig-more#sha384",
                                                      "http://www.w3.org/2001/04/xmlenc#sha512"};

/// Whether `parent` has one child of that name, with one of these algorithms.
template <class Names>
bool has_algorithm(const XmlElement& parent, std::string_view name, const Names& allowed) {
  const auto child = parent.child(kXmlSignature, name);
  const auto algorithm = child ? child->attribute("Algorithm") : std::nullopt;
  return algorithm && std::find(std::begin(allowed), std::end(allowed), *algorithm) != std::end(allowed);
}

/// The one form of SignedInfo that is taken, with a reference to `id`.
bool is_of_our_form(const XmlElement& signature, const std::string& id) {
  const auto info = signature.child(kXmlSignature, "SignedInfo");
  if (!info || info->children().size() != 3) return false;
  const auto reference = info->child(kXmlSignature, "Reference");
  if (!reference || reference->children().size() != 3 || reference->attribute("URI") != "#" + id) return false;
  const auto transforms = reference->child(kXmlSignature, "Transforms");
  const std::vector<XmlElement> steps = transforms ? transforms->children() : std::vector<XmlElement>();
  if (steps.size() != 2 || steps[0].attribute("Algorithm") != kEnveloped ||
      steps[1].attribute("Algorithm") != kExclusive) {
    return false;
  }
  constexpr std::array<std::string_view, 1> kCanonical = {kExclusive};
  return has_algorithm(*info, "CanonicalizationMethod", kCanonical) &&
         has_algorithm(*info, "SignatureMethod", kSignatures) && has_algorithm(*reference, "DigestMethod", kDigests);
}

/// The bytes that a signature covers, if one certificate's key made it.
std::optional<std::string> verified(const SamlLibrary& l, xmlNode* signature, const std::string& certificate) {
  const std::unique_ptr<xmlSecDSigCtx, decltype(&::xmlSecDSigCtxDestroy)> context(l.make_verifier(nullptr),
                                                                                  l.free_verifier);
  if (!context) return std::nullopt;
  // The key is given, so that what KeyInfo says is never looked at. The context frees it.
  context->signKey =
      l.load_key(reinterpret_cast<const xmlSecByte*>(certificate.data()), static_cast<xmlSecSize>(certificate.size()),
                 xmlSecKeyDataFormatCertDer, nullptr, nullptr, nullptr);
  if (context->signKey == nullptr) return std::nullopt;
  context->enabledReferenceUris = xmlSecTransformUriTypeSameDocument;
  context->flags |= XMLSEC_DSIG_FLAGS_STORE_SIGNEDINFO_REFERENCES;
  if (l.verify(context.get(), signature) < 0 || context->status != xmlSecDSigStatusSucceeded) return std::nullopt;
  if (l.list_size(&context->signedInfoReferences) != 1) return std::nullopt;
  auto* reference = static_cast<xmlSecDSigReferenceCtxPtr>(l.list_item(&context->signedInfoReferences, 0));
  xmlSecBufferPtr digested = reference != nullptr ? l.digested(reference) : nullptr;
  if (digested == nullptr || reference->status != xmlSecDSigStatusSucceeded) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(l.buffer_data(digested)), l.buffer_size(digested));
}

/// The element itself is signed, by a signature that is its child.
std::optional<std::string> signed_by_itself(const SamlLibrary& l, const XmlDocument& document,
                                            const XmlElement& element, std::span<const std::string> certificates) {
  const auto signature = element.child(kXmlSignature, "Signature");
  const auto id = element.attribute("ID");
  if (!signature || !id || id->empty() || id->size() > 256 || !is_of_our_form(*signature, *id)) return std::nullopt;
  // Only this element is known by its id: a reference cannot mean another.
  for (xmlAttr* attribute = element.node()->properties; attribute != nullptr; attribute = attribute->next) {
    if (attribute->ns == nullptr && std::string_view(reinterpret_cast<const char*>(attribute->name)) == "ID") {
      l.add_id(nullptr, document.get(), reinterpret_cast<const xmlChar*>(id->c_str()), attribute);
    }
  }
  for (const std::string& certificate : certificates) {
    if (auto part = verified(l, signature->node(), certificate)) return part;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> signed_part(const SamlLibrary& library, const XmlDocument& response,
                                       std::span<const std::string> certificates) {
  const XmlElement root = response.root();
  if (!root.children(kXmlSignature, "Signature").empty()) {
    return signed_by_itself(library, response, root, certificates);
  }
  const auto assertion = root.child(kSamlAssertion, "Assertion");
  if (!assertion) return std::nullopt;
  return signed_by_itself(library, response, *assertion, certificates);
}

}  // namespace deputy::authn
