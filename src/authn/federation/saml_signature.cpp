#include "authn/federation/saml_signature.h"

#include <algorithm>
#include <array>
#include <memory>

#include "base/encoding.h"
#include "crypto/signature.h"

namespace deputy::authn {
namespace {

using crypto::SignatureDigest;

constexpr std::size_t kMaxPrefixes = 20;
constexpr std::size_t kMaxValue = 4096;  // characters of base64

constexpr std::string_view kEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
constexpr std::string_view kExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";

struct Method {
  std::string_view name;
  bool rsa;
  SignatureDigest digest;
};
constexpr std::array<Method, 6> kMethods = {
    {{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", true, SignatureDigest::kSha256},
     {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", true, SignatureDigest::kSha384},
     {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", true, SignatureDigest::kSha512},
     {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", false, SignatureDigest::kSha256},
     {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", false, SignatureDigest::kSha384},
     {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", false, SignatureDigest::kSha512}}};
constexpr std::array<std::string_view, 3> kDigests = {"http://www.w3.org/2001/04/xmlenc#sha256",
                                                      "http://www.w3.org/2001/04/xmldsig-more#sha384",
                                                      "http://www.w3.org/2001/04/xmlenc#sha512"};

/// The algorithm that the one child of that name says.
std::optional<std::string> algorithm_of(const XmlElement& parent, std::string_view name) {
  const auto child = parent.child(kXmlSignature, name);
  return child ? child->attribute("Algorithm") : std::nullopt;
}

/// Exclusive canonicalization: which prefixes it takes for used everywhere (its section 4). They are looked for at each
/// element, so they are few.
std::optional<std::vector<std::string>> exclusive_prefixes(const XmlElement& method) {
  if (method.attribute("Algorithm") != kExclusive) return std::nullopt;
  const std::vector<XmlElement> inside = method.children();
  if (inside.empty()) return std::vector<std::string>();
  if (inside.size() > 1 || !inside.front().is(kExclusive, "InclusiveNamespaces")) return std::nullopt;
  std::vector<std::string> prefixes;
  const std::string list = inside.front().attribute("PrefixList").value_or("");
  constexpr const char* kBlank = " \t\r\n";
  for (std::size_t at = list.find_first_not_of(kBlank); at < list.size(); at = list.find_first_not_of(kBlank, at)) {
    const std::size_t end = std::min(list.find_first_of(kBlank, at), list.size());
    if (prefixes.size() == kMaxPrefixes) return std::nullopt;
    prefixes.push_back(list.substr(at, end - at));
    at = end;
  }
  return prefixes;
}

/// A signature in the one form that is taken.
struct Form {
  XmlElement info;                    // SignedInfo
  std::vector<std::string> prefixes;  // of its canonicalization
  const Method* method;
  std::string value;
};

/// Nothing if it is of another form, or refers to another than `id`. What it may hold is named, so that libxmlsec1 finds
/// nothing else to do: no Object, whose manifests could ask for any number of digests.
std::optional<Form> form_of(const XmlElement& signature, const std::string& id) {
  const std::vector<XmlElement> parts = signature.children();
  const bool has_key_info = parts.size() == 3 && parts[2].is(kXmlSignature, "KeyInfo");
  if ((parts.size() != 2 && !has_key_info) || !parts[0].is(kXmlSignature, "SignedInfo")) return std::nullopt;
  const XmlElement& info = parts[0];
  if (info.children().size() != 3) return std::nullopt;
  const auto reference = info.child(kXmlSignature, "Reference");
  if (!reference || reference->children().size() != 3 || reference->attribute("URI") != "#" + id) return std::nullopt;
  const auto transforms = reference->child(kXmlSignature, "Transforms");
  const std::vector<XmlElement> steps = transforms ? transforms->children() : std::vector<XmlElement>();
  if (steps.size() != 2 || steps[0].attribute("Algorithm") != kEnveloped || !steps[0].children().empty() ||
      !exclusive_prefixes(steps[1])) {
    return std::nullopt;
  }
  const auto digest = algorithm_of(*reference, "DigestMethod");
  if (!digest || std::find(kDigests.begin(), kDigests.end(), *digest) == kDigests.end()) return std::nullopt;
  const auto name = algorithm_of(info, "SignatureMethod");
  const auto method = std::find_if(kMethods.begin(), kMethods.end(), [&](const Method& m) { return name == m.name; });
  const auto canonical = info.child(kXmlSignature, "CanonicalizationMethod");
  auto prefixes = canonical ? exclusive_prefixes(*canonical) : std::nullopt;
  auto value = parts[1].is(kXmlSignature, "SignatureValue") ? parts[1].text() : std::nullopt;
  if (method == kMethods.end() || !prefixes || !value || value->size() > kMaxValue) return std::nullopt;
  std::erase_if(*value, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  auto bytes = unbase64(*value);
  if (!bytes) return std::nullopt;
  return Form{info, *std::move(prefixes), &*method, *std::move(bytes)};
}

/// SignedInfo as the bytes that were signed; empty if libxml2 does not make them.
std::string signed_bytes(const SamlLibrary& l, const XmlDocument& document, Form& form) {
  std::vector<xmlChar*> prefixes;
  for (std::string& prefix : form.prefixes) prefixes.push_back(reinterpret_cast<xmlChar*>(prefix.data()));
  prefixes.push_back(nullptr);
  const auto is_inside = [](void* info, xmlNodePtr node, xmlNodePtr parent) -> int {
    if (node == info) return 1;
    while (parent != nullptr && parent != info) parent = parent->parent;
    return parent != nullptr ? 1 : 0;
  };
  const std::unique_ptr<xmlOutputBuffer, decltype(&::xmlOutputBufferClose)> out(l.make_output(nullptr), l.free_output);
  if (!out || l.canonicalize(document.get(), is_inside, form.info.node(), XML_C14N_EXCLUSIVE_1_0, prefixes.data(), 0,
                             out.get()) < 0) {
    return {};
  }
  return {reinterpret_cast<const char*>(l.output_data(out.get())), l.output_size(out.get())};
}

/// The first certificate whose key made the value of a signature; null if none did. This costs a stranger's response
/// nothing but these checks: what he signed himself is never digested.
const std::string* signer_among(std::span<const std::string> certificates, const Form& form, std::string_view bytes) {
  for (const std::string& certificate : certificates) {
    const auto key = crypto::PublicKey::of_certificate(certificate);
    if (key && key->is_rsa() == form.method->rsa && key->verify(form.method->digest, bytes, form.value)) {
      return &certificate;
    }
  }
  return nullptr;
}

/// The bytes that a signature covers, if this certificate's key made it and they have the digest that it says.
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
  context->flags |= XMLSEC_DSIG_FLAGS_STORE_SIGNEDINFO_REFERENCES | XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS;
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
  if (!signature || !id || id->empty() || id->size() > 256) return std::nullopt;
  auto form = form_of(*signature, *id);
  const std::string bytes = form ? signed_bytes(l, document, *form) : std::string();
  const std::string* certificate = bytes.empty() ? nullptr : signer_among(certificates, *form, bytes);
  if (certificate == nullptr) return std::nullopt;
  // Only this element is known by its id: a reference cannot mean another.
  for (xmlAttr* attribute = element.node()->properties; attribute != nullptr; attribute = attribute->next) {
    if (attribute->ns == nullptr && std::string_view(reinterpret_cast<const char*>(attribute->name)) == "ID") {
      l.add_id(nullptr, document.get(), reinterpret_cast<const xmlChar*>(id->c_str()), attribute);
    }
  }
  return verified(l, signature->node(), *certificate);
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
