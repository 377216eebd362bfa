// A company's identity provider as a test has it: a key, the certificate that its metadata shows, and responses signed
// as AWS takes them. What is signed is written in its canonical form to begin with, so that nothing here canonicalizes.
//
//   const SamlProviderUnderTest provider;
//   Assertion what;                                  // good as it is; each member may be another
//   what.issuer = "https://other.example.com/";
//   provider.response(what)                          // base64, as it is sent
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "directory/entities.h"

namespace deputy::authn::test {

/// What an assertion says. Texts are XML.
struct Assertion {
  std::string id = "_a1", version = "2.0", issue_instant = "2026-07-24T10:10:00Z";
  std::string issuer = "https://idp.example.com/";
  std::string name_id = "dana@example.com", format = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
  std::string method = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
  std::string data = R"( NotOnOrAfter="2026-07-24T10:15:00Z" Recipient="https://signin.aws.amazon.com/saml")";
  std::string window = R"( NotBefore="2026-07-24T10:09:00Z" NotOnOrAfter="2026-07-24T10:20:00Z")";
  std::vector<std::vector<std::string>> audiences = {{"urn:amazon:webservices"}};  // a list a restriction
  std::string statement = R"( SessionNotOnOrAfter="2026-07-24T18:00:00Z")";
  std::vector<std::pair<std::string, std::vector<std::string>>> attributes = {
      {"https://aws.amazon.com/SAML/Attributes/Role",
       {"arn:aws:iam::111111111111:role/Sso,arn:aws:iam::111111111111:saml-provider/corp"}},
      {"https://aws.amazon.com/SAML/Attributes/RoleSessionName", {"dana"}}};
  std::string status = "urn:oasis:names:tc:SAML:2.0:status:Success";

  void set(const std::string& name, std::vector<std::string> values) {
    const std::string full = "https://aws.amazon.com/SAML/Attributes/" + name;
    std::erase_if(attributes, [&](const auto& attribute) { return attribute.first == full; });
    if (!values.empty()) attributes.emplace_back(full, std::move(values));
  }

  [[nodiscard]] std::string xml() const {
    std::string out = R"(<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID=")" + id +
                      R"(" IssueInstant=")" + issue_instant + R"(" Version=")" + version + "\">";
    out += "<saml:Issuer>" + issuer + "</saml:Issuer>";
    out += R"(<saml:Subject><saml:NameID Format=")" + format + "\">" + name_id +
           R"(</saml:NameID><saml:SubjectConfirmation Method=")" + method + R"("><saml:SubjectConfirmationData)" +
           data + "></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>";
    out += "<saml:Conditions" + window + ">";
    for (const auto& restriction : audiences) {
      out += "<saml:AudienceRestriction>";
      for (const std::string& audience : restriction) out += "<saml:Audience>" + audience + "</saml:Audience>";
      out += "</saml:AudienceRestriction>";
    }
    out += "</saml:Conditions><saml:AuthnStatement" + statement + "></saml:AuthnStatement>";
    out += "<saml:AttributeStatement>";
    for (const auto& [name, values] : attributes) {
      out += R"(<saml:Attribute Name=")" + name + "\">";
      for (const std::string& value : values) out += "<saml:AttributeValue>" + value + "</saml:AttributeValue>";
      out += "</saml:Attribute>";
    }
    return out + "</saml:AttributeStatement></saml:Assertion>";
  }
};

/// How a signature is made; each member may be another.
struct Signing {
  std::string signature = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
  std::string digest = "http://www.w3.org/2001/04/xmlenc#sha256";
  std::string canonicalization = "http://www.w3.org/2001/10/xml-exc-c14n#";
  std::string first_transform = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
  std::string reference = {};  // empty: the assertion's own id
  std::string inside = {};     // what else the signature holds
};

class SamlProviderUnderTest {
 public:
  SamlProviderUnderTest() : key_(EVP_RSA_gen(2048), EVP_PKEY_free), certificate_(make_certificate()) {}

  [[nodiscard]] const std::string& certificate() const { return certificate_; }  // DER
  [[nodiscard]] directory::SamlProvider entity() const {
    directory::SamlProvider provider;
    provider.account = *AccountId::parse("111111111111");
    provider.name = "corp";
    provider.entity_id = "https://idp.example.com/";
    provider.certificates = {certificate_};
    provider.valid_until = *parse_iso8601("2036-01-01T00:00:00Z");
    return provider;
  }
  [[nodiscard]] std::string metadata() const {
    return R"(<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com/">)"
           R"(<IDPSSODescriptor><KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">)"
           R"(<X509Data><X509Certificate>)" +
           base64(certificate_) +
           "</X509Certificate></X509Data></KeyInfo></KeyDescriptor></IDPSSODescriptor></EntityDescriptor>";
  }

  /// The assertion with its signature behind its issuer, as providers write it.
  [[nodiscard]] std::string signed_assertion(const Assertion& what, const Signing& how = {}) const {
    std::string xml = what.xml();
    const std::string info =
        signed_info(how.reference.empty() ? what.id : how.reference, base64(crypto::sha256(xml).view()), how);
    const std::string end = "</saml:Issuer>";
    return xml.insert(xml.find(end) + end.size(), R"(<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">)" +
                                                      info + "<ds:SignatureValue>" + base64(sign(info)) +
                                                      "</ds:SignatureValue>" + how.inside + "</ds:Signature>");
  }
  static std::string around(const std::string& assertion, const std::string& status) {
    return R"(<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1" Version="2.0"><samlp:Status>)"
           R"(<samlp:StatusCode Value=")" +
           status + R"("></samlp:StatusCode></samlp:Status>)" + assertion + "</samlp:Response>";
  }
  [[nodiscard]] std::string response(const Assertion& what, const Signing& how = {}) const {
    return base64(around(signed_assertion(what, how), what.status));
  }

 private:
  static std::string signed_info(const std::string& id, const std::string& digest, const Signing& how) {
    return R"(<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:CanonicalizationMethod Algorithm=")" +
           how.canonicalization + R"("></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=")" + how.signature +
           R"("></ds:SignatureMethod><ds:Reference URI="#)" + id + R"("><ds:Transforms><ds:Transform Algorithm=")" +
           how.first_transform +
           R"("></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>)"
           R"(</ds:Transforms><ds:DigestMethod Algorithm=")" +
           how.digest + R"("></ds:DigestMethod><ds:DigestValue>)" + digest +
           "</ds:DigestValue></ds:Reference></ds:SignedInfo>";
  }
  [[nodiscard]] std::string sign(std::string_view text) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::string signature(256, '\0');
    std::size_t size = signature.size();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_.get());
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    return signature.substr(0, size);
  }
  [[nodiscard]] std::string make_certificate() const {
    const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
    ASN1_TIME_set_string_X509(X509_getm_notBefore(made.get()), "20200102030405Z");
    ASN1_TIME_set_string_X509(X509_getm_notAfter(made.get()), "20300102030405Z");
    X509_set_pubkey(made.get(), key_.get());
    X509_sign(made.get(), key_.get(), EVP_sha256());
    unsigned char* der = nullptr;
    const int size = i2d_X509(made.get(), &der);
    std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::string certificate_;
};

}  // namespace deputy::authn::test
