#include "identity_provider/saml.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "identity_provider/xml.h"

namespace deputy::identity_provider {
namespace {

constexpr std::size_t kLongestEntityId = 1024;
constexpr std::string_view kSignature = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::string_view kSaml = "urn:oasis:names:tc:SAML:2.0:assertion";
constexpr std::string_view kProtocol = "urn:oasis:names:tc:SAML:2.0:protocol";
constexpr std::string_view kMetadata = "urn:oasis:names:tc:SAML:2.0:metadata";
constexpr std::string_view kExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// An element in two parts: its signature goes between them, behind the issuer.
struct Element {
  std::string id, before, after;
  [[nodiscard]] std::string whole(std::string_view signature = "") const {
    return std::string(before).append(signature).append(after);
  }
};

std::string make_id() { return "_" + hex(crypto::system_entropy().bytes(20)); }  // a name in XML begins with no digit

std::string key_info(std::string_view certificate) {
  return fmt::format("<ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>",
                     base64(certificate));
}

/// Enveloped, exclusive canonicalization, SHA-256, RSA. What stands in `element` is canonical without the signature, which
/// is what the enveloped-signature transform makes of it.
std::string signature_of(const Element& element, const crypto::KeyPair& key, std::string_view certificate) {
  const std::string inside = fmt::format(
      R"(<ds:CanonicalizationMethod Algorithm="{0}"></ds:CanonicalizationMethod>)"
      R"(<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod>)"
      R"(<ds:Reference URI="#{1}"><ds:Transforms><ds:Transform Algorithm="{2}enveloped-signature"></ds:Transform>)"
      R"(<ds:Transform Algorithm="{0}"></ds:Transform></ds:Transforms>)"
      R"(<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>)"
      R"(<ds:DigestValue>{3}</ds:DigestValue></ds:Reference></ds:SignedInfo>)",
      kExclusive, element.id, kSignature, base64(crypto::sha256(element.whole()).view()));
  // Canonical by itself, SignedInfo declares the namespace; where it stands, the element around it does.
  const std::string alone = fmt::format(R"(<ds:SignedInfo xmlns:ds="{}">{})", kSignature, inside);
  return fmt::format(
      R"(<ds:Signature xmlns:ds="{}"><ds:SignedInfo>{}<ds:SignatureValue>{}</ds:SignatureValue><ds:KeyInfo>{})"
      "</ds:Signature>",
      kSignature, inside, base64(key.sign(crypto::SignatureAlgorithm::kRs256, alone)), key_info(certificate));
}

std::string attributes_of(const Assertion& assertion) {
  std::string out;
  for (const auto& [name, values] : assertion.attributes) {
    out += fmt::format(R"(<saml:Attribute Name="{}">)", escaped_attribute(name));
    for (const std::string& value : values) {
      out += fmt::format("<saml:AttributeValue>{}</saml:AttributeValue>", escaped_text(value));
    }
    out += "</saml:Attribute>";
  }
  return out.empty() ? out : "<saml:AttributeStatement>" + out + "</saml:AttributeStatement>";
}

Element assertion_of(const Assertion& assertion) {
  const std::string issued = iso8601(assertion.issued), until = iso8601(assertion.issued + assertion.life);
  Element element{.id = make_id(), .before = {}, .after = {}};
  element.before = fmt::format(
      R"(<saml:Assertion xmlns:saml="{}" ID="{}" IssueInstant="{}" Version="2.0"><saml:Issuer>{}</saml:Issuer>)", kSaml,
      element.id, issued, escaped_text(assertion.issuer));
  element.after =
      fmt::format(R"(<saml:Subject><saml:NameID Format="{}">{}</saml:NameID>)"
                  R"(<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">)"
                  R"(<saml:SubjectConfirmationData NotOnOrAfter="{}" Recipient="{}"></saml:SubjectConfirmationData>)"
                  "</saml:SubjectConfirmation></saml:Subject>",
                  escaped_attribute(assertion.subject_format), escaped_text(assertion.subject), until,
                  escaped_attribute(assertion.recipient));
  element.after += fmt::format(
      R"(<saml:Conditions NotBefore="{}" NotOnOrAfter="{}"><saml:AudienceRestriction><saml:Audience>{}</saml:Audience>)"
      "</saml:AudienceRestriction></saml:Conditions>",
      issued, until, escaped_text(assertion.audience));
  element.after += fmt::format(
      R"(<saml:AuthnStatement AuthnInstant="{}" SessionIndex="{}"><saml:AuthnContext><saml:AuthnContextClassRef>)"
      "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef></saml:AuthnContext>"
      "</saml:AuthnStatement>",
      issued, element.id);
  element.after += attributes_of(assertion) + "</saml:Assertion>";
  return element;
}

Element response_around(std::string_view inside, const Assertion& assertion) {
  Element element{.id = make_id(), .before = {}, .after = {}};
  element.before =
      fmt::format(R"(<samlp:Response xmlns:samlp="{}" Destination="{}" ID="{}" IssueInstant="{}" Version="2.0">)"
                  R"(<saml:Issuer xmlns:saml="{}">{}</saml:Issuer>)",
                  kProtocol, escaped_attribute(assertion.recipient), element.id, iso8601(assertion.issued), kSaml,
                  escaped_text(assertion.issuer));
  element.after = fmt::format(
      R"(<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode>)"
      "</samlp:Status>{}</samlp:Response>",
      inside);
  return element;
}

host::Outcome<void> check(std::string_view what, std::string_view text) {
  if (can_stand_in_xml(text)) return {};
  return Failure(fmt::format("The {} has a character that XML cannot hold", what));
}

host::Outcome<void> check(const Assertion& assertion) {
  TRY_VOID(check("issuer", assertion.issuer));
  TRY_VOID(check("subject", assertion.subject));
  TRY_VOID(check("format of the subject", assertion.subject_format));
  TRY_VOID(check("audience", assertion.audience));
  TRY_VOID(check("recipient", assertion.recipient));
  for (const auto& [name, values] : assertion.attributes) {
    TRY_VOID(check("name of an attribute", name));
    for (const std::string& value : values) {
      TRY_VOID(check("value of an attribute", value));
    }
  }
  return {};
}

}  // namespace

