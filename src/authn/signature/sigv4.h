// What a request says about its signature, taken apart and not yet believed: the Authorization header, the credential
// with its scope, the list of signed headers. Pure parsing; which of it is an error, and how that is worded, differs
// per service (checks_query.cpp, checks_s3.cpp).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace deputy::authn {

inline constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view kTerminator = "aws4_request";

/// "Credential=…, SignedHeaders=…, Signature=…": what stands behind the algorithm. Nothing: the part was absent.
struct AuthorizationParts {
  std::optional<std::string_view> credential, signed_headers, signature;
  bool has_part_without_equals = false;
  bool has_unknown_or_repeated_part = false;
};
/// A part that comes twice counts with its last value (docs/wire.md, 3.1, row 6c); unknown parts are ignored. S3 takes
/// neither.
AuthorizationParts parse_authorization(std::string_view parameters);

/// AKID/YYYYMMDD/region/service/aws4_request
struct Credential {
  std::string_view text;  // the whole
  std::string_view access_key_id, date, region, service, terminator;

  /// What the string to sign calls the credential scope: all behind the access key id.
  [[nodiscard]] std::string_view scope() const { return text.substr(access_key_id.size() + 1); }
};
/// Nothing unless there are exactly five parts. Parts may be empty.
std::optional<Credential> parse_credential(std::string_view text);

/// Whether a scope could name a region at all; what every region is measured by where any is accepted.
bool is_region(std::string_view text);

/// The names of "host;x-amz-date", lower case, sorted, each once. Keeps its memory between requests.
class SignedHeaders {
 public:
  static constexpr std::size_t kMaxNames = 100;

  /// False if there are more than kMaxNames.
  bool parse(std::string_view list);
  [[nodiscard]] bool contains(std::string_view lower_case_name) const;
  [[nodiscard]] std::span<const std::string_view> names() const { return names_; }

 private:
  std::string bytes_;
  std::vector<std::string_view> names_;
};

/// A request's time, and the form of it that is signed.
struct RequestTime {
  Time time;
  std::string basic;  // 20260724T101112Z
};
/// The basic form; with `or_http_date` that of RFC 7231 too, which a Date header has.
std::optional<RequestTime> parse_request_time(std::string_view text, bool or_http_date);

}  // namespace deputy::authn
