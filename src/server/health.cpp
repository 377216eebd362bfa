#include "server/health.h"

#include <fmt/format.h>

namespace deputy::server {

std::optional<http::Response> answer_health(const http::Request& request, const Readiness& readiness,
                                            std::uint64_t revision) {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  const bool ready = readiness.is_set();
  http::Response response{.status = ready ? 200 : 503, .headers = {{"Content-Type", "application/json"}}, .body = {}};
  if (request.path() == "/_deputy/health") {
    response.body = fmt::format(R"({{"live": true, "ready": {}, "version": "{}", "revision": {}}})", ready,
                                DEPUTY_VERSION, revision);
  } else if (request.path() == "/_localstack/health") {
    // Scripts look for `"s3": "running"` or "available", with the blank.
    const char* state = ready ? "running" : "starting";
    response.body = fmt::format(
        R"({{"services": {{"iam": "{0}", "organizations": "{0}", "s3": "{0}", "sts": "{0}"}}, "edition": "deputy", )"
        R"("version": "{1}"}})",
        state, DEPUTY_VERSION);
  } else {
    return std::nullopt;
  }
  response.body += '\n';
  return response;
}

}  // namespace deputy::server
