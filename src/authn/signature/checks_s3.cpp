// The checks of S3, in its order (docs/wire.md, 3.3): form of the claim, time, scope, content hash, unsigned headers,
// key, token, expiry, issuer, signature, and last the body. The first that fails answers.
#include <algorithm>

#include "authn/signature/attempt.h"
#include "authn/signature/errors_s3.h"
#include "authn/signature/payload.h"

namespace deputy::authn {
namespace {

using directory::Caller;
namespace errors = s3_errors;
using errors::Place;

constexpr std::string_view kDateHeader = "x-amz-date", kContentHashHeader = "x-amz-content-sha256";
constexpr std::chrono::minutes kSkew{15};
constexpr std::uint64_t kLongestPresigned = 604800;     // a week
constexpr std::string_view kAnyRegionIs = "us-east-1";  // what a client that named none is told

/// A claim whose parts are there. `date` is as sent, and may be absent for a signed header.
struct Parts {
  Place place = Place::kHeader;
  std::string_view credential, signature, signed_headers;
  std::optional<std::string_view> date;
  bool date_may_be_http = false;
  std::string_view expires;  // presigned
};

// ---- The form

Result<Parts> parts_of_header(const Attempt& a, std::string_view header) {
  if (!header.starts_with("AWS4-HMAC-SHA256 ")) {
    if (std::count(header.begin(), header.end(), ' ') != 1) return errors::not_one_blank(header);
    if (header.starts_with("AWS ")) return errors::signature_version_2();
    return errors::unsupported_type(header);
  }
  const AuthorizationParts parsed = parse_authorization(header.substr(kAlgorithm.size()));
  const bool complete = parsed.credential && parsed.signed_headers && parsed.signature;
  if (!complete || parsed.has_unknown_or_repeated_part) return errors::parts_missing(Place::kHeader);
  Parts parts{Place::kHeader, *parsed.credential, *parsed.signature, *parsed.signed_headers, {}, false, {}};
  if (const std::string_view* amz_date = a.request.header(kDateHeader)) {
    parts.date = *amz_date;
  } else if (const std::string_view* date = a.request.header("Date")) {
    parts.date = *date;
    parts.date_may_be_http = true;
  }
  return parts;
}

Result<Parts> parts_of_query(const Attempt& a, std::string_view algorithm) {
  if (algorithm != kAlgorithm) return errors::unsupported_algorithm();
  const QueryString& query = a.work.query;
  const std::string_view* credential = query.first("X-Amz-Credential");
  const std::string_view* signature = query.first("X-Amz-Signature");
  const std::string_view* signed_headers = query.first("X-Amz-SignedHeaders");
  const std::string_view* date = query.first("X-Amz-Date");
  const std::string_view* expires = query.first("X-Amz-Expires");
  for (const std::string_view* part : {credential, signature, signed_headers, date, expires}) {
    if (part == nullptr) return errors::parts_missing(Place::kQuery);
  }
  return Parts{Place::kQuery, *credential, *signature, *signed_headers, *date, false, *expires};
}

/// Nothing: the request is not signed.
Result<std::optional<Parts>> find_parts(const Attempt& a) {
  if (!a.work.query.parse(a.request.query()) || !percent_decode(a.request.path())) return errors::invalid_uri();
  const QueryString& query = a.work.query;
  const std::string_view* algorithm = query.first("X-Amz-Algorithm");
  const bool version_2 = query.first("Signature") != nullptr && query.first("AWSAccessKeyId") != nullptr;
  const std::string_view* header = nullptr;
  int mechanisms = (algorithm != nullptr ? 1 : 0) + (version_2 ? 1 : 0);
  for (const http::Header& h : a.request.headers) {
    if (!equals_ignoring_case(h.name, "Authorization")) continue;
    header = &h.value;
    ++mechanisms;  // two headers are two: a proxy in front of us may have meant the other one
  }
  if (mechanisms == 0) {
    const std::string_view* date = a.request.header(kDateHeader);
    if (date != nullptr && !parse_request_time(*date, false)) return errors::bad_date_unsigned();
    return std::optional<Parts>();
  }
  if (mechanisms > 1) return errors::both_mechanisms(header != nullptr ? *header : std::string_view());
  if (version_2) return errors::signature_version_2();
  TRY(Parts parts, header != nullptr ? parts_of_header(a, *header) : parts_of_query(a, *algorithm));
  return std::optional<Parts>(parts);
}

// ---- Scope and time

Result<Credential> credential_of(const Parts& parts) {
  const std::optional<Credential> c = parse_credential(parts.credential);
  if (!c) return errors::bad_credential(parts.place);
  if (c->access_key_id.empty()) return errors::empty_access_key(parts.place);
  if (!parse_basic_iso8601(std::string(c->date) + "T000000Z")) return errors::bad_scope_date(parts.place, c->date);
  return *c;
}

Result<void> check_scope(const Attempt& a, Place place, const Credential& c, std::string_view day) {
  const std::string_view region = a.scheme.region;
  if (region.empty() ? !is_region(c.region) : c.region != region) {
    return errors::wrong_region(place, c.region, region.empty() ? kAnyRegionIs : region);
  }
  if (c.service != a.scheme.signing_name) return errors::wrong_service(place, c.service);
  if (c.terminator != kTerminator) return errors::wrong_terminator(place, c.terminator);
  if (c.date != day) return errors::other_scope_date(place, c.date, day);
  return {};
}

Result<std::uint64_t> seconds_of(std::string_view expires) {
  const bool negative = expires.starts_with('-');
  const std::string_view digits = negative ? expires.substr(1) : expires;
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return errors::expires_no_number();
  }
  if (negative) return errors::expires_negative();
  std::uint64_t seconds = 0;
  for (const char c : digits) {
    seconds = seconds * 10 + static_cast<std::uint64_t>(c - '0');
    if (seconds > kLongestPresigned) return errors::expires_too_long();
  }
  return seconds;
}

Result<void> check_presigned_time(const Attempt& a, const Parts& parts, Time sent) {
  TRY(const std::uint64_t seconds, seconds_of(parts.expires));
  const Time end = sent + std::chrono::seconds(seconds);
  if (sent > a.now + kSkew) return errors::not_yet_valid(sent, end, a.now);
  if (a.now > end) return errors::has_expired(parts.expires, end, a.now);
  return {};
}

/// The time in the form that was signed. A claim that covers an x-amz-date which did not come has no time at all, which
/// is too far from ours.
Result<std::string> check_time(const Attempt& a, const Parts& parts) {
  const bool presigned = parts.place == Place::kQuery;
  std::optional<RequestTime> sent;
  if (parts.date) sent = parse_request_time(*parts.date, parts.date_may_be_http);
  if (!sent && presigned) return errors::bad_presigned_date();
  if (!sent && !parts.date && a.work.signed_headers.contains(kDateHeader)) return errors::too_skewed("", a.now);
  if (!sent) return errors::no_date();
  if (presigned) {
    TRY_VOID(check_presigned_time(a, parts, sent->time));
  } else if (sent->time < a.now - kSkew || sent->time > a.now + kSkew) {
    return errors::too_skewed(*parts.date, a.now);
  }
  return std::move(sent->basic);
}

// ---- What has to be covered by the signature

/// The value that stands for the body in the canonical request.
Result<std::string_view> check_content_hash(const Attempt& a, bool presigned) {
  const std::string_view* value = a.request.header(kContentHashHeader);
  if (presigned) {
    if (value == nullptr) value = a.work.query.first("X-Amz-Content-Sha256");
    if (value == nullptr) return std::string_view("UNSIGNED-PAYLOAD");
  }
  if (value == nullptr) return errors::missing_content_hash();
  if (!parse_payload(*value)) return errors::bad_content_hash(*value);
  return *value;
}

/// Every x-amz- header, and Host, must be signed: each can change what a request does. The one with the body's hash
/// need not, since its value is part of what was signed.
Result<void> check_unsigned_headers(const Attempt& a) {
  const SignedHeaders& covered = a.work.signed_headers;
  std::vector<std::string> missing;
  if (!covered.contains("host")) missing.emplace_back("host");
  for (const http::Header& header : a.request.headers) {
    if (header.name.size() < 6 || !equals_ignoring_case(header.name.substr(0, 6), "x-amz-")) continue;
    std::string name = ascii_lower(header.name);
    if (name == kContentHashHeader || covered.contains(name) ||
        std::find(missing.begin(), missing.end(), name) != missing.end())
      continue;
    missing.push_back(std::move(name));
  }
  if (!missing.empty()) return errors::headers_not_signed(missing);
  return {};
}

// ---- Who

/// The tokens in the place that counts: signed headers win over the query.
std::vector<std::string_view> tokens_of(const Attempt& a) {
  std::vector<std::string_view> tokens;
  for (const http::Header& header : a.request.headers) {
    if (equals_ignoring_case(header.name, "x-amz-security-token")) tokens.push_back(header.value);
  }
  if (!tokens.empty()) return tokens;
  for (const QueryString::Parameter& p : a.work.query.all()) {
    if (p.name == "X-Amz-Security-Token") tokens.push_back(p.value);
  }
  return tokens;
}

Error wording(CredentialFault fault, std::string_view access_key_id, const std::vector<std::string_view>& tokens) {
  switch (fault) {
    case CredentialFault::kTokenMalformed:
      return errors::bad_token(tokens);
    case CredentialFault::kTokenExpired:
      return errors::expired_token(tokens);
    case CredentialFault::kUnknownKey:
    case CredentialFault::kTokenMissing:
    case CredentialFault::kTokenForeign:
    case CredentialFault::kTokenFromFuture:
    case CredentialFault::kIssuerGone:
      break;
  }
  return errors::unknown_key(access_key_id);
}

// ---- The body

/// A presigned request never has its chunks decoded, so a streaming mode there is a hash that no body has.
BodyClaim claim_of(std::string_view content_hash, bool presigned) {
  BodyClaim claim{.payload = *parse_payload(content_hash), .sha256 = {}, .chunks = nullptr};
  if (presigned && is_streaming(claim.payload)) claim.payload = Payload::kSha256;
  if (claim.payload == Payload::kSha256) claim.sha256 = content_hash;
  return claim;
}

/// Of a request that is not signed; what it says of its body may still be wrong.
Result<BodyClaim> unsigned_claim(const Attempt& a) {
  const std::string_view* value = a.request.header(kContentHashHeader);
  if (value == nullptr) return BodyClaim{};
  if (!parse_payload(*value)) return errors::bad_content_hash(*value);
  return claim_of(*value, false);
}

bool is_signed_in_chunks(Payload payload) {
  return payload == Payload::kStreamingSigned || payload == Payload::kStreamingSignedTrailer;
}

/// Last, because the answer to a stranger must not depend on what the body holds. Else it is for whoever reads it.
Result<void> check_body(const Attempt& a, const Claim& claim, const Candidate& candidate,
                        std::string_view content_hash) {
  BodyClaim body = claim_of(content_hash, claim.presigned);
  if (a.body == nullptr) {
    if (body.sha256.empty()) return {};
    const auto digits = crypto::sha256(a.request.body).hex_digits();
    return check_content_hash(body, {digits.data(), digits.size()});
  }
  if (is_signed_in_chunks(body.payload)) {
    const std::optional<crypto::HmacKey> key = signing_key(a.vault, candidate, claim.credential);
    if (!key) return errors::unknown_key(claim.credential.access_key_id);  // its secret made the signature just now
    body.chunks = std::make_shared<const ChunkKeys>(
        ChunkKeys{*key, std::string(claim.signature), claim.signed_time, std::string(claim.credential.scope()),
                  std::string(claim.credential.access_key_id), a.work.canonical});
  }
  *a.body = std::move(body);
  return {};
}

}  // namespace

