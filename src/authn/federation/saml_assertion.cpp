#include "authn/federation/saml_assertion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "authn/federation/claims.h"
#include "authn/federation/errors.h"
#include "authn/federation/saml_attributes.h"
#include "authn/federation/saml_metadata.h"
#include "authn/federation/saml_signature.h"
#include "authn/signature/sigv4.h"
#include "base/encoding.h"
#include "crypto/digest.h"

namespace deputy::authn {
namespace {

using directory::FederatedCall;
using directory::SamlProvider;

using namespace std::chrono_literals;

constexpr std::string_view kSignIn = "https://signin.aws.amazon.com/saml";
constexpr std::string_view kAudienceUrn = "urn:amazon:webservices";
constexpr std::string_view kBearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
constexpr std::string_view kSuccess = "urn:oasis:names:tc:SAML:2.0:status:Success";
constexpr std::string_view kNameIdFormat = "urn:oasis:names:tc:SAML:2.0:nameid-format:";
constexpr auto kRedeemWithin = 5min;  // of its issuance
constexpr auto kLeeway = 5min;        // for a provider whose clock is ahead

/// AWS's own addresses for assertions, the global one and that of each region.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
bool is_sign_in(std::string_view address) {
  constexpr std::string_view kScheme = "https://", kHost = ".signin.aws.amazon.com/saml";
  if (address == kSignIn) return true;
  if (!address.starts_with(kScheme) || !address.ends_with(kHost)) return false;
  if (address.size() <= kScheme.size() + kHost.size()) return false;
  return is_region(address.substr(kScheme.size(), address.size() - kScheme.size() - kHost.size()));  // without dots
}

/// The assertion in what was signed: that itself, or the only one of a signed response.
std::optional<XmlElement> assertion_in(const XmlElement& part) {
  if (part.is(kSamlAssertion, "Assertion")) return part;
  if (!part.is(kSamlProtocol, "Response")) return std::nullopt;
  return part.child(kSamlAssertion, "Assertion");
}

bool succeeded(const XmlElement& response) {
  const auto status = response.child(kSamlProtocol, "Status");
  const auto code = status ? status->child(kSamlProtocol, "StatusCode") : std::nullopt;
  return code && code->attribute("Value") == kSuccess;
}

std::optional<Time> time_of(const XmlElement& element, std::string_view attribute) {
  const auto text = element.attribute(attribute);
  return text ? parse_saml_time(*text) : std::nullopt;
}

/// An attribute that is there must be a time.
bool is_absent_or_time(const XmlElement& element, std::string_view attribute) {
  return !element.attribute(attribute) || time_of(element, attribute);
}

Result<void> check_window(const XmlElement& element, Time now) {
  if (!is_absent_or_time(element, "NotBefore") || !is_absent_or_time(element, "NotOnOrAfter")) {
    return errors::invalid_assertion();
  }
  if (const auto end = time_of(element, "NotOnOrAfter"); end && now >= *end) return errors::expired_assertion();
  if (const auto start = time_of(element, "NotBefore"); start && *start > now + kLeeway) {
    return errors::invalid_assertion();
  }
  return {};
}

Result<void> check_conditions(const XmlElement& assertion, Time now) {
  const auto issued = time_of(assertion, "IssueInstant");
  if (!issued) return errors::invalid_assertion();
  if (now > *issued + kRedeemWithin) return errors::expired_assertion();
  if (*issued > now + kLeeway) return errors::invalid_assertion();
  const auto conditions = assertion.child(kSamlAssertion, "Conditions");
  if (!conditions) return errors::wrong_saml_audience();
  TRY_VOID(check_window(*conditions, now));
  const auto restrictions = conditions->children(kSamlAssertion, "AudienceRestriction");
  if (restrictions.empty()) return errors::wrong_saml_audience();
  for (const XmlElement& restriction : restrictions) {  // each must be met
    const auto audiences = restriction.children(kSamlAssertion, "Audience");
    const bool ours = std::any_of(audiences.begin(), audiences.end(), [](const XmlElement& audience) {
      const auto text = audience.text();
      return text && (is_sign_in(*text) || text == kAudienceUrn);
    });
    if (!ours) return errors::wrong_saml_audience();
  }
  return {};
}

/// Whoever bears the assertion may use it, at AWS's endpoint and until some time: one such confirmation is enough.
/// The endpoint that it names.
Result<std::string> check_confirmation(const XmlElement& subject, Time now) {
  Error why = errors::invalid_assertion();
  for (const XmlElement& confirmation : subject.children(kSamlAssertion, "SubjectConfirmation")) {
    if (confirmation.attribute("Method") != kBearer) continue;
    const auto data = confirmation.child(kSamlAssertion, "SubjectConfirmationData");
    auto recipient = data ? data->attribute("Recipient") : std::nullopt;
    if (!recipient || !is_sign_in(*recipient) || !data->attribute("NotOnOrAfter")) continue;
    auto good = check_window(*data, now);
    if (good) return *std::move(recipient);
    why = std::move(good).error();
  }
  return why;
}

struct NameId {
  std::string text, type;
};

std::optional<NameId> name_id(const XmlElement& subject) {
  const auto element = subject.child(kSamlAssertion, "NameID");
  auto text = element ? element->text() : std::nullopt;
  if (!text || text->empty() || text->size() > 255) return std::nullopt;
  std::string type = element->attribute("Format").value_or("");
  if (std::string_view(type).starts_with(kNameIdFormat)) type.erase(0, kNameIdFormat.size());
  return NameId{*std::move(text), std::move(type)};
}

/// docs/wire.md, 6.1
std::string name_qualifier(const std::string& issuer, const SamlProvider& provider) {
  return base64(crypto::sha1({issuer, provider.account.view(), "/", provider.name}));
}

directory::NamedKeys keys_of(const FederatedCall& call, const SamlProvider& provider) {
  directory::NamedKeys keys;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) keys.push_back({name, {value}});
  };
  add("saml:aud", call.audience);
  add("saml:iss", call.issuer);
  add("saml:sub", call.subject);
  add("saml:sub_type", call.subject_type);
  add("saml:namequalifier", call.name_qualifier);
  add("saml:doc", provider.account.str() + "/" + provider.name);
  return keys;
}

