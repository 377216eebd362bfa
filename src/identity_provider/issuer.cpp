#include "identity_provider/issuer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/json_writer.h"

namespace deputy::identity_provider {
namespace {

constexpr std::string_view kHttps = "https://", kHttp = "http://";
constexpr std::string_view kDiscovery = "/.well-known/openid-configuration", kKeySet = "/.well-known/jwks.json";
constexpr std::string_view kMetadata = "/saml/metadata.xml";

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_host_byte(char c) { return is_alphanumeric(c) || c == '.' || c == '-' || c == '_'; }
bool is_path_byte(char c) {
  return is_alphanumeric(c) || std::string_view("/-._~!$&'()*+,;=:@%").find(c) != std::string_view::npos;
}

/// "host", "host:port", "[address]", "[address]:port".
bool read_authority(std::string_view text, Issuer& issuer) {
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    issuer.host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    if (issuer.host.find(':') == std::string::npos ||
        issuer.host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string::npos) {
      return false;
    }
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    issuer.host = text.substr(0, colon);
    rest = text.substr(colon);
    if (issuer.host.empty() || !std::all_of(issuer.host.begin(), issuer.host.end(), is_host_byte)) return false;
  }
  if (rest.empty()) return true;
  const auto [end, fault] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), issuer.port);
  return rest.front() == ':' && fault == std::errc() && end == rest.data() + rest.size() && issuer.port != 0;
}

http::Response said(int status, std::string_view type, std::string body) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", std::string(type)}};
  response.body = std::move(body);
  return response;
}

std::string discovery_document(const Issuer& issuer) {
  const std::string url = issuer.url();
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("issuer").value(url).key("jwks_uri").value(std::string(url).append(kKeySet));
  json.key("response_types_supported").begin_array().value("id_token").end_array();
  json.key("subject_types_supported").begin_array().value("public").end_array();
  json.key("id_token_signing_alg_values_supported").begin_array().value("RS256").value("ES256").end_array();
  json.key("scopes_supported").begin_array().value("openid").end_array();
  json.key("claims_supported").begin_array();
  for (const char* claim : {"iss", "sub", "aud", "exp", "iat", "nbf", "jti"}) json.value(claim);
  json.end_array().end_object();
  return text;
}

/// Of an authority without the scheme's own port.
std::string_view without_port(std::string_view authority, bool tls) {
  const std::string_view usual = tls ? ":443" : ":80";
  return authority.ends_with(usual) ? authority.substr(0, authority.size() - usual.size()) : authority;
}

}  // namespace

std::optional<Issuer> Issuer::parse(std::string_view url) {
  Issuer issuer;
  if (url.size() > kMaxBytes) return std::nullopt;
  issuer.tls = url.starts_with(kHttps);
  if (!issuer.tls && !url.starts_with(kHttp)) return std::nullopt;
  url.remove_prefix(issuer.tls ? kHttps.size() : kHttp.size());
  const std::size_t slash = std::min(url.find('/'), url.size());
  if (!read_authority(url.substr(0, slash), issuer)) return std::nullopt;
  if (issuer.port == (issuer.tls ? 443 : 80)) return std::nullopt;  // two ways to write one issuer
  issuer.path = url.substr(slash);
  if (issuer.path.ends_with('/') || !std::all_of(issuer.path.begin(), issuer.path.end(), is_path_byte)) {
    return std::nullopt;
  }
  return issuer;
}

std::string Issuer::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == 0 ? name : fmt::format("{}:{}", name, port);
}

std::string Issuer::url() const { return std::string(tls ? kHttps : kHttp).append(authority()).append(path); }

http::Response Documents::answer(const http::Request& request) const {
  const std::string_view path = request.path();
  const std::string_view* host = request.header("host");
  std::string body;
  std::string_view type = "application/json";
  if (path == kMetadata) {
    type = "application/samlmetadata+xml";
    body = metadata_;
  }
  for (const Issuer& issuer : issuers_) {
    if (host == nullptr || !equals_ignoring_case(without_port(*host, issuer.tls), issuer.authority())) continue;
    if (!path.starts_with(issuer.path)) continue;
    const std::string_view document = path.substr(issuer.path.size());
    if (document == kDiscovery) body = discovery_document(issuer);
    if (document == kKeySet) body = key_set_;
  }
  if (body.empty()) {
    return said(404, "text/plain; charset=utf-8",
                "Nothing is here. An identity provider of Deputy serves, of each of its issuers, "
                "/.well-known/openid-configuration and /.well-known/jwks.json, and /saml/metadata.xml.\n");
  }
  if (request.method != "GET" && request.method != "HEAD") {
    http::Response refused = said(405, "text/plain; charset=utf-8", "Documents are read with GET.\n");
    refused.headers.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  return said(200, type, std::move(body));
}

}  // namespace deputy::identity_provider
