#include "server/exchange.h"

#include "authn/signature/query_string.h"
#include "base/encoding.h"

namespace deputy::server {

using protocol::ServiceId;

namespace {

constexpr std::string_view kGlobalRegion = "us-east-1";

/// 16 characters of upper-case base32, as S3's request ids.
std::string s3_request_id(crypto::Entropy& entropy) { return base32(entropy.bytes(10)); }

/// "1.3" of "TLSv1.3", as s3:TlsVersion compares it.
std::string_view tls_number(std::string_view version) {
  return version.starts_with("TLSv") ? version.substr(4) : std::string_view{};
}

/// How the request was signed; that it was is settled.
authz::SignedForS3 signed_for_s3(const http::Request& request) {
  authz::SignedForS3 how;
  how.presigned = request.header("authorization") == nullptr;
  if (how.presigned) {
    static thread_local authn::QueryString query;
    if (!query.parse(request.query())) return how;
    if (const std::string_view* date = query.first("X-Amz-Date")) how.signed_at = parse_basic_iso8601(*date);
  }
  if (const std::string_view* hash = request.header("x-amz-content-sha256")) how.content_sha256 = *hash;
  return how;
}

}  // namespace

Exchange::Exchange(const http::Request& r, http::Responder responder, const protocol::Destination& destination,
                   Time time, crypto::Entropy& entropy, const Origin& from)
    : request(r), respond(std::move(responder)), to(destination), now(time), origin(from) {
  switch (to.service) {
    case ServiceId::kS3:
      request_id = s3_request_id(entropy);
      extended_id = base64(entropy.bytes(48));
      break;
    case ServiceId::kSts:
      request_id = crypto::make_uuid(entropy);
      extended_id = protocol::sts_extended_id(region(), now, base32(entropy.bytes(5)));
      break;
    default:
      request_id = crypto::make_uuid(entropy);
  }
}

std::string_view Exchange::region() const {
  if (to.service == ServiceId::kIam || to.service == ServiceId::kOrganizations) return kGlobalRegion;
  return to.region.empty() ? kGlobalRegion : to.region;
}

authz::Circumstances Exchange::circumstances() const {
  const auto header = [&](std::string_view name) {
    const std::string_view* value = request.header(name);
    return value != nullptr ? *value : std::string_view{};
  };
  const bool is_signed = caller && !caller->access_key_id.empty();
  return {.now = now,
          .source_ip = origin.address,
          .user_agent = header("user-agent"),
          .referer = header("referer"),
          .region = region(),
          .secure = origin.secure,
          .tls_version = tls_number(request.tls_version),
          .s3 = to.service == ServiceId::kS3 && is_signed ? std::optional(signed_for_s3(request)) : std::nullopt};
}

protocol::ReplyContext Exchange::reply_context() const {
  const bool query = protocol::service(to.service).dialect == protocol::Dialect::kQuery;
  return {.request_id = request_id,
          .extended_id = extended_id,
          .json = query && protocol::accepts_json(request),
          .head = request.method == "HEAD"};
}

std::vector<audit::Resource> Exchange::resources() const {
  const services::Access& first = accesses.front();
  const std::string_view type = to.service == ServiceId::kSts  ? "AWS::IAM::Role"
                                : to.service == ServiceId::kS3 ? "AWS::S3::Bucket"
                                                               : std::string_view{};
  if (type.empty() || first.owner.empty()) return {};
  return {{first.resource, first.owner, type}};
}

void Exchange::answer_early(http::Response response) {
  if (response.status != 400) response.headers.emplace_back("x-amzn-RequestId", request_id);
  respond(std::move(response));
}

}  // namespace deputy::server
