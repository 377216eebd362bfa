#include "authn/errors_federation.h"

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

}  // namespace deputy::authn::errors
