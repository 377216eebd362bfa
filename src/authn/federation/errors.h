// Internal to authn/: why a token of an identity provider is refused, in AWS's words (docs/wire.md, 6.3). Nothing of a
// token is repeated but its issuer, which the caller chose.
#pragma once

#include <cstdint>
#include <string_view>

#include "authn/federation/issuer_keys.h"
#include "base/error.h"

namespace deputy::authn::errors {

Error not_a_jwt();
/// The signature, an algorithm, a claim of a wrong kind or from the future: AWS does not say which.
Error invalid_web_identity();
Error missing_claim(std::string_view claim);
Error no_provider_for(std::string_view issuer);
Error wrong_audience();
Error ambiguous_audience();
Error expired_web_identity(std::int64_t now, std::int64_t expires);
Error no_keys(KeyFault fault);

// Of SAML:

/// No response, or one that is malformed, ambiguous, or for somebody else.
Error invalid_assertion();
Error wrong_saml_signature();
Error wrong_saml_audience();
Error unknown_saml_issuer();
Error no_saml_provider();
Error expired_assertion();
Error saml_role_not_named();
Error saml_session_name_missing();
Error saml_session_name_wrong();
Error saml_source_identity_wrong();

}  // namespace deputy::authn::errors
