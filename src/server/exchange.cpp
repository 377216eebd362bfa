#include "server/exchange.h"

#include "authn/signature/query_string.h"
#include "base/encoding.h"
#include "protocol/named.h"

namespace deputy::server {

namespace {

constexpr std::string_view kUnnamedRegion = "us-east-1";

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

Exchange::Exchange(const Rooms& all, const http::Request& r, http::Responder responder)
    : Call(std::move(responder)),
      rooms(all),
      request(r),
      to(protocol::destination(r, all.domains)),
      service(protocol::service(to.service)),
      now(all.clock.now()),
      origin(all.proxies.origin_of(r)) {
  crypto::Entropy& entropy = rooms.entropy;
  switch (service.request_ids) {
    case protocol::RequestIds::kS3:
      request_id = s3_request_id(entropy);
      extended_id = base64(entropy.bytes(48));
      break;
    case protocol::RequestIds::kSts:
      request_id = crypto::make_uuid(entropy);
      extended_id = protocol::sts_extended_id(region(), now, base32(entropy.bytes(5)));
      break;
    case protocol::RequestIds::kUuid:
      request_id = crypto::make_uuid(entropy);
  }
}

void Exchange::answer_early(http::Response response) {
  if (response.status != 400) response.headers.emplace_back("x-amzn-RequestId", request_id);
  respond(std::move(response));
}

std::string_view Exchange::header(std::string_view name) const {
  const std::string_view* value = request.header(name);
  return value != nullptr ? *value : std::string_view{};
}

std::string_view Exchange::region() const {
  if (!service.region.empty()) return service.region;
  return to.region.empty() ? kUnnamedRegion : to.region;
}

authz::Circumstances Exchange::circumstances() const {
  const bool is_signed = caller && !caller->access_key_id.empty();
  return {.now = now,
          .source_ip = origin.address,
          .user_agent = header("user-agent"),
          .referer = header("referer"),
          .region = region(),
          .secure = origin.secure,
          .tls_version = tls_number(request.tls_version),
          .s3 = service.tells_signing && is_signed ? std::optional(signed_for_s3(request)) : std::nullopt};
}

protocol::ReplyContext Exchange::reply_context() const {
  const bool query = service.dialect == protocol::Dialect::kQuery;
  return {.request_id = request_id,
          .extended_id = extended_id,
          .json = query && protocol::accepts_json(request),
          .head = request.method == "HEAD"};
}

audit::Record Exchange::event(const void* output, const Error* error) const {
  return {.when = now,
          .service = to.service,
          .operation = call.operation != nullptr ? call.operation : protocol::named_operation(to, request),
          .caller = caller ? &*caller : nullptr,
          .source_ip = origin.address,
          .user_agent = header("user-agent"),
          .region = region(),
          .host = header("host"),
          .request_id = request_id,
          .secure = origin.secure,
          .tls_version = request.tls_version,
          .tls_cipher = request.tls_cipher,
          .input = input.get(),
          .output = output,
          .error = error,
          .no_keys = arrived.keys && !*arrived.keys ? arrived.keys->error().reason : std::string_view{},
          .resources = {}};
}

/// Of a role whichever session it is; of users and root the long-term key only. What a user or a role called is noted
/// for both kinds of credentials: that is what reports of last uses are made of.
void Exchange::note_use() const {
  if (!caller) return;
  const bool is_user = caller->kind == directory::Caller::Kind::kUser && caller->user != nullptr;
  if (call.operation != nullptr && (is_user || caller->role != nullptr)) {
    const UniqueId& who = caller->role != nullptr ? caller->role->id : caller->user->id;
    rooms.usage.called(who.str(), now, region(), service.signing_name, call.operation->name);
  }
  if (caller->access_key_id.empty() || (caller->is_temporary() && caller->role == nullptr)) return;
  const std::string_view id =
      caller->role != nullptr ? std::string_view(caller->role->id.str()) : caller->access_key_id;
  rooms.usage.used(id, now, region(), service.signing_name);
}

}  // namespace deputy::server
