#include "authn/federation/errors.h"

#include <fmt/format.h>

namespace deputy::authn::errors {
namespace {

Error invalid(std::string message) { return {"InvalidIdentityToken", 400, std::move(message)}; }

}  // namespace

Error not_a_jwt() {
  return invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
}
Error invalid_web_identity() {
  return invalid(
      "The web identity token provided could not be validated. See the AssumeRoleWithWebIdentity documentation for "
      "requirements.");
}
Error missing_claim(std::string_view claim) { return invalid(fmt::format("Missing a required claim: {}.", claim)); }
Error no_provider_for(std::string_view issuer) {
  return invalid(fmt::format("No OpenIDConnect provider found in your account for {}", issuer));
}
Error wrong_audience() { return invalid("Incorrect token audience"); }
Error ambiguous_audience() {
  return invalid("Token audience contains more than one audience while authorized party is not present");
}
Error expired_web_identity(std::int64_t now, std::int64_t expires) {
  return {"ExpiredTokenException", 400,
          fmt::format("Token expired: current date/time {} must be before the expiration date/time {}", now, expires)};
}

Error no_keys(KeyFault fault) {
  switch (fault) {
    case KeyFault::kUnreachable:
      return {"IDPCommunicationError", 400, "Unable to communicate with the identity provider"};
    case KeyFault::kThumbprint:
      return invalid("OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint");
    case KeyFault::kUnusable:
      break;
  }
  return invalid(
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity "
      "documentation for requirements");
}

Error invalid_assertion() { return invalid("Your request included an invalid SAML response."); }
Error wrong_saml_signature() { return invalid("Response signature invalid"); }
Error wrong_saml_audience() { return invalid("Response does not contain the required audience"); }
Error unknown_saml_issuer() { return invalid("Issuer not present in specified provider"); }
Error no_saml_provider() { return invalid("Specified provider doesn't exist"); }
Error expired_assertion() {
  return {"ExpiredTokenException", 400, "Token must be redeemed within 5 minutes of issuance"};
}
Error saml_role_not_named() { return {"AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithSAML"}; }
Error saml_session_name_missing() { return invalid("RoleSessionName is required in AuthnResponse"); }
Error saml_session_name_wrong() {
  return invalid("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}");
}
Error saml_source_identity_wrong() {
  return invalid("Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with \"aws:\"");
}

}  // namespace deputy::authn::errors
