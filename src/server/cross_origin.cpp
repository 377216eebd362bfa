#include "server/cross_origin.h"

#include "protocol/rest.h"

namespace deputy::server {
namespace {

std::string_view header(const http::Request& request, std::string_view name) {
  const std::string_view* value = request.header(name);
  return value != nullptr ? *value : std::string_view();
}

services::CrossOriginRequest asked(const http::Request& request, const std::string& bucket) {
  const std::string_view method = header(request, "access-control-request-method");
  return {.bucket = bucket,
          .origin = header(request, "origin"),
          .method = method.empty() ? std::string_view(request.method) : method,
          .headers = header(request, "access-control-request-headers")};
}

/// Of a request that cannot be read: none.
std::string bucket_of(const protocol::Destination& to, const http::Request& request) {
  auto path = protocol::s3_path(request, to.bucket);
  return path ? std::move(path->bucket) : std::string();
}

void add(http::Response& response, services::CrossOriginHeaders headers) {
  for (auto& [name, value] : headers) response.headers.emplace_back(name, std::move(value));
}

}  // namespace

std::optional<http::Response> answer_preflight(const Bindings& bindings, const directory::Snapshot& snapshot,
                                               const protocol::Destination& to, const http::Request& request,
                                               const protocol::ReplyContext& context) {
  const services::CrossOrigin rules = bindings.cross_origin(to.service);
  if (rules == nullptr || request.method != "OPTIONS") return std::nullopt;
  const std::string bucket = bucket_of(to, request);
  auto allowed = rules(snapshot, asked(request, bucket));
  const protocol::Service& called = protocol::service(to.service);
  if (!allowed) return protocol::encode_error(called, allowed.error(), context);
  http::Response response = protocol::encode_nothing(called, context);
  add(response, *std::move(allowed));
  return response;
}

void let_page_read(const Bindings& bindings, const directory::Snapshot& snapshot, const protocol::Destination& to,
                   const http::Request& request, http::Response& response) {
  const services::CrossOrigin rules = bindings.cross_origin(to.service);
  if (rules == nullptr || request.header("origin") == nullptr) return;
  const std::string bucket = bucket_of(to, request);
  if (auto allowed = rules(snapshot, asked(request, bucket))) add(response, *std::move(allowed));
}

}  // namespace deputy::server