/// The latest time at which the response could be used: until then its id is remembered.
Time last_use(const XmlElement& assertion) { return *time_of(assertion, "IssueInstant") + kRedeemWithin + 1s; }

Result<FederatedCall> read(const XmlElement& assertion, const SamlProvider& provider, const SamlClaim& claim,
                           Time now) {
  FederatedCall call{.provider = provider.arn(), .subject = {}, .keys = {}};
  call.assertion_id = assertion.attribute("ID").value_or("");
  if (assertion.attribute("Version") != "2.0" || call.assertion_id.empty()) return errors::invalid_assertion();
  const auto issuer = assertion.child(kSamlAssertion, "Issuer");
  call.issuer = issuer ? issuer->text().value_or("") : "";
  if (call.issuer != provider.entity_id) return errors::unknown_saml_issuer();
  TRY_VOID(check_conditions(assertion, now));
  const auto subject = assertion.child(kSamlAssertion, "Subject");
  auto name = subject ? name_id(*subject) : std::nullopt;
  if (!name) return errors::invalid_assertion();
  TRY(call.audience, check_confirmation(*subject, now));

  call.subject = std::move(name->text);
  call.subject_type = std::move(name->type);
  call.name_qualifier = name_qualifier(call.issuer, provider);
  call.usable_until = last_use(assertion);
  for (const XmlElement& statement : assertion.children(kSamlAssertion, "AuthnStatement")) {
    if (!is_absent_or_time(statement, "SessionNotOnOrAfter")) return errors::invalid_assertion();
    if (const auto end = time_of(statement, "SessionNotOnOrAfter")) call.session_until = *end;
  }
  call.keys = keys_of(call, provider);
  TRY_VOID(read_saml_attributes(assertion, claim, call));
  if (!can_be_shown(call.keys)) return errors::invalid_assertion();
  return call;
}

}  // namespace

Result<directory::Caller> believe_saml(std::string_view text, const SamlProvider* provider, const SamlClaim& claim,
                                       Time now) {
  if (provider == nullptr) return errors::no_saml_provider();
  const SamlLibrary* library = SamlLibrary::get();
  if (library == nullptr) return Error("NotImplemented", 501, "This server has no libxmlsec1, which SAML needs.");
  std::string packed(text);
  std::erase_if(packed, [](char c) { return c == '\r' || c == '\n' || c == ' ' || c == '\t'; });
  const auto xml = unbase64(packed);
  const auto response = xml ? XmlDocument::parse(*library, *xml) : std::nullopt;
  if (!response || !response->root().is(kSamlProtocol, "Response")) return errors::invalid_assertion();
  if (now >= provider->valid_until) return errors::wrong_saml_signature();
  const auto part = signed_part(*library, *response, provider->certificates);
  if (!part) return errors::wrong_saml_signature();

  const auto believed = XmlDocument::parse(*library, *part);
  const auto assertion = believed ? assertion_in(believed->root()) : std::nullopt;
  if (!assertion || !succeeded(response->root())) return errors::invalid_assertion();
  TRY(FederatedCall call, read(*assertion, *provider, claim, now));

  directory::Caller caller;
  caller.kind = directory::Caller::Kind::kSaml;
  caller.user_id = call.name_qualifier + ":" + call.subject;
  caller.federated = std::make_shared<const FederatedCall>(std::move(call));
  return caller;
}

}  // namespace deputy::authn
