// SAML 2.0: the metadata document that an account registers, and signed responses as a browser brings them to AWS.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
//
//   TRY(const Xml metadata, saml_metadata(entity_id, keys.saml_certificate));
//   Assertion assertion{.issuer = entity_id, .subject = "alice@example.com", …};
//   assertion.attributes.push_back({kAwsAttributes + "Role", {role_arn + "," + provider_arn}});
//   TRY(const Xml response, saml_response(assertion, SignedPart::kAssertion, keys.saml, keys.saml_certificate));
//   base64(response.text)   // what AssumeRoleWithSAML takes
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "crypto/key_pair.h"
#include "host/files.h"

namespace deputy::identity_provider {

inline constexpr std::string_view kSignIn = "https://signin.aws.amazon.com/saml";
inline constexpr std::string_view kAwsAttributes = "https://aws.amazon.com/SAML/Attributes/";
/// An entity is named by a URL where nothing has to be; this one says so.
inline constexpr std::string_view kEntityId = "https://identity-provider.invalid/saml";

struct Assertion {
  static constexpr std::size_t kMaxBytes = 256 * 1024;  // of a response; AWS takes 100,000 characters of base64

  std::string issuer;  // the entity id of the metadata
  std::string subject, subject_format = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
  std::string audience = std::string(kSignIn), recipient = std::string(kSignIn);
  Time issued;
  std::chrono::seconds life{300};
  std::vector<std::pair<std::string, std::vector<std::string>>> attributes;  // names with their values
};

struct Xml {
  std::string text;
};

enum class SignedPart : std::uint8_t { kAssertion, kResponse };

/// The XML of a samlp:Response with that assertion. Errors are sentences: a text that XML cannot hold, too long.
host::Outcome<Xml> saml_response(const Assertion& assertion, SignedPart part, const crypto::KeyPair& key,
                                 std::string_view certificate);

/// An EntityDescriptor of a provider that signs with that certificate (DER).
host::Outcome<Xml> saml_metadata(std::string_view entity_id, std::string_view certificate);

}  // namespace deputy::identity_provider
