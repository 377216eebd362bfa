#include "authn/signature/errors_s3.h"

#include <fmt/format.h>

namespace deputy::authn::s3_errors {
namespace {

Error invalid_argument(std::string message, std::string_view name, std::string_view value) {
  return Error("InvalidArgument", 400, std::move(message))
      .with("ArgumentName", std::string(name))
      .with("ArgumentValue", std::string(value));
}

Error malformed_query(std::string message) { return {"AuthorizationQueryParametersError", 400, std::move(message)}; }

Error malformed(Place place, std::string_view what) {
  if (place == Place::kQuery)
    return malformed_query(fmt::format("Error parsing the X-Amz-Credential parameter; {}", what));
  return {"AuthorizationHeaderMalformed", 400, fmt::format("The authorization header is malformed; {}", what)};
}

Error access_denied(std::string_view message) { return {"AccessDenied", 403, std::string(message)}; }

Error with_tokens(Error error, const std::vector<std::string_view>& tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i)
    error = Error(std::move(error)).with(fmt::format("Token-{}", i), std::string(tokens[i]));
  return error;
}

/// "41 57 53 34": lower-case hex with a blank between bytes.
std::string spaced_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 3);
  for (const char c : bytes) {
    if (!out.empty()) out.push_back(' ');
    out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
    out.push_back(digits[static_cast<unsigned char>(c) & 15]);
  }
  return out;
}

}  // namespace

Error invalid_uri() { return {"InvalidURI", 400, "Couldn't parse the specified URI."}; }

Error both_mechanisms(std::string_view header) {
  return invalid_argument(
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or "
      "the Authorization header should be specified",
      "Authorization", header);
}

Error not_one_blank(std::string_view header) {
  return invalid_argument("Authorization header is invalid -- one and only one ' ' (space) required", "Authorization",
                          header);
}

Error unsupported_type(std::string_view header) {
  return invalid_argument("Unsupported Authorization Type", "Authorization", header);
}

Error signature_version_2() {
  return {"InvalidRequest", 400,
          "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."};
}