host::Outcome<Xml> saml_response(const Assertion& assertion, SignedPart part, const crypto::KeyPair& key,
                                 std::string_view certificate) {
  TRY_VOID(check(assertion));
  const Element element = assertion_of(assertion);
  const bool inner = part == SignedPart::kAssertion;
  const Element around =
      response_around(element.whole(inner ? signature_of(element, key, certificate) : ""), assertion);
  std::string xml = around.whole(inner ? "" : signature_of(around, key, certificate));
  if (xml.size() > Assertion::kMaxBytes) {
    return Failure(fmt::format("The response has {} bytes: {} are the most", xml.size(), Assertion::kMaxBytes));
  }
  return Xml{std::move(xml)};
}

host::Outcome<Xml> saml_metadata(std::string_view entity_id, std::string_view certificate) {
  TRY_VOID(check("entity id", entity_id));
  if (entity_id.empty() || entity_id.size() > kLongestEntityId) {
    return Failure(fmt::format("An entity id has 1 to {} bytes", kLongestEntityId));
  }
  return Xml{fmt::format(
      R"(<?xml version="1.0" encoding="UTF-8"?>)"
      "\n"
      R"(<md:EntityDescriptor xmlns:md="{}" xmlns:ds="{}" entityID="{}">)"
      R"(<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="{}">)"
      R"(<md:KeyDescriptor use="signing"><ds:KeyInfo>{}</md:KeyDescriptor>)"
      "<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>"
      R"(<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" )"
      R"(Location="https://identity-provider.invalid/saml/sign-in"/></md:IDPSSODescriptor></md:EntityDescriptor>)"
      "\n",
      kMetadata, kSignature, escaped_attribute(entity_id), kProtocol, key_info(certificate))};
}

}  // namespace deputy::identity_provider
