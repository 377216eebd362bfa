#include "authn/signature/errors_query.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "crypto/digest.h"

namespace deputy::authn::query_errors {
namespace {

Error make(Dialect dialect, std::string_view query_code, int query_status, std::string_view json_type,
           std::string message) {
  if (dialect == Dialect::kJson) return {std::string(json_type), 400, std::move(message)};
  return {std::string(query_code), query_status, std::move(message)};
}

Error incomplete(Dialect dialect, std::string message) {
  return make(dialect, "IncompleteSignature", 400, "IncompleteSignatureException", std::move(message));
}

Error mismatch(Dialect dialect, std::string message) {
  return make(dialect, "SignatureDoesNotMatch", 403, "InvalidSignatureException", std::move(message));
}

std::string hashed(std::string_view header) { return base64(crypto::sha256(header).view()); }

/// "20210502T142540Z (20210502T144040Z - 15 min.)"
std::string bound(Dialect dialect, Time now, bool earliest) {
  const auto allowed = skew(dialect);
  return fmt::format("{} ({} {} {} min.)", basic_iso8601(earliest ? now - allowed : now + allowed), basic_iso8601(now),
                     earliest ? '-' : '+', allowed.count());
}

void add_sentence(std::string& sentences, bool wanted, std::string_view sentence) {
  if (!wanted) return;
  if (!sentences.empty()) sentences.push_back(' ');
  sentences.append(sentence);
}

}  // namespace

std::chrono::minutes skew(Dialect dialect) { return std::chrono::minutes(dialect == Dialect::kJson ? 5 : 15); }

Error malformed_query(Dialect dialect, std::string fault) {
  return make(dialect, "MalformedQueryString", 400, "MalformedQueryStringException", std::move(fault));
}

Error both_mechanisms(Dialect dialect) {
  if (dialect == Dialect::kQuery) return mismatch(dialect, "");
  return mismatch(dialect, "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
}

Error missing_token(Dialect dialect) {
  return make(dialect, "MissingAuthenticationToken", 403, "MissingAuthenticationTokenException",
              dialect == Dialect::kJson ? "Missing Authentication Token" : "Request is missing Authentication Token");
}

Error unsupported_algorithm(Dialect dialect, std::string_view algorithm) {
  return incomplete(dialect, fmt::format("Unsupported AWS 'algorithm': '{}'.", algorithm));
}

Error part_without_equals(Dialect dialect, std::string_view header) {
  return incomplete(dialect, fmt::format("Invalid key=value pair (missing equal-sign) in Authorization header (hashed "
                                         "with SHA-256 and encoded with Base64): '{}'.",
                                         hashed(header)));
}

Error header_incomplete(Dialect dialect, const AuthorizationParts& parts, bool has_date, std::string_view header) {
  std::string text;
  add_sentence(text, !parts.credential, "Authorization header requires 'Credential' parameter.");
  add_sentence(text, !parts.signature, "Authorization header requires 'Signature' parameter.");
  add_sentence(text, !parts.signed_headers, "Authorization header requires 'SignedHeaders' parameter.");
  add_sentence(text, !has_date, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  text.append(" (Hashed with SHA-256 and encoded with Base64) Authorization=").append(hashed(header));
  return incomplete(dialect, std::move(text));
}

Error query_incomplete(Dialect dialect, bool credential, bool signature, bool signed_headers, bool date) {
  std::string text;
  add_sentence(text, !credential, "AWS query-string parameters must include 'X-Amz-Credential'.");
  add_sentence(text, !signature, "AWS query-string parameters must include 'X-Amz-Signature'.");
  add_sentence(text, !signed_headers, "AWS query-string parameters must include 'X-Amz-SignedHeaders'.");
  add_sentence(text, !date, "AWS query-string parameters must include 'X-Amz-Date'.");
  add_sentence(text, true, "Re-examine the query-string parameters.");
  return incomplete(dialect, std::move(text));
}

Error host_not_signed(Dialect dialect) {
  return mismatch(dialect, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
}

Error header_not_signed(Dialect dialect, std::string_view name) {
  return mismatch(dialect, fmt::format("'{}' must be a 'SignedHeader' in the AWS Authorization.", name));
}

Error bad_date(Dialect dialect, std::string_view sent) {
  return incomplete(dialect, fmt::format("Date must be in ISO-8601 'basic format'. Got '{}'. See "
                                         "http://en.wikipedia.org/wiki/ISO_8601",
                                         sent));
}

Error expired(Dialect dialect, std::string_view sent, Time now) {
  return mismatch(dialect,
                  fmt::format("Signature expired: {} is now earlier than {}", sent, bound(dialect, now, true)));
}

Error not_yet(Dialect dialect, std::string_view sent, Time now) {
  return mismatch(
      dialect, fmt::format("Signature not yet current: {} is still later than {}", sent, bound(dialect, now, false)));
}

Error bad_credential(Dialect dialect, std::string_view sent) {
  return incomplete(dialect, fmt::format("Credential must have exactly 5 slash-delimited elements, e.g. "
                                         "keyid/date/region/service/term, got '{}'",
                                         sent));
}

Error wrong_scope(Dialect dialect, std::string sentences) { return mismatch(dialect, std::move(sentences)); }

Error invalid_token(Dialect dialect, bool full_stop) {
  return make(dialect, "InvalidClientTokenId", 403, "UnrecognizedClientException",
              full_stop ? "The security token included in the request is invalid."
                        : "The security token included in the request is invalid");
}

Error expired_token(Dialect dialect) {
  return make(dialect, "ExpiredToken", 403, "ExpiredTokenException",
              "The security token included in the request is expired");
}

Error wrong_signature(Dialect dialect) {
  return mismatch(
      dialect,
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
      "Access Key and signing method. Consult the service documentation for details.");
}

}  // namespace deputy::authn::query_errors