Error parts_missing(Place place) {
  if (place == Place::kQuery) {
    return malformed_query(
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
        "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
  }
  return malformed(place,
                   "the authorization header requires three components: Credential, SignedHeaders, and Signature.");
}

Error unsupported_algorithm() {
  return malformed_query("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"");
}

Error bad_credential(Place place) {
  return malformed(place,
                   "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
}

Error empty_access_key(Place place) {
  return malformed(place, "a non-empty Access Key (AKID) must be provided in the credential.");
}

Error bad_scope_date(Place place, std::string_view date) {
  return malformed(place, fmt::format("incorrect date format \"{}\". This date in the credential must be in the format "
                                      "\"yyyyMMdd\".",
                                      date));
}

Error other_scope_date(Place place, std::string_view date, std::string_view request_date) {
  return malformed(place,
                   fmt::format("Invalid credential date \"{}\". This date is not the same as X-Amz-Date: \"{}\".", date,
                               request_date));
}

Error wrong_region(Place place, std::string_view region, std::string_view expected) {
  return malformed(place, fmt::format("the region '{}' is wrong; expecting '{}'", region, expected))
      .with("Region", std::string(expected));
}

Error wrong_service(Place place, std::string_view service) {
  return malformed(place, fmt::format("incorrect service \"{}\". This endpoint belongs to \"s3\".", service));
}

Error wrong_terminator(Place place, std::string_view terminator) {
  return malformed(place,
                   fmt::format("incorrect terminal \"{}\". This endpoint uses \"{}\".", terminator, kTerminator));
}

Error no_date() { return access_denied("AWS authentication requires a valid Date or x-amz-date header"); }

Error bad_date_unsigned() {
  return {"InvalidRequest", 400, "AWS authentication requires a valid Date or x-amz-date header"};
}

Error bad_presigned_date() {
  return malformed_query("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
}

Error too_skewed(std::string_view sent, Time now) {
  return Error("RequestTimeTooSkewed", 403,
               "The difference between the request time and the current time is too large.")
      .with("RequestTime", std::string(sent))
      .with("ServerTime", iso8601(now))
      .with("MaxAllowedSkewMilliseconds", "900000");
}

Error expires_no_number() { return malformed_query("X-Amz-Expires should be a number"); }
Error expires_negative() { return malformed_query("X-Amz-Expires must be non-negative"); }
Error expires_too_long() {
  return malformed_query(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 "
      "seconds");
}
Error not_yet_valid(Time sent, Time end, Time now) {
  return access_denied("Request is not yet valid")
      .with("X-Amz-Date", std::to_string(sent.time_since_epoch().count()))
      .with("Expires", iso8601(end))
      .with("ServerTime", iso8601(now));
}

Error has_expired(std::string_view expires, Time end, Time now) {
  return access_denied("Request has expired")
      .with("X-Amz-Expires", std::string(expires))
      .with("Expires", iso8601(end))
      .with("ServerTime", iso8601(now));
}

Error missing_content_hash() {
  return {"InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256"};
}

Error bad_content_hash(std::string_view value) {
  return invalid_argument(
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, "
      "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 "
      "value.",
      "x-amz-content-sha256", value);
}

Error other_content_hash(std::string_view claimed, std::string_view computed) {
  return Error("XAmzContentSHA256Mismatch", 400,
               "The provided 'x-amz-content-sha256' header does not match what was computed.")
      .with("ClientComputedContentSHA256", std::string(claimed))
      .with("S3ComputedContentSHA256", std::string(computed));
}

Error incomplete_body() { return {"IncompleteBody", 400, "The request body terminated unexpectedly"}; }

Error missing_length() { return {"MissingContentLength", 411, "You must provide the Content-Length HTTP header."}; }

Error bad_decoded_length(std::string_view value) {
  return invalid_argument("The value of x-amz-decoded-content-length is not a number of bytes.",
                          "x-amz-decoded-content-length", value);
}

Error chunk_too_small(std::uint64_t chunk, std::uint64_t size_before) {
  return Error("InvalidChunkSizeError", 403, "Only the last chunk is allowed to have a size less than 8192 bytes")
      .with("Chunk", std::to_string(chunk))
      .with("BadChunkSize", std::to_string(size_before));
}

Error malformed_trailer() {
  return {"MalformedTrailerError", 400,
          "The request contained trailing data that was not well-formed or did not conform to our published schema."};
}

Error trailer_not_supported() {
  return {"InvalidRequest", 400, "The value specified in the x-amz-trailer header is not supported"};
}

Error several_checksums() {
  return {"InvalidRequest", 400, "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."};
}

Error checksum_and_trailer() { return {"InvalidRequest", 400, "Expecting a single x-amz-checksum- header"}; }

Error anonymous_chunks() {
  return {"InvalidRequest", 400,
          "Anonymous requests may not use signed streaming payloads. Please use UNSIGNED-PAYLOAD or "
          "STREAMING-UNSIGNED-PAYLOAD-TRAILER."};
}

Error no_ecdsa_chunks() {
  return Error("NotImplemented", 501, "A header you provided implies functionality that is not implemented")
      .with("Header", "x-amz-content-sha256");
}

Error headers_not_signed(const std::vector<std::string>& names) {
  return access_denied("There were headers present in the request which were not signed")
      .with("HeadersNotSigned", fmt::format("{}", fmt::join(names, ", ")));
}

Error unknown_key(std::string_view access_key_id) {
  return Error("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records.")
      .with("AWSAccessKeyId", std::string(access_key_id));
}

Error bad_token(const std::vector<std::string_view>& tokens) {
  return with_tokens({"InvalidToken", 400, "The provided token is malformed or otherwise invalid."}, tokens);
}

Error expired_token(const std::vector<std::string_view>& tokens) {
  return with_tokens({"ExpiredToken", 400, "The provided token has expired."}, tokens);
}

Error wrong_signature(std::string_view access_key_id, std::string_view signature, std::string_view to_sign,
                      std::string_view canonical) {
  return Error("SignatureDoesNotMatch", 403,
               "The request signature we calculated does not match the signature you provided. Check your key and "
               "signing method.")
      .with("AWSAccessKeyId", std::string(access_key_id))
      .with("StringToSign", std::string(to_sign))
      .with("SignatureProvided", std::string(signature))
      .with("StringToSignBytes", spaced_hex(to_sign))
      .with("CanonicalRequest", std::string(canonical))
      .with("CanonicalRequestBytes", spaced_hex(canonical));
}

}  // namespace deputy::authn::s3_errors
