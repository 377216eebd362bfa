// Internal to authn/: the attributes of a SAML assertion that AWS knows.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
#pragma once

#include "authn/federation/saml_assertion.h"
#include "authn/federation/saml_xml.h"

namespace deputy::authn {

/// Adds what they say to `call`: session name, tags, source identity, condition keys. Errors: InvalidIdentityToken;
/// AccessDenied where Role does not name the role and provider of the claim.
Result<void> read_saml_attributes(const XmlElement& assertion, const SamlClaim& claim, directory::FederatedCall& call);

}  // namespace deputy::authn
