#include "protocol/route.h"

#include <algorithm>

#include "base/encoding.h"
#include "protocol/absent.h"
#include "protocol/endpoint.h"
#include "protocol/excerpt.h"
#include "protocol/json.h"
#include "protocol/limits.h"
#include "protocol/rest.h"

namespace deputy::protocol {
namespace {

constexpr std::string_view kRedirect = "https://aws.amazon.com/iam";

/// The scope of a credential "AKID/date/region/service/terminator", its slashes percent-encoded or not.
struct Scope {
  std::string_view region, service;
};
std::optional<Scope> scope_of(std::string_view credential) {
  std::string_view parts[4];
  std::size_t count = 0, begin = 0;
  for (std::size_t i = 0; i <= credential.size() && count < 4; ++i) {
    const bool ends = i == credential.size();
    const bool encoded =
        !ends && credential[i] == '%' && (credential.substr(i, 3) == "%2F" || credential.substr(i, 3) == "%2f");
    if (!ends && !encoded && credential[i] != '/') continue;
    parts[count++] = credential.substr(begin, i - begin);
    if (encoded) i += 2;
    begin = i + 1;
  }
  if (count < 4) return std::nullopt;
  return Scope{parts[2], parts[3]};
}

std::optional<Scope> scope_of(const http::Request& request) {
  if (const std::string_view* authorization = request.header("authorization")) {
    constexpr std::string_view key = "Credential=";
    const std::size_t at = authorization->find(key);
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view value = authorization->substr(at + key.size());
    return scope_of(value.substr(0, value.find_first_of(", ")));
  }
  constexpr std::string_view key = "X-Amz-Credential=";
  const std::string_view query = request.query();
  for (std::size_t at = query.find(key); at != std::string_view::npos; at = query.find(key, at + 1)) {
    if (at != 0 && query[at - 1] != '&') continue;
    std::string_view value = query.substr(at + key.size());
    return scope_of(value.substr(0, value.find('&')));
  }
  return std::nullopt;
}

std::optional<ServiceId> service_named(std::string_view name) {
  for (const Service* service : services()) {
    if (!service->operator_only && service->signing_name == name) return service->id;
  }
  return std::nullopt;
}

/// The JSON service that X-Amz-Target names, in whatever version.
std::optional<ServiceId> service_of_target(std::string_view target) {
  for (const Service* service : services()) {
    const bool names = !service->target_family.empty() && target.starts_with(service->target_family);
    if (names && !service->operator_only) return service->id;
  }
  return std::nullopt;
}

std::optional<ServiceId> by_version(const http::Request& request) {
  for (const std::string_view text : {request.query(), is_form(request) ? request.body : std::string_view{}}) {
    const auto version = scan_parameter(text, "Version");
    if (!version || !*version) continue;
    for (const Service* service : services()) {
      if (service->dialect == Dialect::kQuery && **version == service->version) return service->id;
    }
  }
  return std::nullopt;
}

bool is_account_id(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The service whose clients put the account in front of the endpoint's host name, and name it in a header: S3 Control.
/// A path alone could as well be of a bucket that is called as the service's version. (docs/wire.md, 2)
const Service* service_of_account(const http::Request& request) {
  for (const Service* service : services()) {
    if (service->path_prefix.empty() || !request.path().starts_with(service->path_prefix)) continue;
    if (request.header("x-amz-account-id") != nullptr) return service;
    const std::string_view* host = request.header("host");
    if (host != nullptr && is_account_id(host->substr(0, host->find('.')))) return service;
  }
  return nullptr;
}

/// A path that is not absolute, has a broken escape, or climbs above its root. [3.1 row 1]
bool is_bad_path(std::string_view path) {
  const auto decoded = percent_decode(path);
  if (!decoded || !decoded->starts_with('/')) return true;
  int depth = 0;
  for (std::string_view rest = std::string_view(*decoded).substr(1); !rest.empty();) {
    const std::string_view segment = rest.substr(0, rest.find('/'));
    if (segment == "..") {
      if (--depth < 0) return true;
    } else if (!segment.empty() && segment != ".") {
      ++depth;
    }
    rest.remove_prefix(std::min(segment.size() + 1, rest.size()));
  }
  return false;
}

EarlyAnswer bare(int status) {
  EarlyAnswer answer;
  answer.response.status = status;
  return answer;
}

EarlyAnswer redirect() {
  EarlyAnswer answer = bare(302);
  answer.response.headers.emplace_back("Location", std::string(kRedirect));
  return answer;
}

EarlyAnswer preflight() {
  EarlyAnswer answer = bare(200);
  answer.response.headers = {{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Max-Age", "172800"}};
  return answer;
}

/// The operation of a query service that Action and Version name; null: the parameter is absent. (docs/wire.md, 4)
template <class Text>
Result<const Operation*> dispatch(const Service& called, const http::Request& request, const Text* action,
                                  const Text* version) {
  if (action == nullptr) {
    std::string_view query = request.method == "GET" ? request.query() : std::string_view{};
    if (query.size() > kLongestRedirect) query = {};
    return Error("", 302, "")
        .with("Location", std::string(kRedirect) + (query.empty() ? "" : "?") + std::string(query));
  }
  const std::string_view shown = version != nullptr ? std::string_view(*version) : "NO_VERSION_SPECIFIED";
  const Operation* operation = called.find(*action);
  if (operation == nullptr || shown != called.version) {
    return Error(
        "InvalidAction", 400,
        "Could not find operation " + excerpt(*action, kLongestEcho) + " for version " + excerpt(shown, kLongestEcho));
  }
  return operation;
}

bool is_signed(const http::Request& request) {
  if (request.header("authorization") != nullptr) return true;
  const auto algorithm = scan_parameter(request.query(), "X-Amz-Algorithm");
  return algorithm && *algorithm;
}

/// The first parameter of that name in the query or else in the form. A bad one is as none: it is told later.
std::optional<std::string> peek(const http::Request& request, std::string_view name) {
  for (const std::string_view text : {request.query(), request.method == "POST" ? request.body : std::string_view{}}) {
    auto found = scan_parameter(text, name);
    if (!found || (*found && !is_utf8(**found))) return std::nullopt;
    if (*found) return *std::move(found);
  }
  return std::nullopt;
}

/// Whether a call needs a signature depends on its operation, so who names none is told that before. Nothing but Action
/// and Version of a stranger's body is looked at. (docs/wire.md, 4)
std::optional<Error> refuse_unsigned(const Service& called, const http::Request& request) {
  const auto action = peek(request, "Action"), version = peek(request, "Version");
  auto operation = dispatch(called, request, action ? &*action : nullptr, version ? &*version : nullptr);
  if (operation) return std::nullopt;
  return std::move(operation).error();
}

bool is_json(const http::Request& request) {
  const std::string_view* type = request.header("content-type");
  if (type == nullptr) return false;
  const std::string_view name = type->substr(0, type->find_first_of("; "));
  return equals_ignoring_case(name, "application/x-amz-json-1.1") || equals_ignoring_case(name, "application/json");
}

EarlyAnswer unknown_operation_page() {
  EarlyAnswer answer = bare(404);
  answer.response.body = "<UnknownOperationException/>\n";
  return answer;
}

/// The operation that X-Amz-Target names; null: none.
const Operation* json_operation(const Service& called, const http::Request& request) {
  if (request.method != "POST" || request.path() != "/") return nullptr;
  const std::string_view* target = request.header("x-amz-target");
  const std::size_t dot = target != nullptr ? target->find('.') : std::string_view::npos;
  if (dot == std::string_view::npos || target->substr(0, dot) != called.target_prefix) return nullptr;
  return called.find(target->substr(dot + 1));
}

/// JSON services look for JSON and for a known target before they look for a signature. (docs/wire.md, 3.2)
std::optional<EarlyAnswer> refuse_early_json(const Service& called, const http::Request& request) {
  if (is_bad_path(request.path())) return bare(400);
  if (request.method == "OPTIONS" && request.header("origin") != nullptr) return preflight();
  if (request.method != "POST" || request.path() != "/" || !is_json(request)) return unknown_operation_page();
  if (auto parsed = check_json(request.body); !parsed) {
    return EarlyAnswer{.response = {}, .error = std::move(parsed).error()};
  }
  if (json_operation(called, request) != nullptr) return std::nullopt;
  return EarlyAnswer{.response = {}, .error = Error("UnknownOperationException", 400, "")};
}

/// S3 bounds the headers of every request, before it looks for a signature. (docs/wire.md, 3.3)
std::optional<EarlyAnswer> refuse_large_headers(const Service& called, const http::Request& request) {
  constexpr std::size_t kColonBlankAndEnd = 4;
  const std::size_t most = called.most_header_bytes;
  if (most == 0) return std::nullopt;
  std::size_t size = 0;
  for (const http::Header& header : request.headers) {
    size += header.name.size() + header.value.size() + kColonBlankAndEnd;
  }
  if (size <= most) return std::nullopt;
  return EarlyAnswer{.response = {},
                     .error = Error("RequestHeaderSectionTooLarge", 400,
                                    "Your request header section exceeds the maximum allowed size.")
                                  .with("MaxSizeAllowed", std::to_string(most))};
}

}  // namespace

Destination destination(const http::Request& request, std::span<const std::string> domains) {
  const auto scope = scope_of(request);
  const std::string_view* host = request.header("host");
  const Endpoint endpoint = host != nullptr ? endpoint_of(*host, domains) : Endpoint{};
  const std::string_view region = !endpoint.region.empty() ? endpoint.region
                                  : scope                  ? scope->region
                                                           : std::string_view{};
  if (const Service* control = service_of_account(request)) {
    return {control->id, region, endpoint.binds_region, endpoint.is_global};
  }
  if (endpoint.service) {
    return {*endpoint.service, region, endpoint.binds_region, endpoint.is_global, endpoint.bucket};
  }
  if (scope) {
    if (const auto id = service_named(scope->service))
      return {.service = *id, .region = region, .bucket = endpoint.bucket};
  }
  if (const std::string_view* target = request.header("x-amz-target")) {
    if (const auto id = service_of_target(*target)) return {.service = *id, .region = region};
  }
  if (const auto id = by_version(request)) return {.service = *id, .region = region};
  Destination s3{.service = ServiceId::kS3, .region = region, .bucket = endpoint.bucket};
  s3.absent = absent_service(request, scope ? scope->service : std::string_view{}).value_or("");
  return s3;
}

std::optional<EarlyAnswer> refuse_early(const Destination& to, const http::Request& request) {
  const Service& called = service(to.service);
  if (auto refused = refuse_large_headers(called, request)) return refused;
  if (called.dialect == Dialect::kRestXml) return std::nullopt;
  if (called.dialect == Dialect::kJson) return refuse_early_json(called, request);
  if (is_bad_path(request.path())) return bare(400);
  if (request.method == "OPTIONS" && request.header("origin") != nullptr) return preflight();
  const bool get = request.method == "GET", post = request.method == "POST";
  const bool form = is_form(request);
  if (request.path() != "/" && !(post && form)) return unknown_operation_page();
  if (!get && !post) return redirect();
  if (post && !form) return redirect();
  if (auto escapes = check_escapes(request.query()); !escapes) {
    return EarlyAnswer{.response = {}, .error = std::move(escapes).error()};
  }
  if (request.path() == "/" && !is_signed(request)) {
    if (auto refused = refuse_unsigned(called, request)) {
      return EarlyAnswer{.response = {}, .error = *std::move(refused)};
    }
  }
  return std::nullopt;
}

namespace {

Result<Call> find_query_operation(const Destination& to, const http::Request& request) {
  const Service& called = service(to.service);
  if (request.path() != "/") {
    return Error("SignatureDoesNotMatch", 403,
                 "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                 "Access Key and signing method. Consult the service documentation for details.");
  }
  Call call;
  TRY(call.parameters,
      Parameters::parse(request.query(), request.method == "POST" ? request.body : std::string_view{}));
  TRY(call.operation, dispatch(called, request, call.parameters->find("Action"), call.parameters->find("Version")));
  if (call.operation->regional && to.is_global) {
    return Error("InvalidAction", 400, "Operation not supported on STS global endpoint");
  }
  return call;
}

Result<Call> find_json_operation(const Service& called, const http::Request& request) {
  const Operation* operation = json_operation(called, request);
  if (operation == nullptr) return Error("UnknownOperationException", 400, "");
  return Call{.operation = operation, .parameters = {}, .bucket = {}, .key = {}};
}

}  // namespace

Result<Call> find_operation(const Destination& to, const http::Request& request) {
  const Service& called = service(to.service);
  switch (called.dialect) {
    case Dialect::kQuery:
      return find_query_operation(to, request);
    case Dialect::kJson:
      return find_json_operation(called, request);
    case Dialect::kRestXml:
      return find_rest_operation(to, request);
  }
  return Error("InternalFailure", 500, "");
}

Result<void> decode(const Call& call, const http::Request& request, void* input) {
  switch (service(call.operation->service).dialect) {
    case Dialect::kQuery:
      return decode_query(*call.operation, *call.parameters, input);
    case Dialect::kJson:
      return decode_json(*call.operation, request.body, input);
    case Dialect::kRestXml:
      return decode_rest(call, request, input);
  }
  return {};
}

}  // namespace deputy::protocol
