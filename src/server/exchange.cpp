#include "server/exchange.h"

#include "base/encoding.h"

namespace deputy::server {

using protocol::ServiceId;

namespace {

constexpr std::string_view kGlobalRegion = "us-east-1";

/// 16 characters of upper-case base32, as S3's request ids.
std::string s3_request_id(crypto::Entropy& entropy) { return base32(entropy.bytes(10)); }

}  // namespace

Exchange::Exchange(const http::Request& r, http::Responder responder, const protocol::Destination& destination,
                   Time time, crypto::Entropy& entropy)
    : request(r), respond(std::move(responder)), to(destination), now(time) {
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
  return {.now = now,
          .source_ip = request.remote_address,
          .user_agent = header("user-agent"),
          .referer = header("referer"),
          .region = region(),
          .secure = request.secure};
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
