#include "services/sts/errors.h"

#include <fmt/format.h>

namespace deputy::sts::errors {
namespace {

Error bad_request(std::string_view code, std::string message) { return {std::string(code), 400, std::move(message)}; }
Error validation(std::string message) { return bad_request("ValidationError", std::move(message)); }
Error invalid_parameter(std::string message) { return bad_request("InvalidParameterValue", std::move(message)); }
Error too_large(std::string message) { return bad_request("PackedPolicyTooLarge", std::move(message)); }
Error denied(std::string message) { return {"AccessDenied", 403, std::move(message)}; }

}  // namespace

Error invalid(std::string_view text) { return validation(fmt::format("{} is invalid", text)); }
Error invalid_access_key_id() { return validation("The specified value for accessKeyId is invalid."); }
Error malformed_policy(std::string message) { return bad_request("MalformedPolicyDocument", std::move(message)); }
Error policy_not_attachable(std::string_view arn) {
  return validation(fmt::format("Policy {} does not exist or is not attachable.", arn));
}
Error neither_policy_nor_duration() {
  return validation("At least one of Policy and DurationSeconds must be specified.");
}
Error signing_algorithm_not_supported() {
  return validation(
      "Requested SigningAlgorithm is not supported. See the GetWebIdentityToken documentation for supported "
      "algorithms");
}
Error no_origin_identity() {
  return validation("SubjectMode OriginIdentity requires credentials with a trusted identity propagation context");
}
Error invalid_authorization_message() {
  return bad_request("InvalidAuthorizationMessageException", "Message is not valid");
}

Error longer_than_role_allows() {
  return validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
}
Error longer_than_chain_allows() {
  return validation(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
}
Error longer_than_session_lasts() {
  return bad_request("InsufficientSessionLifetime",
                     "The requested DurationSeconds is greater than the remaining lifetime of the calling session.");
}
Error token_outlives_session() {
  return {"SessionDurationEscalationException", 403,
          "Requested token expiry time must be before the original session's expiry time."};
}

Error invalid_session_tags(TagSayer by) {
  return bad_request(by == TagSayer::kProvider ? "InvalidIdentityToken" : "InvalidParameterValue",
                     R"(Session tags must match [\p{L}\p{Z}\p{N}_.:/=+\-@]+ and not begin with "aws:")");
}
Error duplicate_session_tags() {
  return invalid_parameter("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
}
Error transitive_tag_is_inherited() {
  return invalid_parameter(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from "
      "the calling session.");
}
Error transitive_tag_is_missing() {
  return invalid_parameter("The specified transitive tag key must be included in the requested tags.");
}
Error source_identity_is_set() { return validation("The source identity is already set for this assume role session"); }

Error packed_too_large(std::int32_t percent, bool by_policies) {
  return too_large(
      by_policies ? fmt::format("Packed policy consumes {}% of allotted space, please use smaller policy.", percent)
                  : fmt::format("Packed size of session tags consumes {}% of allotted space.", percent));
}
Error token_too_large() { return too_large("Serialized token too large for session"); }
Error claims_too_large() {
  return bad_request("JWTPayloadSizeExceededException", "JWT payload exceeds maximum allowed size");
}

Error half_an_mfa_code() {
  return denied("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.");
}
Error mfa_device_not_of_caller() {
  return denied(
      "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid "
      "and associated with this user.");
}
Error wrong_mfa_code() {
  return denied("MultiFactorAuthentication failed with invalid MFA one time pass code. ");  // ends in a blank on AWS
}
Error assume_root_denied(std::string_view caller, std::string_view root) {
  return denied(fmt::format("User: {} is not authorized to perform: sts:AssumeRoot on resource: {}", caller, root));
}
Error not_on_global_endpoint(std::string_view operation) {
  return denied(fmt::format("{} is not supported on the global endpoint. Use a Regional endpoint.", operation));
}
Error long_lived_caller() { return denied("GetScopedCredentials can be called with temporary credentials only."); }
Error too_many_scoped_policies() {
  return denied("The session already has the maximum number of scope-down policies.");
}
Error assertion_used() { return bad_request("InvalidIdentityToken", "Assertion has already been used"); }
Error provider_session_ended() {
  return bad_request("ExpiredTokenException", "The session of the identity provider has ended");
}
Error outbound_federation_disabled() {
  return {"OutboundWebIdentityFederationDisabledException", 403, "OutboundWebIdentityFederation is disabled."};
}
Error trade_in_token_expired() {
  return bad_request(
      "ExpiredTradeInTokenException",
      "The trade-in token provided in the request has expired and can no longer be exchanged for credentials.");
}

Error member_not_implemented(std::string_view member, std::string_view operation) {
  return {"NotImplemented", 501, fmt::format("Deputy does not implement {} of sts:{}.", member, operation)};
}
Error internal_failure() {
  return {"InternalFailure", 500,
          "The request processing has failed because of an unknown error, exception or failure."};
}

}  // namespace deputy::sts::errors
