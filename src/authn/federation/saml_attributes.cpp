#include "authn/federation/saml_attributes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "authn/federation/claims.h"
#include "authn/federation/errors.h"
#include "base/encoding.h"

namespace deputy::authn {
namespace {

using directory::FederatedCall;
using Attributes = std::map<std::string, std::vector<std::string>, std::less<>>;

constexpr std::string_view kPrefix = "https://aws.amazon.com/SAML/Attributes/";
constexpr std::string_view kTag = "PrincipalTag:";
constexpr std::size_t kMaxAttributes = 500, kMaxTags = 50;

/// Attributes of directories that are condition keys, by the names that providers give them. [K-13]
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml
constexpr std::array<std::pair<std::string_view, std::string_view>, 26> kDirectoryAttributes = {{
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.1", "saml:edupersonaffiliation"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.2", "saml:edupersonnickname"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.3", "saml:edupersonorgdn"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.4", "saml:edupersonorgunitdn"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.5", "saml:edupersonprimaryaffiliation"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "saml:edupersonprincipalname"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.7", "saml:edupersonentitlement"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.8", "saml:edupersonprimaryorgunitdn"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.9", "saml:edupersonscopedaffiliation"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.10", "saml:edupersontargetedid"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.11", "saml:edupersonassurance"},
    {"urn:oid:1.3.6.1.4.1.5923.1.2.1.2", "saml:eduorghomepageuri"},
    {"urn:oid:1.3.6.1.4.1.5923.1.2.1.3", "saml:eduorgidentityauthnpolicyuri"},
    {"urn:oid:1.3.6.1.4.1.5923.1.2.1.4", "saml:eduorglegalname"},
    {"urn:oid:1.3.6.1.4.1.5923.1.2.1.5", "saml:eduorgsuperioruri"},
    {"urn:oid:1.3.6.1.4.1.5923.1.2.1.6", "saml:eduorgwhitepagesuri"},
    {"urn:oid:2.5.4.3", "saml:cn"},
    {"urn:oid:2.5.4.4", "saml:surname"},
    {"urn:oid:2.5.4.41", "saml:name"},
    {"urn:oid:2.5.4.42", "saml:givenName"},
    {"urn:oid:2.5.4.45", "saml:x500UniqueIdentifier"},
    {"urn:oid:0.9.2342.19200300.100.1.1", "saml:uid"},
    {"urn:oid:0.9.2342.19200300.100.1.3", "saml:mail"},
    {"urn:oid:0.9.2342.19200300.100.1.45", "saml:organizationStatus"},
    {"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "saml:mail"},
    {"http://schemas.xmlsoap.org/claims/CommonName", "saml:commonName"},
}};

/// All attributes by name; values of the same name one behind the other. Nothing if one is not of the form.
std::optional<Attributes> all_attributes(const XmlElement& assertion) {
  Attributes all;
  std::size_t count = 0;
  for (const XmlElement& statement : assertion.children(kSamlAssertion, "AttributeStatement")) {
    for (const XmlElement& attribute : statement.children(kSamlAssertion, "Attribute")) {
      const auto name = attribute.attribute("Name");
      if (!name || ++count > kMaxAttributes) return std::nullopt;
      for (const XmlElement& value : attribute.children(kSamlAssertion, "AttributeValue")) {
        auto text = value.text();
        if (!text) return std::nullopt;
        all[*name].push_back(*std::move(text));
      }
    }
  }
  return all;
}

const std::vector<std::string>* find(const Attributes& all, std::string_view name) {
  const auto at = all.find(std::string(kPrefix).append(name));
  return at == all.end() ? nullptr : &at->second;
}

/// "role-arn,provider-arn" or the other way round, blanks around them left out.
bool names_both(std::string_view value, const SamlClaim& claim) {
  const std::size_t comma = value.find(',');
  if (comma == std::string_view::npos) return false;
  const auto trimmed = [](std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t first = std::min(text.find_first_not_of(kBlank), text.size());
    const std::size_t last = text.find_last_not_of(kBlank);
    return first == text.size() ? std::string_view() : text.substr(first, last - first + 1);
  };
  const std::string_view one = trimmed(value.substr(0, comma)), two = trimmed(value.substr(comma + 1));
  return (one == claim.role_arn && two == claim.provider_arn) || (two == claim.role_arn && one == claim.provider_arn);
}

Result<void> check_role(const Attributes& all, const SamlClaim& claim) {
  const auto* roles = find(all, "Role");
  const bool named = roles != nullptr && std::any_of(roles->begin(), roles->end(), [&](const std::string& value) {
                       return names_both(value, claim);
                     });
  if (!named) return errors::saml_role_not_named();
  return {};
}

Result<void> check_session_duration(const Attributes& all) {
  const auto* values = find(all, "SessionDuration");
  if (values == nullptr) return {};
  std::int32_t seconds = 0;
  const std::string& text = values->front();
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool number = values->size() == 1 && fault == std::errc() && end == text.data() + text.size();
  if (!number || seconds < 900 || seconds > 43200) return errors::invalid_assertion();
  return {};
}

Result<void> read_tags(const Attributes& all, FederatedCall& call) {
  const std::string prefix = std::string(kPrefix).append(kTag);
  for (auto at = all.lower_bound(prefix); at != all.end() && at->first.starts_with(prefix); ++at) {
    const std::string key = at->first.substr(prefix.size());
    const bool good = at->second.size() == 1 && !key.empty() && utf8_length(key) <= 128 &&
                      utf8_length(at->second.front()) <= 256 && call.tags.size() < kMaxTags;
    if (!good) return errors::invalid_assertion();
    call.tags.push_back({key, at->second.front()});
  }
  if (const auto* keys = find(all, "TransitiveTagKeys")) call.transitive_tag_keys = *keys;
  return {};
}

}  // namespace

Result<void> read_saml_attributes(const XmlElement& assertion, const SamlClaim& claim, FederatedCall& call) {
  const auto all = all_attributes(assertion);
  if (!all) return errors::invalid_assertion();
  TRY_VOID(check_role(*all, claim));
  const auto* names = find(*all, "RoleSessionName");
  if (names == nullptr || names->size() != 1) return errors::saml_session_name_missing();
  call.session_name = names->front();
  if (!is_source_identity(call.session_name)) return errors::saml_session_name_wrong();
  TRY_VOID(check_session_duration(*all));
  if (const auto* identity = find(*all, "SourceIdentity")) {
    if (identity->size() != 1 || !is_source_identity(identity->front())) return errors::saml_source_identity_wrong();
    call.source_identity = identity->front();
  }
  TRY_VOID(read_tags(*all, call));
  for (const auto& [name, key] : kDirectoryAttributes) {
    const auto at = all->find(name);
    if (at != all->end() && !at->second.empty()) call.keys.push_back({std::string(key), at->second});
  }
  return {};
}

}  // namespace deputy::authn