Result<Caller> identify_s3(const Attempt& a) {
  TRY(const std::optional<Parts> parts, find_parts(a));
  if (!parts) {
    if (a.body != nullptr) {
      TRY(*a.body, unsigned_claim(a));
    }
    return Caller{};
  }

  const bool presigned = parts->place == Place::kQuery;
  TRY(const Credential credential, credential_of(*parts));
  if (!a.work.signed_headers.parse(parts->signed_headers)) return errors::parts_missing(parts->place);
  TRY(std::string time, check_time(a, *parts));
  TRY_VOID(check_scope(a, parts->place, credential, std::string_view(time).substr(0, 8)));
  TRY(const std::string_view content_hash, check_content_hash(a, presigned));
  TRY_VOID(check_unsigned_headers(a));

  const std::vector<std::string_view> tokens = tokens_of(a);
  const bool conflict = std::any_of(tokens.begin(), tokens.end(), [&](auto token) { return token != tokens[0]; });
  if (conflict) return errors::unknown_key(credential.access_key_id);
  const std::optional<std::string_view> token = tokens.empty() ? std::nullopt : std::optional(tokens[0]);
  auto candidate = find_candidate(a.snapshot, a.tokens, credential.access_key_id, token, a.now);
  if (!candidate) return wording(candidate.error(), credential.access_key_id, tokens);

  const Claim claim{presigned, credential, parts->signature, std::move(time)};
  if (!signature_fits(a, claim, *candidate, PathRule::kAsSent, content_hash)) {
    return errors::wrong_signature(credential.access_key_id, claim.signature, a.work.to_sign, a.work.canonical);
  }
  if (candidate->long_term != nullptr && token && !token->empty()) return errors::bad_token(tokens);
  TRY_VOID(check_body(a, claim, *candidate, content_hash));
  return std::move(candidate->caller);
}

}  // namespace deputy::authn
