#include "workload/container.h"

#include "base/arn.h"
#include "base/json_writer.h"

namespace deputy::workload {
namespace {

http::Response json(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = std::move(body);
  return response;
}

http::Response error(int status, std::string_view code, std::string_view message) {
  std::string body;
  JsonWriter(body).begin_object().key("code").value(code).key("message").value(message).end_object();
  return json(status, std::move(body));
}

}  // namespace

ContainerEndpoint::ContainerEndpoint(std::string path, crypto::Secret token, Source& source)
    : path_(std::move(path)), token_(std::move(token)), source_(source), rotation_(source) {}

http::Response ContainerEndpoint::answer(const http::Request& request) {
  if (request.path() != path_) return error(404, "NotFound", "There are no credentials at this path.");
  if (request.method != "GET" && request.method != "HEAD") {
    return error(405, "MethodNotAllowed", "Credentials are asked for with GET.");
  }
  const std::string_view* shown = request.header("authorization");
  if (shown == nullptr || !crypto::constant_time_equal(*shown, token_.reveal())) {
    return error(401, "Unauthorized", "The authorization token is missing or is not the one of this container.");
  }
  const auto profile = source_.profile();
  if (!profile) return error(500, profile.error().code, profile.error().message);
  const auto held = rotation_.get(profile->role_arn);
  if (!held) {
    return error(held.error().code == "AccessDenied" ? 403 : 500, held.error().code, held.error().message);
  }
  const auto arn = Arn::split(held->role_arn);
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().key("RoleArn").value(held->role_arn).key("AccessKeyId").value(held->access_key_id);
  writer.key("SecretAccessKey").value(held->secret_access_key).key("Token").value(held->session_token);
  writer.key("Expiration").value(iso8601(held->expires));
  if (arn) writer.key("AccountId").value(arn->account);
  writer.end_object();
  return json(200, std::move(body));
}

}  // namespace deputy::workload
