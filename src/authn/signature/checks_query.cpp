// The checks of the query services (IAM, STS) and of the JSON services, in AWS's order; the rows are those of
// docs/wire.md, 3.1. The first that fails answers.
#include "authn/signature/attempt.h"
#include "authn/signature/errors_query.h"

namespace deputy::authn {
namespace {

using directory::Caller;
using directory::Session;
namespace errors = query_errors;

/// A claim of which nothing is known but that its parts are there.
struct Parts {
  bool presigned = false;
  std::string_view credential, signature, signed_headers;
  std::string_view date;
  bool date_may_be_http = false;  // only the Date header may have the form of RFC 7231
};

const std::string_view* authorization_of(const http::Request& request, std::size_t& count) {
  const std::string_view* found = nullptr;
  count = 0;
  for (const http::Header& header : request.headers) {
    if (!equals_ignoring_case(header.name, "Authorization")) continue;
    if (found == nullptr) found = &header.value;
    ++count;
  }
  return found;
}

/// Rows 6.
Result<Parts> parts_of_header(const Attempt& a, std::string_view header) {
  const Dialect dialect = a.scheme.dialect;
  if (dialect == Dialect::kJson && !header.starts_with("AWS4-")) return errors::missing_token(dialect);
  const std::size_t blank = std::min(header.find(' '), header.size());
  const std::string_view algorithm = header.substr(0, blank);
  if (algorithm != kAlgorithm) return errors::unsupported_algorithm(dialect, algorithm);
  const AuthorizationParts parsed = parse_authorization(header.substr(blank));
  if (parsed.has_part_without_equals) return errors::part_without_equals(dialect, header);
  const std::string_view* amz_date = a.request.header("X-Amz-Date");
  const std::string_view* date = amz_date != nullptr ? amz_date : a.request.header("Date");
  if (!parsed.credential || !parsed.signature || !parsed.signed_headers || date == nullptr) {
    return errors::header_incomplete(dialect, parsed, date != nullptr, header);
  }
  return Parts{false, *parsed.credential, *parsed.signature, *parsed.signed_headers, *date, amz_date == nullptr};
}

/// Rows 7.
Result<Parts> parts_of_query(const Attempt& a, std::string_view algorithm) {
  const Dialect dialect = a.scheme.dialect;
  if (algorithm != kAlgorithm) return errors::missing_token(dialect);
  const QueryString& query = a.work.query;
  const std::string_view* credential = query.first("X-Amz-Credential");
  const std::string_view* signature = query.first("X-Amz-Signature");
  const std::string_view* signed_headers = query.first("X-Amz-SignedHeaders");
  const std::string_view* date = query.first("X-Amz-Date");
  if (credential == nullptr || signature == nullptr || signed_headers == nullptr || date == nullptr) {
    return errors::query_incomplete(dialect, credential != nullptr, signature != nullptr, signed_headers != nullptr,
                                    date != nullptr);
  }
  return Parts{true, *credential, *signature, *signed_headers, *date, false};
}

/// Rows 4 to 7. Nothing: the request is not signed.
Result<std::optional<Parts>> find_parts(const Attempt& a) {
  const Dialect dialect = a.scheme.dialect;
  if (!a.work.query.parse(a.request.query())) return errors::malformed_query(dialect, a.work.query.fault());
  std::size_t headers = 0;
  const std::string_view* header = authorization_of(a.request, headers);
  const std::string_view* algorithm = a.work.query.first("X-Amz-Algorithm");
  // Of two Authorization headers, a proxy in front of us may have meant the other one.
  if (headers > 1 || (header != nullptr && algorithm != nullptr)) return errors::both_mechanisms(dialect);
  if (header == nullptr && algorithm == nullptr) return std::optional<Parts>();
  TRY(Parts parts, header != nullptr ? parts_of_header(a, *header) : parts_of_query(a, *algorithm));
  return std::optional<Parts>(parts);
}

/// Headers x-amz-… of which the signature covers the value even where it does not name them: the date stands in the
/// string to sign, the token is sealed and has a secret of its own, and the body's hash is computed.
bool is_covered_anyway(std::string_view name) {
  return equals_ignoring_case(name, "x-amz-date") || equals_ignoring_case(name, "x-amz-security-token") ||
         equals_ignoring_case(name, "x-amz-content-sha256");
}

/// A JSON service does what X-Amz-Target says. As S3, it takes no x-amz- header that the signature does not name: each
/// can change what a request does. All SDKs sign them. (docs/security.md)
Result<void> check_unsigned_headers(const Attempt& a) {
  if (a.scheme.dialect != Dialect::kJson) return {};
  constexpr std::string_view kPrefix = "x-amz-";
  for (const http::Header& header : a.request.headers) {
    if (!equals_ignoring_case(header.name.substr(0, kPrefix.size()), kPrefix) || is_covered_anyway(header.name))
      continue;
    if (!a.work.signed_headers.contains(ascii_lower(header.name))) {
      return errors::header_not_signed(a.scheme.dialect, header.name);
    }
  }
  return {};
}

/// Rows 9 to 11. A presigned URL of IAM or STS lasts as long as any request, whatever its X-Amz-Expires says.
Result<RequestTime> check_time(const Attempt& a, const Parts& parts) {
  const Dialect dialect = a.scheme.dialect;
  std::optional<RequestTime> sent = parse_request_time(parts.date, parts.date_may_be_http);
  if (!sent) return errors::bad_date(dialect, parts.date);
  const Time now = from_epoch_seconds(epoch_seconds(a.now));
  if (sent->time < now - errors::skew(dialect)) return errors::expired(dialect, sent->basic, now);
  if (sent->time > now + errors::skew(dialect)) return errors::not_yet(dialect, sent->basic, now);
  return *std::move(sent);
}

/// Rows 12 and 13.
Result<Credential> check_credential(const Attempt& a, std::string_view text, std::string_view time) {
  const std::optional<Credential> c = parse_credential(text);
  if (!c) return errors::bad_credential(a.scheme.dialect, text);
  std::string wrong;
  const std::string_view region = a.scheme.region;
  if (region.empty() ? !is_region(c->region) : c->region != region) {
    wrong.append("Credential should be scoped to a valid region. ");
  }
  if (c->service != a.scheme.signing_name) {
    wrong.append("Credential should be scoped to correct service: '").append(a.scheme.signing_name).append("'. ");
  }
  if (c->terminator != kTerminator) {
    wrong.append("Credential should be scoped with a valid terminator: 'aws4_request', not '");
    wrong.append(c->terminator).append("'. ");
  }
  if (c->date != time.substr(0, 8)) {
    wrong.append("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '");
    wrong.append(c->date).append("' != '").append(time.substr(0, 8)).append("', from '").append(time).append("'.");
  }
  if (!wrong.empty()) return errors::wrong_scope(a.scheme.dialect, std::move(wrong));
  return *c;
}

std::optional<std::string_view> token_of(const Attempt& a, bool presigned) {
  const std::string_view* token =
      presigned ? a.work.query.first("X-Amz-Security-Token") : a.request.header("X-Amz-Security-Token");
  return token != nullptr && !token->empty() ? std::optional(*token) : std::nullopt;
}

/// Rows 14 and 15.
Error wording(Dialect dialect, CredentialFault fault) {
  switch (fault) {
    case CredentialFault::kTokenExpired:
      return errors::expired_token(dialect);
    case CredentialFault::kTokenMalformed:
      return errors::invalid_token(dialect, false);
    case CredentialFault::kUnknownKey:
    case CredentialFault::kTokenMissing:
    case CredentialFault::kTokenForeign:
    case CredentialFault::kTokenFromFuture:
    case CredentialFault::kIssuerGone:
      break;
  }
  return errors::invalid_token(dialect, true);
}

/// IAM takes no sessions of GetFederationToken, and those of GetSessionToken only with MFA (docs/wire.md, 6.4).
bool iam_takes(const Caller& caller) {
  if (!caller.session) return true;
  switch (caller.session->kind) {
    case Session::Kind::kRole:
    case Session::Kind::kAssumedRoot:
      return true;
    case Session::Kind::kFederatedUser:
      return false;
    case Session::Kind::kUser:
    case Session::Kind::kRoot:
      return caller.session->mfa.value_or(false);
  }
  return false;
}

}  // namespace

Result<Caller> identify_query(const Attempt& a) {
  const Dialect dialect = a.scheme.dialect;
  TRY(const std::optional<Parts> parts, find_parts(a));
  if (!parts) return Caller{};

  if (!a.work.signed_headers.parse(parts->signed_headers)) return errors::wrong_signature(dialect);
  if (!a.work.signed_headers.contains("host")) return errors::host_not_signed(dialect);
  TRY_VOID(check_unsigned_headers(a));
  TRY(RequestTime time, check_time(a, *parts));
  TRY(const Credential credential, check_credential(a, parts->credential, time.basic));

  const std::optional<std::string_view> token = token_of(a, parts->presigned);
  auto candidate = find_candidate(a.snapshot, a.tokens, credential.access_key_id, token, a.now);
  if (!candidate) return wording(dialect, candidate.error());

  const Claim claim{parts->presigned, credential, parts->signature, std::move(time.basic)};
  const auto body_hash = crypto::sha256(a.request.body).hex_digits();
  if (!signature_fits(a, claim, *candidate, PathRule::kNormalized, {body_hash.data(), body_hash.size()})) {
    return errors::wrong_signature(dialect);
  }
  const bool superfluous_token = candidate->long_term != nullptr && token.has_value();
  if (superfluous_token || (a.scheme.signing_name == "iam" && !iam_takes(candidate->caller))) {
    return errors::invalid_token(dialect, false);
  }
  return std::move(candidate->caller);
}

}  // namespace deputy::authn
